import type { Change, Pod } from '../../src/session/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { exception, jobOf, podOf, status, T, target } from './build.ts';

/** A small generator of numbers that is the same in every run. */
export function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => (state = (state * 48_271) % 2_147_483_647) % most;
}

/** Changes as feeds might tell them, each at its time; the same for the same seed. */
export function changesOf(seed: number, length: number): readonly Change[] {
  const roll = dice(seed);
  const pick = <X>(...options: readonly [X, ...X[]]): X => options[roll(options.length)] ?? options[0];
  let at = T;
  const pod = (): Pod =>
    podOf(pick('jobmanager-x2b7k', 'taskmanager-1-1', 'taskmanager-1-2', 'taskmanager-1-3'), {
      uid: pick('u1', 'u2'),
      node: pick('a', undefined),
      restarts: roll(2),
      ...pick(
        { state: 'Running', severity: 'ok' } as const,
        { state: 'OOMKilled (137)', severity: 'error' } as const,
        { state: 'Pending', severity: 'busy' } as const,
      ),
    });
  const pods = (): readonly Pod[] => [...new Map(Array.from({ length: roll(4) }, pod).map((each) => [each.name, each])).values()];
  const kinds: readonly (() => Change)[] = [
    () => ({ kind: 'pods-listed', at, pods: pods(), first: roll(2) === 0, last: roll(2) === 0 }),
    () => ({ kind: 'pods-seen', at, pods: pods() }),
    () => ({ kind: 'pods-gone', at, pods: pods() }),
    () => ({ kind: 'leader', at, pod: pick('c1-jobmanager-x2b7k', undefined, 'c1-jobmanager-other') }),
    () => ({
      kind: 'usage',
      at,
      usage: [
        [pod().name, { cpu: roll(3) / 4, memory: roll(5), memoryMax: pick(9, undefined), source: pick('heap', 'metrics.k8s.io'), at }],
      ],
    }),
    () => ({
      kind: 'jobs-seen',
      at,
      jobs: ['a', 'b', 'c']
        .filter(() => roll(3) > 0)
        .map((id) =>
          jobOf({
            id,
            name: `job ${id}`,
            state: pick('RUNNING', 'RESTARTING', 'FAILED'),
            startTime: T + roll(3),
            lastModification: at - roll(50),
          }),
        ),
    }),
    () => ({
      kind: 'job-details',
      at,
      jobId: pick('a', 'b'),
      checkpoints: undefined,
      restarts: pick(1, 2, undefined),
      exceptions: roll(2) === 0 ? [] : [exception(at - roll(100), 'x.Boom: bang')],
    }),
    () => ({
      kind: 'overview',
      at,
      overview: { taskManagers: roll(3), slotsTotal: 4, slotsAvailable: roll(4), flinkVersion: '2.3.0', flinkCommit: undefined },
    }),
    () => ({
      kind: 'config',
      at,
      config: { refreshIntervalMs: 3_000, flinkVersion: '2.3.0', webSubmit: pick(true, undefined), webCancel: true },
    }),
    () => ({ kind: 'log', at, log: pod().name, counters: { lines: roll(9), bytes: roll(99), dropped: 0, ended: roll(2) === 0 } }),
    () => ({
      kind: 'timeline',
      at,
      line: { at: at - roll(500), from: 'k8s', severity: 'info', subject: undefined, text: `event ${roll(9)}` },
    }),
    () => ({
      kind: 'operation',
      at,
      operation: {
        id: pick('o1', 'o2'),
        title: 'Cancel',
        kind: 'cancel',
        jobId: 'a',
        startedAt: T,
        endedAt: undefined,
        state: pick('running', 'succeeded', 'failed'),
        progress: undefined,
        result: pick('done', undefined),
      },
    }),
    () => ({
      kind: 'source',
      at,
      source: pick('pods', 'flink', 'log:c1-taskmanager-1-1'),
      status:
        roll(2) === 0
          ? status('live', at)
          : {
              ...status(pick('lost', 'denied'), at),
              problem: new Problem('unreachable', 'refused', roll(2) === 0 ? { hint: 'wait', status: 503, retryAfterMs: 5 } : {}),
            },
    }),
    () => ({
      kind: 'unreadable',
      at,
      source: pick('pods', 'deployment'),
      objects: pick(undefined, { count: 1 + roll(3), names: ['c1-taskmanager-1-1'], reason: pick('odd', 'other') }),
    }),
    () => ({ kind: 'stopped', at }),
    () => ({ kind: 'target', at, target: { ...target, context: pick('prod-eu', undefined) } }),
  ];
  return Array.from({ length }, () => {
    at += roll(40);
    return (kinds[roll(kinds.length)] ?? kinds[0])?.() as Change;
  });
}
