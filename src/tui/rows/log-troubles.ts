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
  const { errors, warnings } = view.troublesFrom(first, cells);
  const counts = Array.from(errors, (count, cell) => count + (warnings[cell] ?? 0));
  if (counts.every((count) => count === 0)) return '';
  const signs = Array.from(sparkline(sharesOf(counts), cells, look.glyphs), (sign, cell) =>
    sign === ' ' ? sign : look.theme.paint((errors[cell] ?? 0) > 0 ? 'error' : 'warn', sign),
  );
  return label + signs.join('');
}
