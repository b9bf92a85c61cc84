import { expect, test } from 'vitest';
import { checkpoints } from '../../../src/flink/schemas/checkpoints.ts';
import { dashboardConfig, overview } from '../../../src/flink/schemas/cluster.ts';
import { jobExceptions, jobsOverview } from '../../../src/flink/schemas/jobs.ts';
import type { CheckpointStatistics } from '../../../src/flink/types.ts';
import { projectPod } from '../../../src/native/pod-projection.ts';
import { stillAnswers } from '../../../src/session/recording/still-answers.ts';
import { type StillObject, stillObjects } from '../../../src/session/recording/still-objects.ts';
import { emptySession } from '../../../src/session/empty-session.ts';
import type { Pod, Session } from '../../../src/session/types.ts';
import { job } from '../../support/pods-and-jobs.ts';
import { exception, podOf, T, target } from '../build.ts';

const withContainer = (shortName: string, container: Partial<Pod['containers'][number]>, more: Partial<Pod>): Pod => {
  const whole = podOf(shortName);
  return { ...whole, containers: whole.containers.map((one) => ({ ...one, ...container })), ...more };
};

/** Pods as a cluster has them. */
const pods: readonly Pod[] = [
  podOf('jobmanager-x2b7k', { name: 'c1-6f7-x2b7k' }),
  podOf('taskmanager-1-1'),
  withContainer(
    'taskmanager-1-2',
    { state: 'terminated', reason: 'OOMKilled', exitCode: 137, endedAt: T },
    { state: 'OOMKilled (137)', severity: 'error', ready: 0 },
  ),
  withContainer(
    'taskmanager-1-3',
    { state: 'waiting', reason: 'CrashLoopBackOff', startedAt: undefined, restarts: 3, before: { reason: 'Error', exitCode: 1, at: T } },
    { state: 'CrashLoopBackOff', severity: 'error', ready: 0, restarts: 3 },
  ),
  podOf('taskmanager-1-4', { deletedAt: T, state: 'Terminating', severity: 'busy' }),
];
const session: Session = {
  ...emptySession(target),
  pods: new Map(pods.map((pod) => [pod.name, pod])),
  warnings: new Map([['a', { object: { kind: 'Pod', name: 'c1-taskmanager-1-3' }, reason: 'BackOff', message: 'again', at: T, count: 7 }]]),
};

const named = (kind: string, objects: readonly StillObject[]): readonly StillObject[] =>
  objects.filter((object) => object['kind'] === kind);

test('a pod that is served as an object again reads as the one that was recorded', () => {
  const read = named('Pod', stillObjects(session, T)).map((object) => projectPod(JSON.parse(JSON.stringify(object)), target.clusterId));
  const seen = ({ name, uid, role, state, ready, restarts, containers, createdAt, node, ip, memoryLimit }: Pod): unknown => ({
    name,
    uid,
    role,
    state,
    ready,
    restarts,
    containers,
    createdAt,
    node,
    ip,
    memoryLimit,
  });
  expect(read.map(seen)).toEqual(pods.map(seen));
});

test('what never changes of an object is that of the one that was seen whole, what changes is that of the moment', () => {
  const whole = new Map([
    [
      'uid-taskmanager-1-2',
      {
        metadata: { annotations: { a: '1' } },
        spec: { serviceAccountName: 'flink', containers: [{ name: 'flink-main-container', args: ['x'] }] },
        status: { phase: 'Running' },
      },
    ],
  ]);
  expect(named('Pod', stillObjects(session, T, whole))[2]).toMatchObject({
    metadata: { name: 'c1-taskmanager-1-2', annotations: { a: '1' } },
    spec: { serviceAccountName: 'flink', containers: [{ args: ['x'] }], nodeName: 'node-a' },
    status: { phase: 'Failed', containerStatuses: [{ state: { terminated: { reason: 'OOMKilled', exitCode: 137 } } }] },
  });
});

test('a warning is an event about its pod', () => {
  expect(named('Event', stillObjects(session, T))).toEqual([
    expect.objectContaining({
      type: 'Warning',
      reason: 'BackOff',
      count: 7,
      involvedObject: { kind: 'Pod', name: 'c1-taskmanager-1-3', namespace: 'default', uid: 'uid-taskmanager-1-3' },
    }),
  ]);
});

test('the answers of Flink read as what was recorded', () => {
  const statistics: CheckpointStatistics = {
    restored: 1,
    completed: 2,
    failed: 1,
    inProgress: 0,
    latestCompleted: undefined,
    latestSavepoint: undefined,
    latestFailed: undefined,
    latestRestored: { id: 6, at: T - 5, isSavepoint: false, path: 's3://c/6' },
    history: [
      {
        id: 7,
        status: 'COMPLETED',
        isSavepoint: false,
        triggeredAt: T - 9,
        endedAt: T - 2,
        durationMs: 7,
        sizeBytes: 100,
        acknowledged: 4,
        subtasks: 4,
        path: 's3://c/7',
        failure: undefined,
      },
      {
        id: 5,
        status: 'FAILED',
        isSavepoint: false,
        triggeredAt: T - 30,
        endedAt: T - 20,
        durationMs: 10,
        sizeBytes: 0,
        acknowledged: 1,
        subtasks: 4,
        path: undefined,
        failure: 'expired',
      },
    ],
  };
  const orders = job({ name: 'orders', checkpoints: statistics, exceptions: [exception(T, 'boom')] });
  const known: Session = {
    ...session,
    jobs: [orders],
    jobsKnown: true,
    overview: { taskManagers: 2, slotsTotal: 8, slotsAvailable: 1, flinkVersion: '2.3.0', flinkCommit: 'abc' },
    config: { refreshIntervalMs: 3_000, flinkVersion: '2.3.0', webSubmit: false, webCancel: false },
  };
  const answers = stillAnswers(known, T);
  const { checkpoints: _, restarts: __, exceptions, ...listed } = orders;
  expect(overview.parse(answers.get('/overview'))).toEqual(known.overview);
  expect(dashboardConfig.parse(answers.get('/config'))).toEqual(known.config);
  expect(jobsOverview.parse(answers.get('/jobs/overview'))).toEqual([listed]);
  expect(checkpoints.parse(answers.get(`/jobs/${orders.id}/checkpoints`))).toMatchObject(statistics);
  expect(jobExceptions.parse(answers.get(`/jobs/${orders.id}/exceptions`))).toEqual(exceptions);
});

test('what was not known is not answered', () => {
  expect([...stillAnswers(session, T).keys()]).toEqual([]);
});
