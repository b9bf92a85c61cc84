import type { Instant } from '../../support/clock.ts';
import { lowerBound } from '../../support/lower-bound.ts';
import type { LogView } from '../types.ts';

/** Index of the first line at or after `at`; `count` if there is none. The lines of a view are in order of time. */
export function firstAt(view: Pick<LogView, 'count' | 'line'>, at: Instant): number {
  // A dropped line is older than all kept ones.
  return lowerBound(0, view.count, (index) => (view.line(index)?.at ?? Number.NEGATIVE_INFINITY) < at);
}
