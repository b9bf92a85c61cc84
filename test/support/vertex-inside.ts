import type { SubtaskAttempt } from '../../src/flink/vertex-types.ts';
import type { Point } from '../../src/inside/vertex/series.ts';
import { vertexFacts } from '../../src/inside/vertex/vertex-facts.ts';
import { attemptsOf, type AttemptFailure, type FormerAttempt } from '../../src/inside/vertex/subtask.ts';
import type { Inspection } from '../../src/session/inspections/inspections.ts';

/** An attempt of a subtask that runs on a TaskManager of its own. */
export const subtask = (nth: number, given: Partial<SubtaskAttempt> = {}): SubtaskAttempt => ({
  subtask: nth,
  attempt: 0,
  state: 'RUNNING',
  taskManagerId: `my-first-flink-cluster-taskmanager-1-${nth + 1}`,
  endpoint: undefined,
  startTime: 1_000,
  endTime: -1,
  durationMs: 9_000,
  statusMs: { RUNNING: 65_000 },
  io: { readBytes: 1_000, readRecords: 100, writeBytes: 1_000, writeRecords: 5 },
  others: [],
  ...given,
});

/** What the places show of a vertex with two subtasks, the second of which is busy and has most of the records, and of the top of its job. */
export function vertexInside(job: string, vertex: string, now: number): readonly Inspection[] {
  const detail = {
    id: vertex,
    name: 'Source: Orders',
    parallelism: 2,
    maxParallelism: 128,
    now,
    subtasks: [
      subtask(0, { attempt: 2 }),
      subtask(1, { attempt: 2, io: { readBytes: 3_000, readRecords: 300, writeBytes: 1_000, writeRecords: 5 } }),
    ],
  };
  const facts = vertexFacts(
    {
      detail,
      shares: new Map([
        [0, { busy: 0.31, backPressured: 0, idle: 0.69 }],
        [1, { busy: 0.97, backPressured: 0, idle: 0.03 }],
      ]),
      watermarks: new Map([
        [0, now - 2_000],
        [1, now - 180_000],
      ]),
      meters: new Map([
        [
          'numRecordsInPerSecond',
          new Map([
            [0, 313],
            [1, 940],
          ]),
        ],
      ]),
    },
    undefined,
  );
  const read = { readAt: now, problem: undefined } as const;
  const pointsOf = <Value>(values: readonly Value[]): readonly Point<Value>[] =>
    values.map((value, nth) => ({ at: now - (values.length - 1 - nth) * 12_000, value }));
  // The attempt before failed, on a TaskManager that is gone.
  const lost: readonly FormerAttempt[] = [
    {
      attempt: 1,
      run: {
        attempt: 1,
        state: 'FAILED',
        taskManagerId: 'my-first-flink-cluster-taskmanager-1-3',
        startTime: now - 40_000,
        endTime: now - 14_000,
      },
    },
  ];
  const failure: AttemptFailure = {
    id: `${now - 14_000} java.io.IOException`,
    attempt: 1,
    at: now - 14_000,
    cause: 'IOException: disk quota exceeded',
  };
  return [
    {
      subject: { kind: 'vertex', job, vertex },
      facts: {
        vertex: facts,
        siblings: [
          { id: 'v1', name: 'Source: Orders' },
          { id: 'v2', name: 'Sink: Print' },
        ],
        ends: { reads: true, writes: true },
      },
      ...read,
    },
    ...facts.subtasks.map((one): Inspection => ({
      subject: { kind: 'subtask', job, vertex, subtask: one.subtask },
      facts: {
        subtask: one.subtask,
        vertex: facts,
        buffers: { input: 0.75, output: undefined },
        attempts: attemptsOf(one, lost, [failure]),
        former: lost,
        failures: [failure],
        ends: { reads: true, writes: true },
      },
      ...read,
    })),
    {
      subject: { kind: 'vertex-taskmanagers', job, vertex },
      facts: {
        ends: { reads: true, writes: true },
        workers: [
          {
            id: 'my-first-flink-cluster-taskmanager-1-1',
            endpoint: undefined,
            state: 'RUNNING',
            startTime: 1_000,
            durationMs: 9_000,
            io: detail.subtasks[0]?.io ?? { readBytes: undefined, readRecords: undefined, writeBytes: undefined, writeRecords: undefined },
            counts: { RUNNING: 2, FAILED: 0 },
          },
        ],
      },
      ...read,
    },
    {
      subject: { kind: 'vertex-metrics', job, vertex },
      facts: {
        at: now,
        series: ['busyTimeMsPerSecond', 'numRecordsIn'].map((name) => {
          const value = (max: number) => ({ min: 0, max, avg: max / 2, sum: max, skew: 12 });
          return { name, value: value(970), readAt: now, past: pointsOf([100, 500, 970].map(value)) };
        }),
      },
      ...read,
    },
    {
      subject: { kind: 'metric-by-subtask', job, vertex, metric: 'busyTimeMsPerSecond' },
      facts: { at: now, series: [310, 970].map((value, nth) => ({ name: String(nth), value, readAt: now, past: pointsOf([100, value]) })) },
      ...read,
    },
    {
      subject: { kind: 'subtask-metrics', job, vertex, subtask: 0 },
      facts: { at: now, series: [{ name: 'mailboxQueueSize', value: 2, readAt: now, past: pointsOf([0, 1, 2]) }] },
      ...read,
    },
    { subject: { kind: 'vertex-accumulators', job, vertex }, facts: [{ name: 'lines', type: 'LongCounter', value: '42' }], ...read },
    {
      subject: { kind: 'top', job },
      facts: {
        now,
        requests: 3,
        vertices: [
          {
            id: vertex,
            name: 'Source: Orders',
            state: 'RUNNING',
            parallelism: 2,
            tasks: { RUNNING: 2 },
            load: {
              at: now,
              busiest: 0.97,
              busyAverage: 0.64,
              mostBackPressured: 0,
              leastIdle: 0.03,
              recordsIn: 1_253,
              recordsOut: 10,
              skew: { percent: 50, of: 'numRecordsIn' },
              lagMs: 180_000,
            },
            longest: { subtask: 0, state: 'RUNNING', since: now - 65_000 },
            longestOf: 'RUNNING 2',
          },
        ],
      },
      ...read,
    },
  ];
}
