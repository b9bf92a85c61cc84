import { describe, expect, test } from 'vitest';
import { apply, applyAll } from '../../src/session/apply.ts';
import { emptySession } from '../../src/session/empty-session.ts';
import { endedPod, exception, jobSeen, listed, podOf, seen, status, T, target, type Change, type JobExceptionLike } from './build.ts';
import { Problem } from '../../src/support/problem.ts';
import type { Session } from '../../src/session/types.ts';

const empty = emptySession(target);
const texts = (session: Session): readonly string[] => session.timeline.map(({ text }) => text);
const attached = applyAll(empty, [listed([podOf('jobmanager-x2b7k'), podOf('taskmanager-1-1')])]);

describe('pods', () => {
  test('the pods that are there at the start are not news', () => {
    expect(attached.podsKnown).toBe(true);
    expect([...attached.pods.keys()]).toEqual(['c1-jobmanager-x2b7k', 'c1-taskmanager-1-1']);
    expect(attached.timeline).toEqual([]);
  });

  test('a pod that is seen again unchanged changes nothing at all', () => {
    expect(apply(attached, seen([podOf('taskmanager-1-1')]))).toBe(attached);
  });

  test('a change of one pod keeps the others and everything else', () => {
    const next = apply(attached, seen([podOf('taskmanager-1-1', { node: 'node-z' })]));
    expect(next.pods.get('c1-jobmanager-x2b7k')).toBe(attached.pods.get('c1-jobmanager-x2b7k'));
    expect(next.pods.get('c1-taskmanager-1-1')?.node).toBe('node-z');
    expect(next.jobs).toBe(attached.jobs);
    expect(next.timeline).toBe(attached.timeline);
    expect(next.sources).toBe(attached.sources);
    expect(attached.pods.get('c1-taskmanager-1-1')?.node).toBe('node-a');
  });

  test('a new pod, its trouble and its end are reported with the reason', () => {
    const starting = podOf('taskmanager-1-2', { state: 'Pending', severity: 'busy', node: undefined, uid: 'u2' });
    const running = podOf('taskmanager-1-2', { uid: 'u2' });
    const killed = endedPod('taskmanager-1-2', 'OOMKilled (137)', { uid: 'u2' });
    const session = applyAll(attached, [
      seen([starting], T + 1),
      seen([{ ...starting, state: 'ContainerCreating' }], T + 2),
      seen([running], T + 3),
      seen([killed], T + 4),
      { kind: 'pods-gone', at: T + 5, pods: [{ ...killed, deletedAt: T + 5, state: 'Terminating', severity: 'busy' }] },
    ]);
    expect(texts(session)).toEqual([
      'pod taskmanager-1-2 created',
      'pod taskmanager-1-2: Running',
      'pod taskmanager-1-2: OOMKilled (137), limit 1728Mi',
      'pod taskmanager-1-2 gone: OOMKilled (137), limit 1728Mi',
    ]);
    expect(session.timeline.map(({ severity }) => severity)).toEqual(['info', 'info', 'error', 'warn']);
    expect(session.pods.has('c1-taskmanager-1-2')).toBe(false);
    expect(session.gone.map(({ name, state }) => [name, state])).toEqual([['c1-taskmanager-1-2', 'OOMKilled (137)']]);
  });

  test('a TaskManager that goes without trouble is gone, and released once the jobs were seen to go on without it', () => {
    const running = apply(attached, jobSeen([{ id: 'a', name: 'orders' }]));
    const gone = apply(running, { kind: 'pods-gone', at: T, pods: [podOf('taskmanager-1-1')] });
    const soon = apply(gone, jobSeen([{ id: 'a', name: 'orders' }], T + 14_000));
    for (const session of [gone, soon]) {
      expect(session.gone[0]).toMatchObject({ state: 'Gone', severity: 'done', deletedAt: T });
      expect(texts(session)).toEqual(['pod taskmanager-1-1 gone']);
    }
    const later = apply(soon, jobSeen([{ id: 'a', name: 'orders' }], T + 15_000));
    expect(later.gone[0]).toMatchObject({ state: 'Released', severity: 'done', deletedAt: T });
    expect(texts(later)).toEqual(['pod taskmanager-1-1 gone', 'pod taskmanager-1-1 was released']);
    expect(apply(later, jobSeen([{ id: 'a', name: 'orders' }], T + 18_000)).gone).toBe(later.gone);
  });

  test('a TaskManager is not called released if a job failed when it went, though the failure names another one', () => {
    const both = [podOf('taskmanager-1-1'), podOf('taskmanager-1-2')];
    const failed: Change = {
      kind: 'job-details',
      at: T + 4_000,
      jobId: 'a',
      checkpoints: undefined,
      restarts: 1,
      exceptions: [
        { ...exception(T + 1_000, 'x.Lost: TaskManager with id c1-taskmanager-1-1 is no longer reachable'), taskManagerId: undefined },
      ],
    };
    const session = applyAll(empty, [
      listed(both),
      jobSeen([{ id: 'a', name: 'orders' }]),
      { kind: 'pods-gone', at: T, pods: both },
      failed,
      jobSeen([{ id: 'a', name: 'orders' }], T + 20_000),
    ]);
    expect(session.gone.map(({ state }) => state)).toEqual(['Deleted', 'Gone']);
    expect(texts(session).join()).not.toContain('was released');
  });

  test('many TaskManagers that were released are one line with their number', () => {
    const many = Array.from({ length: 50 }, (_, n) => podOf(`taskmanager-1-${n}`));
    const session = applyAll(empty, [listed(many), jobSeen([]), { kind: 'pods-gone', at: T, pods: many }, jobSeen([], T + 15_000)]);
    expect(texts(session)).toEqual(['50 pods are gone', '50 pods were released']);
  });

  test.each([
    [
      'that ended while it was deleted',
      [
        { state: 'Terminating', severity: 'busy', deletedAt: T },
        { state: 'Terminating', severity: 'busy', deletedAt: T },
      ],
    ],
    ['whose end was seen only with its deletion', [{ state: 'Terminating', severity: 'busy', deletedAt: T }]],
    [
      'whose image could not be pulled',
      [
        { state: 'ImagePullBackOff', severity: 'error' },
        { state: 'Terminating', severity: 'busy', deletedAt: T },
      ],
    ],
  ] as const)('a TaskManager %s is gone, and did not fail', (_what, steps) => {
    const session = applyAll(attached, [
      ...steps.map((given, n) => seen([podOf('taskmanager-1-1', given)], T + n)),
      { kind: 'pods-gone', at: T + 9, pods: [podOf('taskmanager-1-1', steps.at(-1))] },
    ]);
    expect(session.gone[0]).toMatchObject({ state: 'Gone', severity: 'done', deletedAt: T });
    expect(texts(session).at(-1)).toBe('pod taskmanager-1-1 gone');
  });

  test.each(['Error (143)', 'Error (137)', 'Error (1)', 'Error (239)', 'OOMKilled (137)'])(
    'a TaskManager that had failed with %s before Flink deleted its pod is not released',
    (state) => {
      const failed = endedPod('taskmanager-1-1', state);
      const leaving = { ...failed, state: 'Terminating', severity: 'busy', deletedAt: T + 2 } as const;
      const leaves = applyAll(attached, [seen([failed], T + 1), seen([leaving], T + 2)]);
      expect(leaves.pods.get(failed.name)).toMatchObject({ state, severity: 'error' });
      const gone = apply(leaves, { kind: 'pods-gone', at: T + 3, pods: [leaving] });
      expect(gone.gone[0]).toMatchObject({ state, severity: 'error', deletedAt: T + 2 });
      expect(texts(gone).at(-1)).toContain(`gone: ${state}`);
    },
  );

  test.each([
    ['before its pod is gone', undefined],
    ['after its pod is gone', 4_000],
    ['when it had been taken for released', 20_000],
  ])('a TaskManager that was deleted by hand while tasks ran on it was not released, if their exceptions come %s', (_when, later) => {
    const leaving = podOf('taskmanager-1-1', { state: 'Terminating', severity: 'busy', deletedAt: T + 1_000 });
    const gone: Change = { kind: 'pods-gone', at: T + 3_000, pods: [leaving] };
    const failed: Change = {
      kind: 'job-details',
      at: T + (later ?? 4_000),
      jobId: 'a',
      checkpoints: undefined,
      restarts: 1,
      exceptions: [
        {
          ...exception(T + 2_000, 'org.apache.flink.util.FlinkException: The TaskExecutor is shutting down.'),
          taskManagerId: leaving.name,
        },
      ],
    };
    const session = applyAll(attached, [
      jobSeen([{ id: 'a', name: 'orders' }]),
      seen([leaving]),
      ...(later === undefined ? [failed, gone] : [gone, jobSeen([{ id: 'a', name: 'orders' }], T + later), failed]),
    ]);
    expect(session.gone[0]).toMatchObject({
      state: 'Deleted',
      severity: 'error',
      message: 'while tasks ran on it; it was not Flink that released it',
    });
    expect(texts(session)).toContain(
      later !== undefined
        ? 'pod taskmanager-1-1 was not released: it was deleted while tasks ran on it'
        : 'pod taskmanager-1-1 gone: Deleted: while tasks ran on it; it was not Flink that released it',
    );
  });

  test('a TaskManager that was released after its job had failed is not called deleted', () => {
    const failed: Change = {
      kind: 'job-details',
      at: T,
      jobId: 'a',
      checkpoints: undefined,
      restarts: 0,
      exceptions: [{ ...exception(T - 30_000, 'x.Boom: bang'), taskManagerId: 'c1-taskmanager-1-1' }],
    };
    const session = applyAll(attached, [
      jobSeen([{ id: 'a', name: 'orders', state: 'FAILED' }]),
      failed,
      { kind: 'pods-gone', at: T, pods: [podOf('taskmanager-1-1')] },
    ]);
    expect(session.gone[0]).toMatchObject({ state: 'Gone', severity: 'done' });
  });

  test('a TaskManager that Kubernetes evicted is remembered with the reason', () => {
    const evicted = podOf('taskmanager-1-1', {
      state: 'Terminating',
      severity: 'busy',
      deletedAt: T,
      message: 'EvictionByEvictionAPI: Eviction API: evicting',
    });
    const session = applyAll(attached, [seen([evicted]), { kind: 'pods-gone', at: T + 1, pods: [evicted] }]);
    expect(texts(session).slice(-1)).toEqual(['pod taskmanager-1-1 gone: Evicted: EvictionByEvictionAPI: Eviction API: evicting']);
  });

  test('the end of an older pod does not take away the younger one of the same name', () => {
    const young = apply(attached, seen([podOf('taskmanager-1-1', { uid: 'young' })]));
    const session = apply(young, { kind: 'pods-gone', at: T, pods: [podOf('taskmanager-1-1')] });
    expect(session.pods.get('c1-taskmanager-1-1')?.uid).toBe('young');
  });

  test('a list in pages takes away what is in none of them, and only with its last page', () => {
    const first = apply(attached, { kind: 'pods-listed', at: T, pods: [podOf('jobmanager-x2b7k')], first: true, last: false });
    expect(first.pods.size).toBe(2);
    const last = apply(first, { kind: 'pods-listed', at: T, pods: [podOf('taskmanager-1-7')], first: false, last: true });
    expect([...last.pods.keys()].toSorted()).toEqual(['c1-jobmanager-x2b7k', 'c1-taskmanager-1-7']);
    expect(last.listing).toBeUndefined();
    expect(last.gone.map(({ name }) => name)).toEqual(['c1-taskmanager-1-1']);
  });

  test('a page whose list did not begin here takes nothing away', () => {
    expect(apply(attached, { kind: 'pods-listed', at: T, pods: [], first: false, last: true }).pods.size).toBe(2);
  });

  test('many pods that went between two lists are one line, not a storm', () => {
    const many = Array.from({ length: 100 }, (_, n) => podOf(`taskmanager-1-${n}`));
    const session = applyAll(empty, [listed(many), listed([])]);
    expect(texts(session)).toEqual(['100 pods are gone']);
    expect(session.gone).toHaveLength(100);
  });

  test('what is remembered of gone pods is bounded, and their logs go with them', () => {
    const many = Array.from({ length: 260 }, (_, n) => podOf(`taskmanager-1-${n}`));
    const logs = many.map(({ name }): Change => ({
      kind: 'log',
      at: T,
      log: name,
      counters: { lines: 1, bytes: 1, dropped: 0, ended: false },
    }));
    const sources = many.map(({ name }): Change => ({ kind: 'source', at: T, source: `log:${name}`, status: status('live') }));
    const session = applyAll(empty, [listed(many), ...logs, ...sources, { kind: 'pods-gone', at: T, pods: many }]);
    expect(session.gone).toHaveLength(200);
    expect(session.gone.at(-1)?.name).toBe('c1-taskmanager-1-259');
    expect(session.logs.size).toBe(200);
    expect(session.sources.size).toBe(200);
  });
});

describe('jobs', () => {
  const running = applyAll(empty, [
    jobSeen([
      { id: 'a', name: 'orders' },
      { id: 'b', name: 'cars', startTime: T + 1 },
    ]),
  ]);

  test('jobs come newest first and those that are there at the start are not news', () => {
    expect(running.jobs.map(({ name }) => name)).toEqual(['cars', 'orders']);
    expect(running.timeline).toEqual([]);
  });

  test('a list that says the same changes nothing', () => {
    expect(
      apply(
        running,
        jobSeen([
          { id: 'b', name: 'cars', startTime: T + 1 },
          { id: 'a', name: 'orders' },
        ]),
      ),
    ).toBe(running);
  });

  test('a job that changes keeps its details, and the other job is the same object', () => {
    const detailed = apply(running, { kind: 'job-details', at: T, jobId: 'a', checkpoints: undefined, restarts: 3, exceptions: [] });
    const next = apply(
      detailed,
      jobSeen([
        { id: 'a', name: 'orders', durationMs: 9 },
        { id: 'b', name: 'cars', startTime: T + 1 },
      ]),
    );
    expect(next.jobs[1]).toMatchObject({ durationMs: 9, restarts: 3 });
    expect(next.jobs[0]).toBe(detailed.jobs[0]);
  });

  const oom: JobExceptionLike = exception(
    T + 50,
    'org.apache.flink.runtime.JobException: Recovery\n\tat x\nCaused by: java.lang.OutOfMemoryError: Java heap space\n\tat y',
  );

  test('a restart is reported at its moment, and its reason when that is known', () => {
    const session = applyAll(running, [
      jobSeen(
        [
          { id: 'a', name: 'orders', state: 'RESTARTING', lastModification: T + 60 },
          { id: 'b', name: 'cars', startTime: T + 1 },
        ],
        T + 2_000,
      ),
      { kind: 'job-details', at: T + 2_100, jobId: 'a', checkpoints: undefined, restarts: 1, exceptions: [oom] },
    ]);
    expect(session.timeline.map(({ at, text }) => [at - T, text])).toEqual([
      [50, 'job orders (a) failed in Enrich (5/12): java.lang.OutOfMemoryError: Java heap space'],
      [60, 'job orders (a): RUNNING -> RESTARTING'],
    ]);
  });

  test('failures from before the session are not news, new ones are', () => {
    const attachedLater = apply(empty, jobSeen([{ id: 'a', name: 'orders' }], T + 60));
    const known = apply(attachedLater, {
      kind: 'job-details',
      at: T + 60,
      jobId: 'a',
      checkpoints: undefined,
      restarts: 1,
      exceptions: [oom],
    });
    expect(known.timeline).toEqual([]);
    const again = apply(known, {
      kind: 'job-details',
      at: T + 90,
      jobId: 'a',
      checkpoints: undefined,
      restarts: 2,
      exceptions: [exception(T + 80, 'x.Boom: again'), oom],
    });
    expect(texts(again)).toEqual(['job orders (a) failed in Enrich (5/12): x.Boom: again']);
  });

  test('the first failure of a job that ran before the session is reported, and each of several that came between two looks', () => {
    const well = apply(running, { kind: 'job-details', at: T, jobId: 'a', checkpoints: undefined, restarts: 0, exceptions: [] });
    const first = apply(well, {
      kind: 'job-details',
      at: T + 90,
      jobId: 'a',
      checkpoints: undefined,
      restarts: 2,
      exceptions: [exception(T + 80, 'x.Boom: second'), exception(T + 70, 'x.Boom: first')],
    });
    expect(texts(first)).toEqual([
      'job orders (a) failed in Enrich (5/12): x.Boom: first',
      'job orders (a) failed in Enrich (5/12): x.Boom: second',
    ]);
  });

  test('what is known of a failure is reported once, whatever else changes', () => {
    const details = (restarts: number): Change => ({
      kind: 'job-details',
      at: T + 90,
      jobId: 'a',
      checkpoints: undefined,
      restarts,
      exceptions: [exception(T + 80, 'x.Boom: bang')],
    });
    const restarting = apply(running, jobSeen([{ id: 'a', name: 'orders', state: 'RESTARTING', lastModification: T + 81 }]));
    expect(texts(applyAll(restarting, [details(1), details(2)])).filter((text) => text.includes('bang'))).toHaveLength(1);
  });

  test('details of a job that is not in the list change nothing', () => {
    expect(apply(running, { kind: 'job-details', at: T, jobId: 'zzz', checkpoints: undefined, restarts: 1, exceptions: [] })).toBe(running);
  });

  test('a new job is reported', () => {
    const all = [
      { id: 'c', name: 'new', state: 'CREATED' },
      { id: 'a', name: 'orders' },
      { id: 'b', name: 'cars', startTime: T + 1 },
    ];
    expect(texts(apply(running, jobSeen(all)))).toEqual(['job new (c): CREATED']);
  });

  describe('that Flink forgot', () => {
    const jobManager = (startedAt: number, uid: string) => {
      const pod = podOf(`jobmanager-${uid}`, { uid });
      return { ...pod, containers: pod.containers.map((each) => ({ ...each, startedAt })) };
    };
    const before = applyAll(empty, [
      listed([jobManager(T - 1_000, 'old')]),
      jobSeen([
        { id: 'a', name: 'orders', startTime: T, durationMs: 5_000 },
        { id: 'b', name: 'done', state: 'FINISHED' },
      ]),
    ]);
    const replaced = applyAll(before, [listed([jobManager(T + 9_000, 'new')], T + 10_000), jobSeen([], T + 20_000)]);

    test('because another JobManager started are lost, and those that had ended are not', () => {
      expect(replaced.lostJobs).toMatchObject([{ job: { id: 'a' }, at: T + 20_000, forgottenBy: 'jobmanager-new' }]);
      expect(replaced.timeline.at(-1)).toMatchObject({
        severity: 'error',
        subject: 'a',
        text: 'job orders (a) is lost: jobmanager-new started and does not know it',
      });
    });

    test('while their JobManager stayed are lost without a reason', () => {
      expect(texts(apply(before, jobSeen([]))).at(-1)).toBe('job orders (a) is lost: Flink does not list it any more');
    });

    test.each([
      ['the same id', { id: 'a', name: 'orders' }, 0],
      ['the same name', { id: 'z', name: 'orders' }, 0],
      ['another name', { id: 'z', name: 'cars' }, 1],
    ])('are not lost any more when a job of %s runs', (_what, job, lost) => {
      expect(apply(replaced, jobSeen([job])).lostJobs).toHaveLength(lost);
    });
  });
});

describe('sources, operations, timeline', () => {
  test('a source that is lost and comes back is reported with how long it was away', () => {
    const refused = new Problem('unreachable', 'The API server at 10.0.0.1:6443 refuses connections.');
    const session = applyAll(empty, [
      { kind: 'source', at: T, source: 'pods', status: status('connecting') },
      { kind: 'source', at: T, source: 'pods', status: status('live') },
      { kind: 'source', at: T + 1_000, source: 'pods', status: { ...status('lost', T + 1_000), problem: refused } },
      { kind: 'source', at: T + 43_000, source: 'pods', status: status('live', T + 43_000) },
    ]);
    expect(texts(session)).toEqual([
      'Kubernetes lost: The API server at 10.0.0.1:6443 refuses connections.',
      'Kubernetes answers again after 42 s',
    ]);
  });

  test('a server that answers for the first time does not answer again, and one that was only slow is not news', () => {
    const refused = new Problem('unreachable', 'Port 8081 refuses connections.');
    const never = { ...status('lost'), dataAt: undefined, problem: refused };
    const session = applyAll(empty, [
      { kind: 'source', at: T, source: 'flink', status: { ...status('connecting'), dataAt: undefined } },
      { kind: 'source', at: T, source: 'flink', status: never },
      { kind: 'source', at: T + 9_000, source: 'flink', status: status('live', T + 9_000) },
      { kind: 'source', at: T + 13_000, source: 'flink', status: status('stale', T + 9_000) },
      { kind: 'source', at: T + 14_000, source: 'flink', status: status('live', T + 14_000) },
    ]);
    expect(texts(session)).toEqual(['Flink answers']);
  });

  test('an outage that has several names is one, and lasts from the last word on', () => {
    const hangs = new Problem('unreachable', 'The API server at 10.0.0.1:6443 has not answered.');
    const refused = new Problem('unreachable', 'The API server at 10.0.0.1:6443 refuses connections.');
    const session = applyAll(empty, [
      { kind: 'source', at: T, source: 'pods', status: status('live') },
      { kind: 'source', at: T + 8_000, source: 'pods', status: { ...status('stale'), problem: hangs } },
      { kind: 'source', at: T + 30_000, source: 'pods', status: { ...status('lost'), problem: refused } },
      { kind: 'source', at: T + 31_000, source: 'pods', status: status('live', T + 31_000) },
    ]);
    expect(texts(session)).toEqual([
      'Kubernetes stale: The API server at 10.0.0.1:6443 has not answered.',
      'Kubernetes answers again after 31 s',
    ]);
  });

  test('the same status with an equal problem changes nothing', () => {
    const lost = (): Change => ({
      kind: 'source',
      at: T,
      source: 'flink',
      status: { ...status('lost'), problem: new Problem('unreachable', 'gone') },
    });
    const session = apply(empty, lost());
    expect(apply(session, lost())).toBe(session);
  });

  test('an operation is one entry with its last word', () => {
    const operation = {
      id: 'o1',
      title: 'Cancel orders',
      kind: 'cancel',
      jobId: 'a',
      startedAt: T,
      endedAt: undefined,
      state: 'running',
      progress: undefined,
      result: undefined,
    } as const;
    const session = applyAll(empty, [
      { kind: 'operation', at: T, operation },
      { kind: 'operation', at: T, operation: { ...operation, progress: '1/2' } },
      { kind: 'operation', at: T + 5, operation: { ...operation, state: 'failed', endedAt: T + 5, result: 'no\u001b[2Jway' } },
    ]);
    expect(session.operations).toHaveLength(1);
    expect(texts(session)).toEqual(['Cancel orders', 'Cancel orders failed: noway']);
  });

  test('the timeline is ordered by time and bounded', () => {
    const line = (at: number): Change => ({
      kind: 'timeline',
      at,
      line: { at, from: 'k8s', severity: 'info', subject: undefined, text: String(at) },
    });
    const session = applyAll(empty, [line(5), line(7), line(6), ...Array.from({ length: 5_000 }, (_, n) => line(10 + n))]);
    expect(session.timeline).toHaveLength(2_000);
    expect(session.timelineCount).toBe(5_003);
    expect(applyAll(empty, [line(5), line(7), line(6)]).timeline.map(({ at }) => at)).toEqual([5, 6, 7]);
    expect(session.timeline.at(-1)?.at).toBe(5_009);
  });

  test('a cluster that was stopped and is there again is not stopped', () => {
    const stopped = applyAll(attached, [listed([]), { kind: 'stopped', at: T }]);
    expect(stopped.stopped).toBe(true);
    expect(apply(stopped, seen([podOf('jobmanager-zzzzz')])).stopped).toBe(false);
  });
});
