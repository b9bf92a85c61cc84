import { describe, expect, test } from 'vitest';
import { applyAll } from '../../src/session/apply.ts';
import { emptySession } from '../../src/session/empty-session.ts';
import { selectJobRows, selectJobSummary } from '../../src/session/selectors/jobs.ts';
import { selectPodRows, selectPodSummary } from '../../src/session/selectors/pods.ts';
import { selectHeader, selectSources } from '../../src/session/selectors/sources.ts';
import { findTroubles } from '../../src/session/selectors/troubles.ts';
import { selectWorst } from '../../src/session/selectors/worst.ts';
import { jobColumns } from '../../src/session/tables/jobs.ts';
import { textTable } from '../../src/session/tables/text-table.ts';
import type { Session } from '../../src/session/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { endedPod, exception, jobSeen, listed, podOf, seen, status, T, target, type Change } from './build.ts';

const empty = emptySession(target);
/** The one line at the moment of these tests, or `later` milliseconds after it. */
const worst = (session: Session, later = 0) => selectWorst(session, T + later);
const allWrong = (session: Session) => findTroubles(session, T).map(({ words }) => words().text);
const oomTrace =
  'org.apache.flink.runtime.JobException: Recovery is suppressed\n\tat x\nCaused by: java.lang.OutOfMemoryError: Java heap space\n\tat y';

describe('pod rows', () => {
  const names = ['taskmanager-1-10', 'taskmanager-1-9', 'taskmanager-2-1', 'jobmanager-x2b7k', 'taskmanager-1-1'];
  const session = applyAll(empty, [listed(names.map((name) => podOf(name))), { kind: 'leader', at: T, pod: 'c1-jobmanager-x2b7k' }]);

  test('the JobManager comes first, TaskManagers by their numbers, gone pods last', () => {
    const gone = applyAll(session, [{ kind: 'pods-gone', at: T, pods: [podOf('taskmanager-1-9')] }]);
    expect(selectPodRows(gone).map(({ name, leader, ready, goneAt }) => [name, leader, ready, goneAt])).toEqual([
      ['jobmanager-x2b7k', true, '1/1', undefined],
      ['taskmanager-1-1', false, '1/1', undefined],
      ['taskmanager-1-10', false, '1/1', undefined],
      ['taskmanager-2-1', false, '1/1', undefined],
      ['taskmanager-1-9', false, '-', T],
    ]);
  });

  test('rows of pods that did not change are the same rows, in the same order', () => {
    const before = selectPodRows(session);
    expect(selectPodRows(session)).toBe(before);
    const next = applyAll(session, [seen([podOf('taskmanager-1-9', { restarts: 2 }), podOf('taskmanager-1-2')])]);
    const after = selectPodRows(next);
    expect(after.map(({ name }) => name)).toEqual([
      'jobmanager-x2b7k',
      'taskmanager-1-1',
      'taskmanager-1-2',
      'taskmanager-1-9',
      'taskmanager-1-10',
      'taskmanager-2-1',
    ]);
    expect(after[0]).toBe(before[0]);
    expect(after[3]).toMatchObject({ restarts: 2 });
  });

  test('the order is the same whatever was shown before', () => {
    const shuffled = (seed: number): readonly string[] =>
      names.toSorted((a, b) => ((a.length * seed) % 7) - ((b.length * seed) % 7) || (a < b ? -1 : 1));
    for (let seed = 1; seed < 20; seed += 1) {
      const some = shuffled(seed).slice(0, 1 + (seed % names.length));
      const rows = selectPodRows(applyAll(empty, [listed(some.map((name) => podOf(name)))])).map(({ name }) => name);
      expect(rows).toEqual(
        ['jobmanager-x2b7k', 'taskmanager-1-1', 'taskmanager-1-9', 'taskmanager-1-10', 'taskmanager-2-1'].filter((name) =>
          some.includes(name),
        ),
      );
    }
  });

  test('usage is shown against the limit, the heap against its own', () => {
    const used = applyAll(session, [
      {
        kind: 'usage',
        at: T,
        usage: [
          ['c1-taskmanager-1-1', { cpu: 0.5, memory: 100, memoryMax: undefined, source: 'metrics.k8s.io', at: T }],
          ['c1-taskmanager-1-9', { cpu: undefined, memory: 100, memoryMax: 200, source: 'heap', at: T }],
          ['c1-not-there', { cpu: 1, memory: 1, memoryMax: 1, source: 'heap', at: T }],
        ],
      },
    ]);
    expect(
      selectPodRows(used)
        .map(({ cpu, memory, memoryLimit, usageSource }) => [cpu, memory, memoryLimit, usageSource])
        .slice(0, 3),
    ).toEqual([
      [undefined, undefined, 1728 * 2 ** 20, undefined],
      [0.5, 100, 1728 * 2 ** 20, 'metrics.k8s.io'],
      [undefined, 100, 200, 'heap'],
    ]);
    expect(used.usage.size).toBe(2);
  });

  test('the summary counts what needs an eye', () => {
    const troubled = applyAll(session, [seen([podOf('taskmanager-1-1', { state: 'ImagePullBackOff', severity: 'error' })])]);
    expect(selectPodSummary(troubled)).toEqual({ total: 5, jobManagers: 1, taskManagers: 4, problems: 1, gone: 0 });
  });
});

describe('job rows', () => {
  test('a row has tasks, checkpoints and the last failure', () => {
    const checkpoint = {
      id: 1,
      status: 'COMPLETED',
      isSavepoint: false,
      triggeredAt: T - 500,
      endedAt: T - 400,
      durationMs: 100,
      sizeBytes: 1,
      acknowledged: 1,
      subtasks: 1,
      path: undefined,
      failure: undefined,
    } as const;
    const statistics = {
      restored: 0,
      completed: 1,
      failed: 1,
      inProgress: 0,
      latestCompleted: checkpoint,
      latestSavepoint: undefined,
      latestRestored: undefined,
      latestFailed: { ...checkpoint, id: 2, status: 'FAILED', triggeredAt: T - 100, failure: 'expired' },
      history: [],
    };
    const session = applyAll(empty, [
      jobSeen([
        { id: '9f13c2aa', name: 'orders', tasks: { total: 12, byState: { running: 5, finished: 2, failed: 5 } } },
        { id: 'b', name: 'done', state: 'FINISHED', tasks: { total: 4, byState: { finished: 4 } }, startTime: T - 1, endTime: T },
      ]),
      { kind: 'job-details', at: T, jobId: '9f13c2aa', checkpoints: statistics, restarts: 7, exceptions: [exception(T, oomTrace)] },
    ]);
    expect(selectJobRows(session)).toMatchObject([
      {
        key: '9f13c2aa',
        idPrefix: '9f13c2',
        name: 'orders',
        severity: 'warn',
        tasksUp: 7,
        tasksTotal: 12,
        restarts: 7,
        lastCheckpointAt: T - 400,
        checkpointFailure: 'expired',
        lastFailure: 'OutOfMemoryError: Java heap space',
        endTime: undefined,
      },
      { severity: 'done', tasksUp: 4, endTime: T, lastCheckpointAt: undefined, checkpointFailure: undefined },
    ]);
    expect(selectJobSummary(session)).toEqual({ total: 2, up: 1, waiting: 0, restarting: 0, failed: 0 });
    expect(worst(session)).toEqual({
      severity: 'error',
      text: 'orders was restarted: OutOfMemoryError: Java heap space',
      command: 'why orders',
      about: 'job 9f13c2aa',
      more: 0,
    });
  });
});

test('while Flink does not answer, a job is as long up as it was when that was known', () => {
  const status = { since: T, dataAt: T, nextTryAt: undefined, problem: undefined } as const;
  const seenRunning = applyAll(empty, [
    jobSeen([{ id: 'a', name: 'orders', state: 'RUNNING', startTime: T - 60_000 }]),
    { kind: 'source', at: T, source: 'flink', status: { ...status, state: 'live' } },
  ]);
  const lost = applyAll(seenRunning, [{ kind: 'source', at: T + 5_000, source: 'flink', status: { ...status, state: 'lost' } }]);
  const up = (session: Session) =>
    textTable(
      jobColumns.filter(({ title }) => title === 'UP'),
      selectJobRows(session),
      { now: T + 300_000, whole: false },
    )[1]?.trim();
  expect([
    up(seenRunning),
    up(lost),
    up(applyAll(lost, [{ kind: 'source', at: T + 20_000, source: 'flink', status: { ...status, state: 'live' } }])),
  ]).toEqual(['6m', '1m', '6m']);
});

describe('the state of a job', () => {
  const statistics = {
    restored: 0,
    completed: 0,
    failed: 0,
    inProgress: 0,
    latestCompleted: undefined,
    latestSavepoint: undefined,
    latestRestored: undefined,
    latestFailed: undefined,
    history: [],
  };
  const row = (job: object, details: object = {}) => {
    const session = applyAll(empty, [
      jobSeen([{ id: 'a', name: 'orders', startTime: T - 60_000, durationMs: 60_000, ...job }]),
      { kind: 'job-details', at: T, jobId: 'a', checkpoints: undefined, restarts: 0, exceptions: [], ...details },
    ]);
    const { state, severity } = selectJobRows(session)[0] ?? {};
    const { up, waiting, restarting } = selectJobSummary(session);
    return [state, severity, `${up} up, ${waiting} waiting, ${restarting} restarting`];
  };
  const tasks = (byState: Readonly<Record<string, number>>) => ({
    tasks: { total: Object.values(byState).reduce((sum, count) => sum + count, 0), byState },
  });

  test.each([
    [
      'all of its tasks wait for slots, since a moment ago',
      { ...tasks({ scheduled: 2 }), lastModification: T - 1_000 },
      {},
      ['WAITING', 'busy', '0 up, 1 waiting, 0 restarting'],
    ],
    [
      'all of its tasks wait for slots, for longer than a start takes',
      { ...tasks({ scheduled: 2 }), lastModification: T - 30_000 },
      {},
      ['WAITING', 'warn', '0 up, 1 waiting, 0 restarting'],
    ],
    [
      'some tasks of a streaming job wait',
      { ...tasks({ scheduled: 1, running: 1 }), lastModification: T - 30_000 },
      { checkpoints: statistics },
      ['WAITING', 'warn', '0 up, 1 waiting, 0 restarting'],
    ],
    [
      'some tasks of a batch job wait while others work',
      { ...tasks({ scheduled: 1, running: 1 }), lastModification: T - 30_000 },
      {},
      ['RUNNING', 'ok', '1 up, 0 waiting, 0 restarting'],
    ],
    ['its tasks are deployed', tasks({ deploying: 2 }), {}, ['RUNNING', 'ok', '1 up, 0 waiting, 0 restarting']],
    ['it restarts', { state: 'RESTARTING', ...tasks({ canceled: 2 }) }, {}, ['RESTARTING', 'warn', '0 up, 0 waiting, 1 restarting']],
    [
      'it is failing',
      { state: 'FAILING', ...tasks({ failed: 1, canceling: 1 }) },
      {},
      ['FAILING', 'warn', '0 up, 0 waiting, 1 restarting'],
    ],
    ['it was created', { state: 'CREATED', ...tasks({ created: 2 }) }, {}, ['CREATED', 'busy', '0 up, 1 waiting, 0 restarting']],
    [
      'it failed for the first time a moment ago and runs again',
      { ...tasks({ running: 2 }) },
      { restarts: 1, exceptions: [exception(T - 5_000, 'x.Boom: bang')] },
      ['RUNNING', 'warn', '1 up, 0 waiting, 0 restarting'],
    ],
    [
      'it failed long ago and runs again',
      { ...tasks({ running: 2 }), startTime: T - 600_000, durationMs: 600_000 },
      { restarts: 1, exceptions: [exception(T - 300_000, 'x.Boom: bang')] },
      ['RUNNING', 'ok', '1 up, 0 waiting, 0 restarting'],
    ],
    [
      'it is being canceled',
      { state: 'CANCELLING', ...tasks({ canceling: 2 }) },
      {},
      ['CANCELLING', 'busy', '0 up, 0 waiting, 0 restarting'],
    ],
  ])('when %s', (_when, job, details, expected) => expect(row(job, details)).toEqual(expected));
});

describe('header and sources', () => {
  const refused = new Problem('unreachable', 'The API server refuses connections.', { hint: 'Look at the network.' });
  const session = applyAll(empty, [
    {
      kind: 'overview',
      at: T,
      overview: { taskManagers: 3, slotsTotal: 8, slotsAvailable: 1, flinkVersion: '2.3.0', flinkCommit: undefined },
    },
    { kind: 'source', at: T, source: 'log:b', status: status('live') },
    { kind: 'source', at: T, source: 'log:a', status: status('live') },
    { kind: 'source', at: T, source: 'log:ended', status: status('lost') },
    { kind: 'log', at: T, log: 'ended', counters: { lines: 1, bytes: 1, dropped: 0, ended: true } },
    { kind: 'source', at: T, source: 'usage', status: { ...status('denied'), problem: new Problem('forbidden', 'no') } },
    { kind: 'source', at: T, source: 'flink', status: status('live') },
    { kind: 'source', at: T, source: 'pods', status: { ...status('lost'), problem: refused, nextTryAt: T + 8_000 } },
  ]);

  test('the header says version, slots and the state of both connections', () => {
    expect(selectHeader(session)).toMatchObject({
      flinkVersion: '2.3.0',
      slotsUsed: 7,
      slotsTotal: 8,
      taskManagers: 3,
      stopped: false,
      kubernetes: {
        name: 'k8s',
        state: 'lost',
        reason: 'The API server refuses connections.',
        hint: 'Look at the network.',
        nextTryAt: T + 8_000,
      },
      flink: { state: 'live' },
    });
  });

  test('a server whose objects cannot all be read is partial, one whose cluster is deleted is deleted', () => {
    const live = applyAll(session, [{ kind: 'source', at: T, source: 'pods', status: status('live') }]);
    expect(selectHeader(live)).toMatchObject({ kubernetes: { word: 'live' }, flink: { word: 'live' } });
    const unreadable = { count: 1, names: ['c1-taskmanager-1-1'], reason: 'it has no name' };
    const odd = applyAll(live, [{ kind: 'unreadable', at: T, source: 'pods', objects: unreadable }]);
    expect(selectHeader(odd).kubernetes?.word).toBe('partial');
    expect(selectHeader(applyAll(odd, [{ kind: 'stopped', at: T }])).flink?.word).toBe('deleted');
  });

  test('all sources are listed, logs that ended are not', () => {
    expect(selectSources(session).map(({ key }) => key)).toEqual(['pods', 'flink', 'usage', 'log:a', 'log:b']);
  });

  test('a lost connection is the worst there is', () => {
    expect(worst(session)).toEqual({
      severity: 'error',
      text: 'Kubernetes: The API server refuses connections',
      command: 'refresh',
      more: 0,
    });
  });
});

describe('the worst problem', () => {
  const restarting = (name: string, given: Parameters<typeof jobSeen>[0][number] | object = {}): readonly Change[] => [
    jobSeen([{ id: 'a1b2c3d4e5', name, state: 'RESTARTING', ...given }]),
    {
      kind: 'job-details',
      at: T,
      jobId: 'a1b2c3d4e5',
      checkpoints: undefined,
      restarts: 3,
      exceptions: [0, 40, 80].map((ago) => exception(T - ago * 1_000, 'x.Boom: bang')),
    },
  ];

  test('nothing is wrong', () =>
    expect(worst(applyAll(empty, [listed([podOf('jobmanager-x')]), jobSeen([{ id: 'a', name: 'fine' }])]))).toBeUndefined());

  test('a job that restarts is named with its rhythm and reason', () => {
    expect(worst(applyAll(empty, restarting('orders-enrichment')))).toEqual({
      severity: 'error',
      text: 'orders-enrichment restarts every 40 s: Boom: bang',
      command: 'why orders-enrichment',
      about: 'job a1b2c3d4e5',
      more: 0,
    });
  });

  test('it stays the worst between two of its restarts, and is over when it runs for long', () => {
    expect(worst(applyAll(empty, restarting('orders', { state: 'RUNNING', startTime: T - 100_000, durationMs: 110_000 })))?.text).toBe(
      'orders restarts every 40 s: Boom: bang',
    );
    expect(worst(applyAll(empty, restarting('orders', { state: 'RUNNING', startTime: T - 100_000, durationMs: 400_000 })))).toBeUndefined();
  });

  test.each([
    [
      'o.a.f.r.jobmanager.scheduler.NoResourceAvailableException: Could not acquire the minimum required resources.',
      'orders restarts: it does not get the slots that it needs',
    ],
    ['o.a.f.util.FlinkExpectedException: The job is stopped.', 'orders restarts: FlinkExpectedException: The job is stopped'],
  ])('what only follows from something else is no reason, and a reason ends without a full stop: %s', (thrown, text) => {
    const details = { kind: 'job-details', at: T, jobId: 'a1b2c3d4e5', checkpoints: undefined, restarts: 1 } as const;
    const seen = applyAll(empty, [...restarting('orders'), { ...details, exceptions: [exception(T, thrown)] }]);
    expect(worst(seen)?.text).toBe(text);
  });

  const killed = endedPod('taskmanager-1-3', 'OOMKilled (137)', { deletedAt: T - 1_000 });
  const apart = ['orders restarts: Boom: bang', 'taskmanager-1-3 is gone: OOMKilled (137), limit 1728Mi'];
  const failing = (stacktrace: string, taskManagerId: string | undefined, given: object = {}): readonly Change[] => [
    jobSeen([{ id: 'a', name: 'orders', state: 'RESTARTING', ...given }]),
    {
      kind: 'job-details',
      at: T,
      jobId: 'a',
      checkpoints: undefined,
      restarts: 1,
      exceptions: [{ ...exception(T, stacktrace), taskManagerId }],
    },
  ];

  test.each([
    [
      'that names it',
      'x.Boom: bang',
      killed.name,
      ['orders restarts: taskmanager-1-3: the kernel killed it because it used more memory than its limit'],
    ],
    [
      'that blames it',
      "org.apache.flink.X: Connection unexpectedly closed by remote task manager '10.1.0.7/10.1.0.7:34567 [ c1-taskmanager-1-3 ] '. This might indicate that the remote task manager was lost.",
      'c1-taskmanager-1-1',
      ['orders restarts: taskmanager-1-3: the kernel killed it because it used more memory than its limit'],
    ],
    ['of another one does not', 'x.Boom: bang', 'c1-taskmanager-1-1', apart],
    ['of none does not', 'x.Boom: bang', undefined, apart],
  ])('a TaskManager that was killed for its memory explains a failure: an exception %s', (_which, trace, taskManagerId, all) => {
    expect(
      allWrong(applyAll(empty, [listed([killed]), { kind: 'pods-gone', at: T, pods: [killed] }, ...failing(trace, taskManagerId)])),
    ).toEqual(all);
  });

  test('a job that failed for the first time and runs again is reported for a minute', () => {
    const once = failing('x.Boom: bang', undefined, { state: 'RUNNING', startTime: T - 100_000, durationMs: 110_000 });
    expect(worst(applyAll(empty, once))?.text).toBe('orders was restarted: Boom: bang');
    expect(
      worst(applyAll(empty, [...once, jobSeen([{ id: 'a', name: 'orders', startTime: T - 100_000, durationMs: 170_000 }])])),
    ).toBeUndefined();
  });

  test('a job that waits for slots is reported, after the TaskManager that cannot start', () => {
    const waits = jobSeen([
      {
        id: 'a',
        name: 'orders',
        startTime: T - 60_000,
        durationMs: 60_000,
        lastModification: T - 50_000,
        tasks: { total: 2, byState: { scheduled: 2 } },
      },
    ]);
    const slots: Change = {
      kind: 'overview',
      at: T,
      overview: { taskManagers: 0, slotsTotal: 0, slotsAvailable: 0, flinkVersion: '2.3.0', flinkCommit: undefined },
    };
    expect(worst(applyAll(empty, [waits, slots]))).toEqual({
      severity: 'warn',
      text: 'orders waits for slots: there are none',
      command: 'why orders',
      about: 'job a',
      more: 0,
    });
    const pending = podOf('taskmanager-1-1', { state: 'Unschedulable: 0/1 nodes are available: 1 Insufficient cpu', severity: 'warn' });
    expect(worst(applyAll(empty, [listed([pending]), waits, slots]))).toMatchObject({
      text: 'taskmanager-1-1 Unschedulable: 0/1 nodes are available: 1 Insufficient cpu',
      more: 1,
    });
  });

  test('what is over long ago does not hide what happens now, and of what is over the newest comes first', () => {
    const old = endedPod('taskmanager-1-3', 'OOMKilled (137)');
    const failed = jobSeen([
      { id: 'b', name: 'fraud', state: 'FAILED', endTime: T + 100_000 },
      {
        id: 'a',
        name: 'orders',
        startTime: T + 250_000,
        durationMs: 50_000,
        lastModification: T + 250_000,
        tasks: { total: 2, byState: { scheduled: 2 } },
      },
    ]);
    const later = 300_000;
    expect(worst(applyAll(empty, [listed([old]), failed]), later)).toMatchObject({ text: 'orders waits for slots', more: 2 });
    expect(
      worst(applyAll(empty, [listed([old]), jobSeen([{ id: 'b', name: 'fraud', state: 'FAILED', endTime: T + 100_000 }])]), later),
    ).toMatchObject({ text: 'fraud failed', more: 1 });
    const lost = endedPod('taskmanager-1-4', 'Error (1)', { deletedAt: T + later - 5_000 });
    expect(worst(applyAll(empty, [listed([old, lost]), { kind: 'pods-gone', at: T + later, pods: [lost] }, failed]), later)).toMatchObject({
      text: 'taskmanager-1-4 is gone: Error (1)',
      more: 3,
    });
  });

  describe('a JobManager', () => {
    const crashed = (restarts: number, ago: number) => {
      const pod = podOf('jobmanager-x2b7k', { restarts });
      return {
        ...pod,
        containers: pod.containers.map((each) => ({
          ...each,
          startedAt: T - ago,
          restarts,
          before: { reason: 'Error', exitCode: 239, at: T - ago - 12_000 },
        })),
      };
    };

    test('that runs between two crashes is reported, and is why Flink does not answer', () => {
      const refused = {
        ...status('lost'),
        problem: new Problem('unreachable', 'Port 8081 of pod c1-jobmanager-x2b7k refuses connections.'),
      };
      const session = applyAll(empty, [listed([crashed(3, 20_000)]), { kind: 'source', at: T, source: 'flink', status: refused }]);
      expect(worst(session)).toEqual({
        severity: 'error',
        text: 'jobmanager-x2b7k restarted 3 times, the last time after Error (239)',
        command: 'why jobmanager-x2b7k',
        about: 'pod c1-jobmanager-x2b7k',
        more: 0,
      });
    });

    test('that has run for long since it crashed is well', () => {
      expect(worst(applyAll(empty, [listed([crashed(1, 180_000)])]))).toBeUndefined();
      expect(worst(applyAll(empty, [listed([crashed(9, 700_000)])]))).toBeUndefined();
    });

    const warning = (kind: string, name: string, reason: string, message: string, at: number): Change => ({
      kind: 'warning',
      at,
      warning: { object: { kind, name }, reason, message, at, count: 3 },
    });
    const creating = podOf('jobmanager-x2b7k', { state: 'ContainerCreating', severity: 'busy', createdAt: T - 60_000, ready: 0 });
    const noSecret = (at: number) =>
      warning('Pod', creating.name, 'FailedMount', 'MountVolume.SetUp failed for volume "nosuch-volume" : secret "nosuch" not found', at);

    test('that waits for a secret that does not exist is reported, as only an event tells', () => {
      expect(worst(applyAll(empty, [listed([creating]), noSecret(T)]))).toEqual({
        severity: 'error',
        text: 'jobmanager-x2b7k ContainerCreating: MountVolume.SetUp failed for volume "nosuch-volume" : secret "nosuch" not found',
        command: 'why jobmanager-x2b7k',
        about: 'pod c1-jobmanager-x2b7k',
        more: 0,
      });
    });

    test('that waited for its ConfigMap in the first seconds of a deployment is well, and so is one that runs since', () => {
      expect(worst(applyAll(empty, [listed([creating]), noSecret(T - 58_000)]))).toBeUndefined();
      expect(worst(applyAll(empty, [listed([podOf('jobmanager-x2b7k', { createdAt: T - 60_000 })]), noSecret(T)]))).toBeUndefined();
    });

    test('that may not be created is reported with the reason of the event', () => {
      const refused = warning(
        'ReplicaSet',
        'c1-6c469d8f4f',
        'FailedCreate',
        'Error creating: pods "c1-6c469d8f4f-" is forbidden: error looking up service account default/ghost: serviceaccount "ghost" not found',
        T,
      );
      expect(worst(applyAll(empty, [listed([]), refused]))).toEqual({
        severity: 'error',
        text: 'no JobManager pod can be created: pods "c1-6c469d8f4f-" is forbidden: error looking up service account default/ghost: serviceaccount "ghost" not found',
        command: 'why',
        more: 0,
      });
      expect(worst(applyAll(empty, [listed([podOf('jobmanager-a')]), refused]))).toBeUndefined();
    });

    test('that does not start for minutes is reported although nobody tells why', () => {
      expect(worst(applyAll(empty, [listed([creating])]), 90_000)?.text).toBe('jobmanager-x2b7k has been ContainerCreating for 2 min');
      expect(worst(applyAll(empty, [listed([creating])]))).toBeUndefined();
    });
  });

  test('a job that Flink forgot is reported until one of its name runs', () => {
    const lost = applyAll(empty, [jobSeen([{ id: 'a', name: 'orders' }]), jobSeen([])]);
    expect(worst(lost)).toMatchObject({ severity: 'error', text: 'orders is lost: Flink does not list it any more', command: 'why' });
    expect(worst(applyAll(lost, [jobSeen([{ id: 'b', name: 'orders' }])]))).toBeUndefined();
  });

  test('names with blanks are quoted, names that are not unique give way to the id', () => {
    expect(worst(applyAll(empty, restarting('Car Top')))?.command).toBe('why "Car Top"');
    const twins = applyAll(empty, [
      ...restarting('twin'),
      jobSeen([
        { id: 'a1b2c3d4e5', name: 'twin', state: 'RESTARTING' },
        { id: 'ffff', name: 'twin' },
      ]),
    ]);
    expect(worst(twins)?.command).toBe('why a1b2c3d4');
  });

  test('a broken pod comes before jobs, the JobManager before TaskManagers', () => {
    const broken = [
      podOf('taskmanager-1-1', { state: 'ImagePullBackOff', severity: 'error', message: 'not found' }),
      podOf('jobmanager-x2b7k', { state: 'CrashLoopBackOff', severity: 'error' }),
    ];
    expect(worst(applyAll(empty, [listed(broken), ...restarting('orders')]))).toEqual({
      severity: 'error',
      text: 'jobmanager-x2b7k CrashLoopBackOff',
      command: 'why jobmanager-x2b7k',
      about: 'pod c1-jobmanager-x2b7k',
      more: 2,
    });
  });

  test('a pod that no node takes is reported once, with one full stop at most', () => {
    const pod = podOf('jobmanager-g8hqz', {
      state: 'Unschedulable: 0/1 nodes are available: 1 Insufficient cpu',
      severity: 'warn',
      message: '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate.',
    });
    expect(worst(applyAll(empty, [listed([pod])]))?.text).toBe(
      'jobmanager-g8hqz Unschedulable: 0/1 nodes are available: 1 Insufficient cpu',
    );
  });

  test('a failed job is reported with its reason when nothing else is wrong', () => {
    const session = applyAll(empty, [
      jobSeen([{ id: 'a', name: 'fraud', state: 'FAILED' }]),
      { kind: 'job-details', at: T, jobId: 'a', checkpoints: undefined, restarts: undefined, exceptions: [exception(T, oomTrace)] },
    ]);
    expect(worst(session)?.text).toBe('fraud failed: OutOfMemoryError: Java heap space');
  });

  test('a cluster that was stopped from here has no problem, one that somebody else deleted is reported as that', () => {
    const stop: Change = {
      kind: 'operation',
      at: T,
      operation: {
        id: 'o',
        title: 'Stop c1',
        kind: 'stop',
        jobId: undefined,
        startedAt: T,
        endedAt: undefined,
        state: 'running',
        progress: undefined,
        result: undefined,
      },
    };
    expect(worst(applyAll(empty, [...restarting('orders'), stop, { kind: 'stopped', at: T }]))).toBeUndefined();
    expect(worst(applyAll(empty, [...restarting('orders'), { kind: 'stopped', at: T }]))).toMatchObject({
      text: 'c1 was deleted, and not from here: nothing of it is left',
    });
  });
});
