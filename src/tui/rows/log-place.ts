import { firstAt } from '../../session/logs/first-at.ts';
import type { LogView } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { mostAlike } from '../state/line-place.ts';
import { logWindow, newest, stepLine, type LogDrawing } from './log-rows.ts';

/** A TaskManager reports a failure before the JobManager records it, and keeps logging while it cleans up. */
const beforeMs = 1_000;
const afterMs = 5_000;

/**
 * Number of the line about a failure at `at`: the first warning or error around that moment, otherwise the first line. Undefined while
 * lines of that moment may still arrive; once the log has ended, its last line is the nearest.
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

/** Number of the first line of a moment; undefined while lines of that moment may still arrive. */
export function momentLine(view: LogView, at: Instant, ended: boolean): number | undefined {
  const last = view.count === 0 ? undefined : view.line(view.count - 1);
  if (last === undefined || (!ended && last.at < at)) return undefined;
  return view.dropped + Math.min(firstAt(view, at), view.count - 1);
}

/** The lowest line of a window that has `number` in its upper third, so that the following lines can be read below it. */
export function anchorBelow(drawing: Omit<LogDrawing, 'source'>, number: number): number {
  const { view, state, height } = drawing;
  const end = newest(view);
  let bottom = number;
  for (let rows = 1; rows < Math.floor((height * 2) / 3) && bottom < end; rows++) bottom = Math.min(end, stepLine(view, state, bottom, 1));
  // A line can take several rows: the highest one may be cut.
  const shown = (anchor: number): boolean => {
    const { first, whole } = logWindow({ ...drawing, source: undefined, state: { ...state, anchor } });
    return first < number || (first === number && whole);
  };
  while (bottom > number && !shown(bottom)) bottom -= 1;
  return bottom;
}
