import type { Instant } from '../../support/clock.ts';
import type { LogView } from '../types.ts';

/** Index of the first line at or after `at`; `count` if there is none. The lines of a view are in order of time. */
export function firstAt(view: Pick<LogView, 'count' | 'line'>, at: Instant): number {
  let from = 0;
  let to = view.count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    // A dropped line is older than all kept ones.
    if ((view.line(middle)?.at ?? Number.NEGATIVE_INFINITY) < at) from = middle + 1;
    else to = middle;
  }
  return from;
}
