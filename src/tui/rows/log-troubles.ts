import { keptMinutes, minuteOf } from '../../inside/log/templates/minutes.ts';
import type { LogView } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import type { Look } from '../look/look.ts';
import { sharesOf, sparkline } from './sparkline.ts';

const label = 'errors/min ';
/** Fewer minutes are no line. */
const fewest = 5;
/** Half an hour is enough to see what has changed. */
const most = Math.min(30, keptMinutes);

/**
 * `errors/min ▁ ▃█`: the errors and warnings of each of the last minutes in at most this many cells, red if an error is among them. Empty if
 * there was none, or there is no room.
 */
export function troubleLine(view: LogView, now: Instant, room: number, look: Look): string {
  const cells = Math.min(most, room - label.length);
  if (cells < fewest) return '';
  const first = minuteOf(now) - cells + 1;
  const counts: number[] = [];
  let any = false;
  for (let cell = 0; cell < cells; cell += 1) {
    const count = view.troublesIn(first + cell, 'ERROR') + view.troublesIn(first + cell, 'WARN');
    any ||= count > 0;
    counts.push(count);
  }
  if (!any) return '';
  const signs = Array.from(sparkline(sharesOf(counts), cells, look.glyphs), (sign, cell) =>
    sign === ' ' ? sign : look.theme.paint(view.troublesIn(first + cell, 'ERROR') > 0 ? 'error' : 'warn', sign),
  );
  return label + signs.join('');
}
