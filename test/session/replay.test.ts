import { expect, test } from 'vitest';
import { apply, applyAll } from '../../src/session/apply.ts';
import { emptySession } from '../../src/session/empty-session.ts';
import { parse, replay, serialise } from '../../src/session/record.ts';
import type { Change, Pod, Session } from '../../src/session/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { exception, jobOf, podOf, status, T, target } from './build.ts';

/** A small generator of numbers that is the same in every run. */
function dice(seed: number): (most: number) => number {
  let state = seed;
  return (most) => (state = (state * 48_271) % 2_147_483_647) % most;
}

function changesOf(seed: number, length: number): readonly Change[] {
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

const seeds = Array.from({ length: 40 }, (_, n) => 1_000 + n * 97);

test('every kind of change is there to be tried', () => {
  expect(new Set(seeds.flatMap((seed) => changesOf(seed, 150)).map(({ kind }) => kind)).size).toBe(16);
});

test('a recording that is replayed leads to the same session', () => {
  for (const seed of seeds) {
    const changes = changesOf(seed, 150);
    expect(replay(target, changes.map(serialise))).toEqual(applyAll(emptySession(target), changes));
  }
});

test('a problem comes back with all that is reported of it', () => {
  const change: Change = {
    kind: 'source',
    at: T,
    source: 'flink',
    status: {
      ...status('lost'),
      problem: new Problem('unavailable', 'No leader.', { hint: 'Wait.', status: 503, retryAfterMs: 9, cause: new Error('x') }),
    },
  };
  const back = parse(serialise(change));
  expect(back.kind === 'source' && back.status.problem).toMatchObject({
    kind: 'unavailable',
    message: 'No leader.',
    hint: 'Wait.',
    status: 503,
    retryAfterMs: 9,
  });
  expect(back.kind === 'source' && back.status.problem).toBeInstanceOf(Problem);
});

test('changes lead to the same session one by one, and in batches of any size', () => {
  for (const seed of seeds) {
    const changes = changesOf(seed, 150);
    const oneByOne = changes.reduce(apply, emptySession(target));
    let batched = emptySession(target);
    for (let from = 0; from < changes.length; from += 1 + (seed % 13))
      batched = applyAll(batched, changes.slice(from, from + 1 + (seed % 13)));
    expect(batched).toEqual(oneByOne);
  }
});

/** Changes that say how something is: told twice they change nothing the second time. */
const sayOnce: readonly string[] = [
  'pods-seen',
  'leader',
  'usage',
  'jobs-seen',
  'overview',
  'config',
  'log',
  'source',
  'stopped',
  'target',
] satisfies readonly Change['kind'][];

test('a session is never changed, and a change that says nothing new gives the same one', () => {
  const frozen = (session: Session): Session => {
    for (const value of Object.values(session)) if (Array.isArray(value)) Object.freeze(value);
    return Object.freeze(session);
  };
  for (const seed of seeds) {
    let session = frozen(emptySession(target));
    for (const change of changesOf(seed, 150)) {
      const podsBefore = [...session.pods];
      const next = frozen(apply(session, change));
      expect([...session.pods]).toEqual(podsBefore);
      for (const [name, pod] of [...next.pods].filter(([name, pod]) => session.pods.get(name) !== pod))
        expect(session.pods.get(name)).not.toEqual(pod);
      const before = (id: string) => session.jobs.find((job) => job.id === id);
      for (const job of next.jobs.filter((job) => before(job.id) !== job)) expect(before(job.id)).not.toEqual(job);
      expect(sayOnce.includes(change.kind) ? apply(next, change) : next).toBe(next);
      session = next;
    }
  }
});

test('a replay can stop at a moment', () => {
  const changes = changesOf(5, 150);
  const until = changes[70]?.at ?? 0;
  expect(replay(target, changes.map(serialise), until)).toEqual(
    applyAll(
      emptySession(target),
      changes.filter(({ at }) => at <= until),
    ),
  );
});

test.each(['{', '{"kind":"nonsense","at":1}', 'null', '{"kind":"stopped"}', '{"kind":"toString","at":1}'])(
  'the line %s is refused with a sentence',
  (line) => {
    expect(() => parse(line)).toThrow(/^A line of the recording/);
  },
);
