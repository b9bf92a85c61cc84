import type { LogView, ViewLine } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { logWindow, newest, stepLine, type LogDrawing } from './log-rows.ts';

/** Index of the first line at or after `at`; `count` where there is none. The lines of a view are in the order of time. */
export function firstAt(view: LogView, at: Instant): number {
  let from = 0;
  let to = view.count;
  while (from < to) {
    const middle = (from + to) >>> 1;
    // What fell out is older than all that is kept.
    if ((view.line(middle)?.at ?? Number.NEGATIVE_INFINITY) < at) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Lines of one moment that are compared to find one again. */
const mostAlike = 2_000;

/** Number of a line that another view showed; undefined where this one does not. */
export function sameLine(view: LogView, wanted: ViewLine): number | undefined {
  const from = firstAt(view, wanted.at);
  for (let index = from; index < Math.min(view.count, from + mostAlike); index++) {
    const line = view.line(index);
    if (line === undefined || line.at > wanted.at) return undefined;
    if (line.pod === wanted.pod && line.text === wanted.text) return view.dropped + index;
  }
  return undefined;
}

/** A TaskManager tells of a failure before the JobManager notes it, and goes on telling while it cleans up. */
const beforeMs = 1_000;
const afterMs = 5_000;

/**
 * Number of the line that tells of what failed at `at`: the first warning or error around that moment, else the first line. Undefined
 * while lines of that moment may still come; when the log has ended, its last line is as near as it gets.
 */
export function failureLine(view: LogView, at: Instant, ended: boolean): number | undefined {
  if (view.count === 0) return undefined;
  const last = view.line(view.count - 1);
  if (!ended && (last === undefined || last.at < at)) return undefined;
  const from = firstAt(view, at - beforeMs);
  for (let index = from; index < Math.min(view.count, from + mostAlike); index++) {
    const line = view.line(index);
    if (line === undefined || line.at > at + afterMs) break;
    if (line.timeline === undefined && (line.level === 'ERROR' || line.level === 'WARN')) return view.dropped + index;
  }
  return view.dropped + Math.min(from, view.count - 1);
}

/** Number of the first line of a moment; undefined while lines of that moment may still come. */
export function momentLine(view: LogView, at: Instant, ended: boolean): number | undefined {
  const last = view.count === 0 ? undefined : view.line(view.count - 1);
  if (last === undefined || (!ended && last.at < at)) return undefined;
  return view.dropped + Math.min(firstAt(view, at), view.count - 1);
}

/** The lowest line of a window in which `number` stands in the upper third, so that what followed can be read below it. */
export function anchorBelow(drawing: Omit<LogDrawing, 'source'>, number: number): number {
  const { view, state, height } = drawing;
  const end = newest(view);
  let bottom = number;
  for (let rows = 1; rows < Math.floor((height * 2) / 3) && bottom < end; rows++)
    bottom = Math.min(end, stepLine(view, state.folded, bottom, 1));
  // A line can take several rows: the highest one may be cut.
  const shown = (anchor: number): boolean => {
    const { first, whole } = logWindow({ ...drawing, source: undefined, state: { ...state, anchor } });
    return first < number || (first === number && whole);
  };
  while (bottom > number && !shown(bottom)) bottom -= 1;
  return bottom;
}
