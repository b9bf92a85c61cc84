import { firstAt } from '../../session/logs/first-at.ts';
import type { LogView, ViewLine } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';

/** How many lines of one moment to compare to find one again. */
export const mostAlike = 2_000;

/** Number of a line of another view in this one; undefined if it is not here. */
export function sameLine(view: LogView, wanted: ViewLine): number | undefined {
  const from = firstAt(view, wanted.at);
  for (let index = from; index < Math.min(view.count, from + mostAlike); index++) {
    const line = view.line(index);
    if (line === undefined || line.at > wanted.at) return undefined;
    if (line.pod === wanted.pod && line.text === wanted.text) return view.dropped + index;
  }
  return undefined;
}

/** Number of the line that is nearest to a moment; undefined: there is none. */
export function nearestTo(view: LogView, at: Instant): number | undefined {
  if (view.count === 0) return undefined;
  const after = Math.min(firstAt(view, at), view.count - 1);
  const distance = (index: number): number => Math.abs((view.line(index)?.at ?? Number.POSITIVE_INFINITY) - at);
  return view.dropped + (after > 0 && distance(after - 1) < distance(after) ? after - 1 : after);
}

/** The oldest line of a log, after entries of the timeline that are older. */
export function firstLogLine(view: LogView): ViewLine | undefined {
  for (let index = 0; index < view.count; index += 1) {
    const line = view.line(index);
    if (line !== undefined && line.timeline === undefined) return line;
  }
  return undefined;
}
