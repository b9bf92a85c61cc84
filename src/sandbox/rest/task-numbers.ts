import type { FlinkJob } from '../flink/job.ts';
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
  /** Milliseconds since it began to run. */
  readonly running: number;
}

const BYTES_PER_RECORD = 21;

export function taskNumbers(job: FlinkJob, vertex: VertexRun, task: Task, now: number): TaskNumbers {
  const index = job.vertices.indexOf(vertex);
  const running = task.runningSince === undefined ? 0 : Math.max(0, (task.ranUntil ?? now) - task.runningSince);
  const alive = task.state === 'RUNNING';
  // Each task gets a share of its own, and a slow wave on it.
  const share = 0.85 + ((task.subtask * 37) % 30) / 100;
  const wave = 1 + 0.12 * Math.sin(now / 23_000 + task.subtask + index);
  const rate = vertex.graph.rate * share * (alive ? wave : 0);
  const counted = Math.round(vertex.graph.rate * share * (running / 1000));
  const source = vertex.graph.input === undefined;
  const sink = index === job.vertices.length - 1;
  // A task in front of a slower step is held up; the slow step is always busy.
  const next = job.vertices.find((one) => one.graph.input?.from === index);
  const held = next !== undefined && next.graph.rate < vertex.graph.rate / 2;
  const before = vertex.graph.input === undefined ? undefined : job.vertices[vertex.graph.input.from];
  const slow = before !== undefined && vertex.graph.rate < before.graph.rate / 2;
  const busy = !alive ? 0 : slow ? 995 : Math.min(900, Math.round(40 + rate * 0.18));
  const backPressured = alive && held ? Math.min(900, 1000 - busy) : 0;
  return {
    recordsIn: source ? 0 : counted,
    recordsOut: sink ? 0 : counted,
    bytesIn: source ? 0 : counted * BYTES_PER_RECORD,
    bytesOut: sink ? 0 : counted * BYTES_PER_RECORD,
    rateIn: source ? 0 : rate,
    rateOut: sink ? 0 : rate,
    busy,
    backPressured,
    idle: alive ? Math.max(0, 1000 - busy - backPressured) : 0,
    running,
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
    'accumulated-backpressured-time': sum((one) => (one.running * one.backPressured) / 1000),
    'accumulated-idle-time': sum((one) => (one.running * one.idle) / 1000),
    'accumulated-busy-time': sum((one) => (one.running * one.busy) / 1000),
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
