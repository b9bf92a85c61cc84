import type { ViewLine } from '../../session/types.ts';
import { formatLapse, formatStamp, formatTime } from '../../support/format.ts';
import { pad } from '../../support/text-width.ts';
import type { LogState } from '../state/ui.ts';

/** From this width on, stamps have milliseconds. */
const wide = 90;

/** Cells of the column of stamps, with the space behind it. */
export const stampWidth = ({ stamps, raw }: Pick<LogState, 'stamps' | 'raw'>, width: number): number =>
  stamps === 'off' || raw ? 0 : width >= wide ? 13 : 9;

/** What stands in the column of stamps: the time of the line, or how long after another line it is. */
export function stampOf(line: ViewLine, before: ViewLine | undefined, { stamps, zone, raw, marked }: LogState, width: number): string {
  const cells = stampWidth({ stamps, raw }, width) - 1;
  if (cells < 0) return '';
  const exact = width >= wide;
  if (stamps === 'time') return `${exact ? formatStamp(line.at, zone) : formatTime(line.at, zone)} `;
  // The mark before it; for lines before all marks, the first one.
  const from = stamps === 'before' ? before : (marked.findLast(({ at }) => at <= line.at) ?? marked[0]);
  return `${pad(from === undefined ? '' : formatLapse(line.at - from.at, exact), cells, 'start')} `;
}
