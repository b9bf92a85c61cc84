import { shareOf } from '../flink/flow.ts';
import type { Task, VertexRun } from '../flink/tasks.ts';

/** The counters of a task. They are computed from the time, so nothing has to count. */
export interface TaskNumbers {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Records a second. */
  readonly rateIn: number;
  readonly rateOut: number;
  /** Milliseconds of each second; the three add up to 1000 at most. */
  readonly busy: number;
  readonly idle: number;
  readonly backPressured: number;
  /** Milliseconds since it began to run, and how many of them it worked and was held up. */
  readonly running: number;
  readonly worked: number;
  readonly waited: number;
}

const BYTES_PER_RECORD = 21;

/** Everything rises and falls by this part of itself, over some minutes. */
const SWELL = 0.06;
const SWELL_MS = 23_000;

export function taskNumbers(vertex: VertexRun, task: Task, now: number): TaskNumbers {
  const { flow, graph, index, tasks } = vertex;
  const alive = task.state === 'RUNNING';
  const until = task.ranUntil ?? now;
  const running = task.runningSince === undefined ? 0 : Math.max(0, until - task.runningSince);
  // No two tasks are quite equal.
  const share = shareOf(graph, tasks.length, task.subtask) * (1 + (((task.subtask * 37 + index * 11) % 9) - 4) / 100);
  const phase = task.subtask + index;
  const swell = (at: number): number => Math.cos(at / SWELL_MS + phase);
  const wave = 1 - SWELL * Math.sin(now / SWELL_MS + phase);
  // The integral of the wave, so that what is counted grows at the rate that is shown.
  const seconds = running === 0 ? 0 : (running + SWELL * SWELL_MS * (swell(until) - swell(until - running))) / 1000;
  const worked = Math.min(0.995, flow.load * share);
  const waited = flow.held ? Math.max(0, 0.985 - worked) : 0;
  const busy = alive ? Math.round(1000 * Math.min(0.998, worked * (worked > 0.9 ? 1 + (wave - 1) / 10 : wave))) : 0;
  const backPressured = alive && flow.held ? Math.max(0, Math.min(1000 - busy, Math.round(1000 * waited * (2 - wave)))) : 0;
  return {
    recordsIn: Math.round(flow.in * share * seconds),
    recordsOut: Math.round(flow.out * share * seconds),
    bytesIn: Math.round(flow.in * share * seconds * BYTES_PER_RECORD),
    bytesOut: Math.round(flow.out * share * seconds * BYTES_PER_RECORD),
    rateIn: alive ? flow.in * share * wave : 0,
    rateOut: alive ? flow.out * share * wave : 0,
    busy,
    backPressured,
    idle: alive ? 1000 - busy - backPressured : 0,
    running,
    worked: running * worked,
    waited: running * waited,
  };
}

/** The `metrics` object of a subtask in the job answers. */
export function ioMetrics(numbers: readonly TaskNumbers[]): Record<string, unknown> {
  const sum = (of: (one: TaskNumbers) => number): number => Math.round(numbers.reduce((total, one) => total + of(one), 0));
  return {
    'read-bytes': sum((one) => one.bytesIn),
    'read-bytes-complete': true,
    'write-bytes': sum((one) => one.bytesOut),
    'write-bytes-complete': true,
    'read-records': sum((one) => one.recordsIn),
    'read-records-complete': true,
    'write-records': sum((one) => one.recordsOut),
    'write-records-complete': true,
    'accumulated-backpressured-time': sum((one) => one.waited),
    'accumulated-idle-time': sum((one) => one.running - one.worked - one.waited),
    'accumulated-busy-time': sum((one) => one.worked),
  };
}

/** Minimum, maximum, mean and percentiles, as in the answers about a vertex. */
export function aggregated(values: readonly number[]): Record<string, number> {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0);
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    p25: at(0.25),
    min: Math.round(sorted[0] ?? 0),
    avg: Math.round(values.length === 0 ? 0 : sum / values.length),
    median: at(0.5),
    max: Math.round(sorted.at(-1) ?? 0),
    sum: Math.round(sum),
    p95: at(0.95),
    p75: at(0.75),
  };
}
