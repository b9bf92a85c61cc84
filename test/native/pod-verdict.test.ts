import { describe, expect, test } from 'vitest';
import type { PodObject } from '../../src/native/objects.ts';
import { podVerdict } from '../../src/native/pod-verdict.ts';

const main = { name: 'flink-main-container' };
const proxy = { name: 'proxy', restartPolicy: 'Always' };
const fetch = { name: 'fetch' };
const running = { running: { startedAt: '2026-11-22T12:00:00Z' } };
const ended = (exitCode: number, reason = exitCode === 0 ? 'Completed' : 'Error', finishedAt = '2026-11-22T12:00:30Z') => ({
  terminated: { exitCode, reason, finishedAt },
});
const waiting = (reason: string) => ({ waiting: { reason } });
const status = (name: string, state: object, given: object = {}) => ({ name, state, ready: 'running' in state, restartCount: 0, ...given });
const conditions = (given: Readonly<Record<string, boolean>>) =>
  Object.entries(given).map(([type, is]) => ({ type, status: is ? 'True' : 'False' }));

function pod(init: readonly object[], of: object, metadata: object = {}): PodObject {
  return { metadata, spec: { containers: [main], initContainers: init }, status: of } as PodObject;
}

const words = (each: PodObject): string => {
  const { state, ready, restarts } = podVerdict(each);
  const total =
    (each.spec?.containers?.length ?? 0) +
    (each.spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always').length ?? 0);
  return `${ready}/${total} ${state} ${restarts}`;
};

describe('READY, STATUS and RESTARTS are those of kubectl get pods', () => {
  test.each([
    [
      'a sidecar beside the main container',
      pod([proxy], {
        phase: 'Running',
        initContainerStatuses: [status('proxy', running, { started: true })],
        containerStatuses: [status(main.name, running)],
      }),
      '2/2 Running 0',
    ],
    [
      'a sidecar that is not ready',
      pod([proxy], {
        phase: 'Running',
        conditions: conditions({ Initialized: true, Ready: false }),
        initContainerStatuses: [status('proxy', running, { started: true, ready: false })],
        containerStatuses: [status(main.name, running)],
      }),
      '1/2 NotReady 0',
    ],
    [
      'a sidecar in a crash loop beside a main container that works',
      pod([proxy], {
        phase: 'Running',
        conditions: conditions({ Initialized: true, Ready: false }),
        initContainerStatuses: [status('proxy', waiting('CrashLoopBackOff'), { started: false, restartCount: 3, lastState: ended(1) })],
        containerStatuses: [status(main.name, running)],
      }),
      '1/2 Init:CrashLoopBackOff 3',
    ],
    [
      'a sidecar that just ended beside a main container that works',
      pod([proxy], {
        phase: 'Running',
        conditions: conditions({ Initialized: true, Ready: false }),
        initContainerStatuses: [status('proxy', ended(1), { started: false, restartCount: 2 })],
        containerStatuses: [status(main.name, running)],
      }),
      '1/2 Init:Error (1) 2',
    ],
    [
      'a sidecar that cannot start before the main container',
      pod([proxy], {
        phase: 'Pending',
        conditions: conditions({ Initialized: false }),
        initContainerStatuses: [status('proxy', waiting('CrashLoopBackOff'), { started: false, restartCount: 4 })],
        containerStatuses: [status(main.name, waiting('PodInitializing'))],
      }),
      '0/2 Init:CrashLoopBackOff 4',
    ],
    [
      'a sidecar that starts',
      pod([proxy], {
        phase: 'Pending',
        conditions: conditions({ Initialized: false }),
        initContainerStatuses: [status('proxy', running, { started: false, ready: false })],
        containerStatuses: [status(main.name, waiting('PodInitializing'))],
      }),
      '0/2 Init:0/1 0',
    ],
    [
      'restarts of both',
      pod([proxy], {
        phase: 'Running',
        conditions: conditions({ Initialized: true }),
        initContainerStatuses: [status('proxy', running, { started: true, restartCount: 5 })],
        containerStatuses: [status(main.name, running, { restartCount: 2 })],
      }),
      '2/2 Running 7',
    ],
    [
      'an init container that fails again and again',
      pod([fetch], {
        phase: 'Pending',
        conditions: conditions({ Initialized: false }),
        initContainerStatuses: [status('fetch', ended(4), { restartCount: 6 })],
        containerStatuses: [status(main.name, waiting('PodInitializing'))],
      }),
      '0/1 Init:Error (4) 6',
    ],
    [
      'the restarts of an init container do not count once it is through',
      pod([fetch], {
        phase: 'Running',
        conditions: conditions({ Initialized: true }),
        initContainerStatuses: [status('fetch', ended(0), { restartCount: 3 })],
        containerStatuses: [status(main.name, running)],
      }),
      '1/1 Running 0',
    ],
    [
      'a sidecar after an init container that works',
      pod([fetch, proxy], {
        phase: 'Pending',
        conditions: conditions({ Initialized: false }),
        initContainerStatuses: [status('fetch', running, { started: true, ready: false }), status('proxy', waiting('PodInitializing'))],
        containerStatuses: [status(main.name, waiting('PodInitializing'))],
      }),
      '0/2 Init:0/2 0',
    ],
    [
      'a main container in a crash loop beside a sidecar',
      pod([proxy], {
        phase: 'Running',
        conditions: conditions({ Initialized: true }),
        initContainerStatuses: [status('proxy', running, { started: true })],
        containerStatuses: [status(main.name, waiting('CrashLoopBackOff'), { restartCount: 3 })],
      }),
      '1/2 CrashLoopBackOff 3',
    ],
    [
      'a sidecar that ended with 0 after the main container',
      pod([proxy], {
        phase: 'Succeeded',
        initContainerStatuses: [status('proxy', ended(0))],
        containerStatuses: [status(main.name, ended(0))],
      }),
      '0/2 Completed 0',
    ],
    [
      'a sidecar that was killed',
      pod([proxy], {
        phase: 'Running',
        conditions: conditions({ Initialized: true, Ready: false }),
        initContainerStatuses: [status('proxy', ended(137, 'OOMKilled'), { started: false, restartCount: 1 })],
        containerStatuses: [status(main.name, running)],
      }),
      '1/2 Init:OOMKilled (137) 1',
    ],
    [
      'a main container in a crash loop beside a sidecar in one',
      pod([proxy], {
        phase: 'Running',
        conditions: conditions({ Initialized: true, Ready: false }),
        initContainerStatuses: [status('proxy', ended(1), { started: false, restartCount: 2 })],
        containerStatuses: [status(main.name, waiting('CrashLoopBackOff'), { restartCount: 3 })],
      }),
      '0/2 CrashLoopBackOff 5',
    ],
    [
      'an init container that has not started',
      pod([fetch], {
        phase: 'Pending',
        conditions: conditions({ Initialized: false }),
        initContainerStatuses: [status('fetch', waiting('PodInitializing'))],
        containerStatuses: [status(main.name, waiting('PodInitializing'))],
      }),
      '0/1 Init:0/1 0',
    ],
    [
      'the reason of the pod if its containers give none',
      pod([], { phase: 'Running', reason: 'NodeLost', containerStatuses: [status(main.name, running)] }),
      '1/1 NodeLost 0',
    ],
    [
      'gates on its readiness',
      pod([], { phase: 'Running', conditions: conditions({ Ready: false }), containerStatuses: [status(main.name, running)] }),
      '1/1 NotReady 0',
    ],
  ])('%s', (_what, each, expected) => expect(words(each)).toBe(expected));
});

describe('a pod that is being deleted', () => {
  /** Deletion was asked for at 12:00:30. */
  const leaving = { deletionTimestamp: '2026-11-22T12:01:00Z', deletionGracePeriodSeconds: 30 };
  const ending = (state: object, given: object = {}) =>
    pod([], { phase: 'Failed', containerStatuses: [status(main.name, state, { ready: false })], ...given }, leaving);

  test.each([
    ['by SIGTERM', 143, '2026-11-22T12:00:32Z'],
    ['in the second in which it was asked to', 143, '2026-11-22T12:00:30Z'],
    ['with success', 0, '2026-11-22T12:00:32Z'],
    ['by SIGKILL after its time was over', 137, '2026-11-22T12:01:00Z'],
    ['by its own shutdown watchdog, later than it was asked to', 239, '2026-11-22T12:00:35Z'],
  ])('and ended %s is no failure', (_how, code, at) =>
    expect(podVerdict(ending(ended(code, 'Error', at)))).toMatchObject({ state: 'Terminating', severity: 'busy' }),
  );

  test.each([
    ['had failed long before', ended(143, 'Error', '2026-11-22T11:59:00Z'), 'Error (143)'],
    ['had failed with its own code', ended(1, 'Error', '2026-11-22T12:00:29Z'), 'Error (1)'],
    ['may have failed fatally before', ended(239, 'Error', '2026-11-22T12:00:30Z'), 'Error (239)'],
    ['failed fatally at no known time', ended(239, 'Error', 'NaN'), 'Error (239)'],
    ['was killed for its memory', ended(137, 'OOMKilled', '2026-11-22T12:00:31Z'), 'OOMKilled (137)'],
  ])('and %s keeps its reason', (_what, state, expected) =>
    expect(podVerdict(ending(state))).toMatchObject({ state: expected, severity: 'error' }),
  );

  test('and was evicted says so, whatever its exit code', () => {
    expect(
      podVerdict(ending(ended(143), { reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage.' })),
    ).toMatchObject({ state: 'Evicted', severity: 'error' });
  });

  test('by the eviction API says by whom', () => {
    const drained = pod(
      [],
      {
        phase: 'Running',
        conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' }],
        containerStatuses: [status(main.name, running)],
      },
      leaving,
    );
    expect(podVerdict(drained)).toMatchObject({ state: 'Terminating', message: 'EvictionByEvictionAPI: Eviction API: evicting' });
  });
});

test('a pod that no node takes says so in one sentence, without a full stop', () => {
  const state = (message: string) =>
    podVerdict(pod([], { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }] }))
      .state;
  expect(
    state(
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    ),
  ).toBe('Unschedulable: 0/1 nodes are available: 1 Insufficient cpu');
  expect(state('0/1 nodes are available: 1 Insufficient cpu.')).toBe('Unschedulable: 0/1 nodes are available: 1 Insufficient cpu');
});
