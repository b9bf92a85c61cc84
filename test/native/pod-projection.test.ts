import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { projectPod } from '../../src/native/pod-projection.ts';
import { podRow } from '../../src/session/selectors/pods.ts';
import { podColumns } from '../../src/session/tables/pods.ts';

/** Pods as a Kubernetes 1.34 showed them. */
const captured = JSON.parse(readFileSync(new URL('fixtures/pods.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, KubernetesObject>
>;
const project = (name: string) => projectPod(captured[name] ?? {}, 'c1');

test.each([
  ['running', 'Running', 'ok'],
  ['error', 'Error (1)', 'error'],
  ['oom-killed', 'OOMKilled (137)', 'error'],
  ['image-pull', 'ImagePullBackOff', 'error'],
  ['unschedulable', "Unschedulable: 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector", 'warn'],
  ['init-running', 'Init:1/2', 'busy'],
  ['init-error', 'Init:Error (3)', 'error'],
  ['config-error', 'CreateContainerConfigError', 'error'],
  ['completed', 'Completed', 'done'],
  ['terminating', 'Terminating', 'busy'],
  ['crash-loop', 'CrashLoopBackOff', 'error'],
])('a real pod that is %s has the state %s', (name, state, severity) => {
  expect(project(name)).toMatchObject({ state, severity });
});

test.each([undefined, 'NaN', '0001-01-01T00:00:00Z'])('a pod that was made at %s has no age', (creationTimestamp) => {
  const pod = projectPod(
    { metadata: { name: 'c1-taskmanager-1-1', ...(creationTimestamp === undefined ? {} : { creationTimestamp }) } },
    'c1',
  );
  expect(pod.createdAt).toBeUndefined();
  const age = podColumns.find(({ title }) => title === 'AGE');
  expect(age?.text(podRow(pod, false, undefined, false), { now: Date.parse('2026-11-22T12:00:00Z'), whole: true })).toBe('-');
});

test('a real pod is kept with what the screen needs', () => {
  expect(project('running')).toMatchObject({
    name: 'c1-taskmanager-1-1',
    shortName: 'taskmanager-1-1',
    role: 'taskmanager',
    node: 'drey',
    ready: 1,
    restarts: 0,
    createdAt: Date.parse('2026-11-22T12:59:43Z'),
    deletedAt: undefined,
    cpuLimit: 0.5,
    memoryLimit: 64 * 2 ** 20,
    message: undefined,
    containers: [
      { name: 'flink-main-container', image: 'flink:2.3.0', state: 'running', startedAt: Date.parse('2026-11-22T12:59:44Z'), init: false },
    ],
  });
  expect(project('terminating').deletedAt).toBeGreaterThan(0);
  expect(project('crash-loop')).toMatchObject({ restarts: 5, ready: 0 });
  expect(project('init-running').containers.map(({ name, init }) => [name, init])).toEqual([
    ['first', true],
    ['second', true],
    ['flink-main-container', false],
  ]);
});

test('a real TaskManager that Flink released is on its way out, not failed, although the kubelet calls it Error (143)', () => {
  for (const name of ['released', 'released-gone']) expect(project(name)).toMatchObject({ state: 'Terminating', severity: 'busy' });
  // The kubelet ends the time that it was given to stop; when its deletion was asked for stays the same, but for the rounding of seconds.
  const [leaving, gone] = [project('released').deletedAt ?? 0, project('released-gone').deletedAt ?? 0];
  expect(Math.abs(gone - leaving)).toBeLessThanOrEqual(1_000);
});

test('a crash loop says how the container ended last', () => {
  expect(project('crash-loop').message).toMatch(/^last ended with Error \(1\); back-off/);
  expect(project('image-pull').message).toContain('connection refused');
});

describe('states that a small cluster does not show', () => {
  const pod = (status: object, metadata: object = {}, spec: object = { containers: [{ name: 'main' }] }) =>
    projectPod({ metadata: { name: 'c1-taskmanager-1-1', ...metadata }, spec, status } as KubernetesObject, 'c1');
  const main = (state: object, given: object = {}) => ({
    phase: 'Running',
    containerStatuses: [{ name: 'main', ready: false, restartCount: 0, state, ...given }],
  });

  test.each([
    [
      'a container that ended in a pod that is not ready',
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [
          { name: 'main', ready: true, state: { running: {} } },
          { name: 'side', ready: false, state: { terminated: { reason: 'Completed', exitCode: 0 } } },
        ],
      },
      'NotReady',
      'warn',
    ],
    [
      'evicted with the exit codes that followed',
      {
        phase: 'Failed',
        reason: 'Evicted',
        message: 'The node was low on resource: memory.',
        containerStatuses: [{ name: 'main', state: { terminated: { reason: 'Error', exitCode: 137 } } }],
      },
      'Evicted',
      'error',
    ],
    [
      'ended by a node that shuts down',
      { phase: 'Failed', reason: 'Terminated', message: 'Pod was terminated in response to imminent node shutdown.' },
      'Terminated',
      'error',
    ],
    ['Evicted', { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' }, 'Evicted', 'error'],
    ['a lost phase', { phase: 'Unknown' }, 'Unknown', 'warn'],
    ['no status', {}, 'Unknown', 'warn'],
    ['not yet scheduled', { phase: 'Pending' }, 'Pending', 'busy'],
    [
      'a gate',
      { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
      'SchedulingGated',
      'busy',
    ],
    ['being created', main({ waiting: { reason: 'ContainerCreating' } }), 'ContainerCreating', 'busy'],
    ['first pull failed', main({ waiting: { reason: 'ErrImagePull' } }), 'ErrImagePull', 'error'],
    ['a signal', main({ terminated: { signal: 9, exitCode: 137 } }), 'Signal (9)', 'error'],
    ['an exit code alone', main({ terminated: { exitCode: 3 } }), 'Error (3)', 'error'],
    ['not ready', { ...main({ running: {} }), conditions: [{ type: 'Ready', status: 'False' }] }, 'NotReady', 'warn'],
    ['succeeded', { phase: 'Succeeded' }, 'Completed', 'done'],
    [
      'a sidecar that ended beside one that works',
      {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [
          { name: 'main', ready: true, state: { running: {} } },
          { name: 'side', ready: false, state: { terminated: { reason: 'Completed', exitCode: 0 } } },
        ],
      },
      'Running',
      'ok',
    ],
  ])('%s', (_name, status, state, severity) => {
    expect(pod(status)).toMatchObject({ state, severity });
  });

  test('a node that was lost', () => {
    expect(pod({ phase: 'Running', reason: 'NodeLost' }, { deletionTimestamp: '2026-11-22T11:00:00Z' }).state).toBe('Unknown');
  });

  test('a pod that failed stays failed while it is deleted', () => {
    expect(
      pod(
        { ...main({ terminated: { reason: 'OOMKilled', exitCode: 137 } }), phase: 'Failed' },
        { deletionTimestamp: '2026-11-22T11:00:00Z' },
      ).state,
    ).toBe('OOMKilled (137)');
  });

  test('a started sidecar among the init containers does not hold the pod up', () => {
    const spec = { containers: [{ name: 'main' }], initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] };
    const status = {
      ...main({ running: {} }, { ready: true }),
      initContainerStatuses: [{ name: 'proxy', started: true, state: { running: {} } }],
    };
    expect(pod(status, {}, spec).state).toBe('Running');
  });

  test.each([
    ['c1-f647b6cd9d-x2b7k', 'jobmanager', 'jobmanager', 'jobmanager-x2b7k'],
    ['c1-taskmanager-1-3', 'taskmanager', 'taskmanager', 'taskmanager-1-3'],
    ['c1-taskmanager-1-3', undefined, 'taskmanager', 'taskmanager-1-3'],
    ['elsewhere', undefined, 'jobmanager', 'elsewhere'],
  ])('the pod %s with the component %s is a %s named %s', (name, component, role, shortName) => {
    expect(pod({}, { name, labels: component === undefined ? {} : { component } })).toMatchObject({ role, shortName });
  });

  test('text from the server cannot move the cursor', () => {
    const { state, message } = pod(main({ waiting: { reason: 'Bad\u001b[2J', message: 'one\ntwo\u001b]0;title\u0007' } }));
    expect(`${state}${message}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });

  test('limits count only where every container has one', () => {
    const containers = (limits: readonly (string | undefined)[]) => ({
      containers: limits.map((memory, n) => ({ name: String(n), resources: memory === undefined ? {} : { limits: { memory } } })),
    });
    expect(pod({}, {}, containers(['1Gi', '512Mi'])).memoryLimit).toBe(1.5 * 2 ** 30);
    expect(pod({}, {}, containers(['1Gi', undefined])).memoryLimit).toBeUndefined();
  });
});
