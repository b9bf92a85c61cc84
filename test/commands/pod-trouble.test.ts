import { describe, expect, test } from 'vitest';
import { waitUntilReady } from '../../src/cluster/deploy/wait-ready.ts';
import { warningOf } from '../../src/native/events.ts';
import type { EventObject } from '../../src/native/objects.ts';
import { projectPod } from '../../src/native/pod-projection.ts';
import { selectWorst } from '../../src/session/selectors/worst.ts';
import { Problem } from '../../src/support/problem.ts';
import { FakeKubernetes } from '../cluster-room/fake-kubernetes.ts';
import { aDeployment, aPod } from '../cluster-room/objects.ts';
import { fakeFlink, fakeKubernetes, start } from '../support/fakes.ts';
import { desk } from './desk.ts';

const stampAt = (secondsAgo: number): string => new Date(start - secondsAgo * 1_000).toISOString();
const name = 'c1-6c469d8f4f-abcde';

interface Case {
  /** Of the pod, and what its specification has beside the main container. */
  readonly status: object;
  readonly spec?: object;
  readonly event?: readonly [reason: string, message: string];
  /** What stands behind the pod's name, wherever it is named. */
  readonly words: string;
  /** What `why` calls the root cause, and `deploy --wait` has to name. */
  readonly cause?: string | undefined;
  readonly advice?: string;
}

const waiting = (reason: string, message?: string, more: object = {}) => ({
  name: 'flink-main-container',
  state: { waiting: { reason, message } },
  restartCount: 0,
  ...more,
});
const pending = (...containerStatuses: readonly object[]) => ({ phase: 'Pending', containerStatuses });
const ended = (exitCode: number, reason: string, message?: string) => ({
  terminated: { exitCode, reason, message, finishedAt: stampAt(20) },
});
const initial = { initContainers: [{ name: 'fetch' }] };
const sidecar = { initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] };
const beside = { name: 'flink-main-container', state: { running: { startedAt: stampAt(50) } }, ready: true, restartCount: 0 };
const notReady = (message?: string) => [
  { type: 'Initialized', status: 'True' },
  { type: 'Ready', status: 'False', message },
];

const cases: Readonly<Record<string, Case>> = {
  'a Secret that is mounted and does not exist': {
    status: pending(waiting('ContainerCreating')),
    event: ['FailedMount', 'MountVolume.SetUp failed for volume "nosuch-volume" : secret "nosuch" not found'],
    words: 'ContainerCreating: MountVolume.SetUp failed for volume "nosuch-volume" : secret "nosuch" not found',
    cause: 'MountVolume.SetUp failed for volume "nosuch-volume" : secret "nosuch" not found',
  },
  'a ConfigMap that is mounted and does not exist': {
    status: pending(waiting('ContainerCreating')),
    event: ['FailedMount', 'MountVolume.SetUp failed for volume "hadoop-config-volume" : configmap "hadoop" not found'],
    words: 'ContainerCreating: MountVolume.SetUp failed for volume "hadoop-config-volume" : configmap "hadoop" not found',
    cause: 'MountVolume.SetUp failed for volume "hadoop-config-volume" : configmap "hadoop" not found',
  },
  'a Secret that is missing in the environment': {
    status: pending(waiting('CreateContainerConfigError', 'secret "nosuch" not found')),
    words: 'CreateContainerConfigError: secret "nosuch" not found',
    cause: 'secret "nosuch" not found',
  },
  'an init container that failed': {
    spec: initial,
    status: {
      ...pending(waiting('PodInitializing')),
      initContainerStatuses: [{ name: 'fetch', state: ended(4, 'Error'), restartCount: 0 }],
    },
    words: 'Init:Error (4)',
  },
  'an init container that fails again and again': {
    spec: initial,
    status: {
      ...pending(waiting('PodInitializing')),
      initContainerStatuses: [
        { name: 'fetch', state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(4, 'Error'), restartCount: 3 },
      ],
    },
    words: 'Init:CrashLoopBackOff: last ended with Error (4)',
  },
  'a sidecar that crashes beside a JobManager that works': {
    spec: sidecar,
    status: {
      phase: 'Running',
      conditions: notReady(),
      containerStatuses: [beside],
      initContainerStatuses: [
        { name: 'proxy', state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: ended(1, 'Error'), restartCount: 3 },
      ],
    },
    words: 'Init:CrashLoopBackOff: last ended with Error (1)',
  },
  'a sidecar that is not ready': {
    spec: sidecar,
    status: {
      phase: 'Running',
      conditions: notReady('containers with unready status: [proxy]'),
      containerStatuses: [beside],
      initContainerStatuses: [{ name: 'proxy', state: { running: {} }, started: true, ready: false }],
    },
    words: 'NotReady: containers with unready status: [proxy]',
  },
  'an image that does not exist': {
    status: pending(waiting('ErrImagePull', 'failed to pull image "x": not found')),
    words: 'ErrImagePull: failed to pull image "x": not found',
    cause: 'failed to pull image "x": not found',
    advice: 'kubernetes.container.image.ref',
  },
  'an image that does not exist, where only the event says it': {
    status: pending(waiting('ImagePullBackOff', 'Back-off pulling image "x"')),
    event: ['Failed', 'Failed to pull image "x": not found'],
    words: 'ImagePullBackOff: Failed to pull image "x": not found',
    cause: 'Failed to pull image "x": not found',
    advice: 'kubernetes.container.image.ref',
  },
  'an image without a right name': {
    status: pending(waiting('InvalidImageName', 'couldn\'t parse image name "X"')),
    words: 'InvalidImageName: couldn\'t parse image name "X"',
    cause: 'couldn\'t parse image name "X"',
    advice: 'kubernetes.container.image.ref',
  },
  'a command that is not in the image': {
    status: pending(
      waiting('CrashLoopBackOff', undefined, {
        restartCount: 2,
        lastState: ended(128, 'StartError', 'exec: "nosuch": executable file not found in $PATH'),
      }),
    ),
    words: 'CrashLoopBackOff: last ended with StartError (128): exec: "nosuch": executable file not found in $PATH',
    cause: 'last ended with StartError (128): exec: "nosuch": executable file not found in $PATH',
  },
  'no node with room': {
    status: {
      phase: 'Pending',
      conditions: [
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available.',
        },
      ],
    },
    words: 'Unschedulable: 0/1 nodes are available: 1 Insufficient cpu',
    cause: '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available',
    advice: 'kubernetes.jobmanager.cpu.amount',
  },
  'too little memory': {
    status: pending({ name: 'flink-main-container', state: ended(137, 'OOMKilled'), restartCount: 0 }),
    words: 'OOMKilled (137)',
    cause: 'the kernel killed it because it used more memory than its limit',
    advice: 'jobmanager.memory.process.size',
  },
  'an end again and again with exit code 0': {
    status: pending(waiting('CrashLoopBackOff', undefined, { restartCount: 2, lastState: ended(0, 'Completed') })),
    words: 'CrashLoopBackOff: last ended with Completed',
  },
  'a node that ran out of memory': {
    status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' },
    words: 'Evicted: The node was low on resource: memory',
    cause: 'The node was low on resource: memory',
  },
};

const podOf = ({ status, spec }: Case) => {
  const pod = aPod(name, { ready: false, status, createdAt: stampAt(60) });
  return { ...pod, spec: { ...(pod as { readonly spec?: object }).spec, ...spec } } as typeof pod;
};
const eventOf = (kind: string, of: string, [reason, message]: readonly [string, string]) =>
  ({
    kind: 'Event',
    metadata: { name: `${of}.1` },
    involvedObject: { kind, name: of },
    type: 'Warning',
    reason,
    message,
    firstTimestamp: stampAt(40),
    lastTimestamp: stampAt(5),
    count: 5,
  }) as EventObject & { readonly kind: string };

/** What the line `!` and `why` say on the screen. */
async function onScreen(pods: readonly ReturnType<typeof aPod>[], events: readonly EventObject[]) {
  const refused = (): Promise<never> => Promise.reject(new Problem('forbidden', 'Not here.'));
  const at = desk({
    kubernetes: fakeKubernetes({ followLog: refused, get: refused, list: refused }),
    flink: fakeFlink({ clusterConfiguration: refused }),
  });
  at.store.pods(...pods.map((pod) => projectPod(pod, 'c1')));
  at.store.source('events', 'live');
  at.store.tell([{ kind: 'events-listed', at: start }]);
  at.store.tell(
    events.flatMap((event) => warningOf(event, start) ?? []).map((warning) => ({ kind: 'warning', at: start, warning }) as const),
  );
  const ran = at.run('why');
  // Flink, which is not there yet, is given a moment to answer.
  await at.clock.advance(1_000);
  await ran;
  const finding = at.front.views.flatMap((view) => (view.kind === 'why' ? view.card.findings : []))[0];
  return { worst: selectWorst(at.store.get(), start)?.text, cause: finding?.cause, advice: finding?.advice.join(' ') ?? '' };
}

/** What `deploy --wait` says on the way, and at its end. */
async function whileWaiting(kubernetes: FakeKubernetes) {
  const said: string[] = [];
  let now = start;
  const error: unknown = await waitUntilReady({
    kubernetes,
    clusterId: 'c1',
    namespace: 'default',
    answers: async () => {},
    timeoutMs: 60_000,
    signal: new AbortController().signal,
    clock: {
      now: () => now,
      monotonic: () => now,
      async sleep(ms) {
        now += ms;
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    report: ({ text }) => said.push(text),
  }).catch((thrown: unknown) => thrown);
  return { said, error: error as Problem };
}

describe('the screen and deploy --wait say the same of a JobManager that does not start', () => {
  test.each(Object.entries(cases))('%s', async (_what, each) => {
    const events = each.event === undefined ? [] : [eventOf('Pod', name, each.event)];
    const screen = await onScreen([podOf(each)], events);
    const { error } = await whileWaiting(new FakeKubernetes([aDeployment(), podOf(each), ...events]));
    expect(screen.worst).toBe(`jobmanager-abcde ${each.words}`);
    expect(screen.cause).toBe(each.cause);
    expect(error.message).toMatch(
      /^Cluster c1 (?:cannot start|is not ready after 1m; it is still starting)\. Pod c1-6c469d8f4f-abcde(?: \(\w+ ?\w* \w+\))?: /,
    );
    expect(error.message).toContain(`: ${each.words}.`);
    expect(screen.advice).toContain(each.advice ?? '');
    expect(error.hint ?? '').toContain(each.advice ?? '');
  });

  test.each([
    [
      'a service account that does not exist',
      'pods "c1-6c469d8f4f-" is forbidden: error looking up service account default/nosuch: serviceaccount "nosuch" not found',
      'kubernetes.service-account',
    ],
    [
      'a quota that is used up',
      'pods "c1-6c469d8f4f-abcde" is forbidden: exceeded quota: q, requested: cpu=1, used: cpu=1, limited: cpu=1',
      'kubernetes.jobmanager.cpu.amount',
    ],
    [
      'a limit range',
      'pods "c1-6c469d8f4f-abcde" is forbidden: maximum cpu usage per Container is 500m, but limit is 1',
      'kubernetes.jobmanager.cpu.amount',
    ],
  ])('%s, so that there is no pod', async (_what, message, advice) => {
    const screen = await onScreen([], [eventOf('ReplicaSet', 'c1-6c469d8f4f', ['FailedCreate', `Error creating: ${message}`])]);
    const { error } = await whileWaiting(
      new FakeKubernetes([
        {
          ...aDeployment(),
          status: { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }] },
        } as ReturnType<typeof aDeployment>,
      ]),
    );
    expect(screen).toMatchObject({ worst: expect.stringContaining(message), cause: message, advice: expect.stringContaining(advice) });
    expect(error.message).toContain(`The JobManager pod cannot be created: ${message}.`);
    expect(error.hint).toContain(advice);
  });
});

test('deploy --wait names the container that stands in the way, if that is not the one that runs Flink', async () => {
  const { error } = await whileWaiting(new FakeKubernetes([aDeployment(), podOf(cases['an init container that fails again and again']!)]));
  expect(error.message).toContain('Pod c1-6c469d8f4f-abcde (init container fetch): Init:CrashLoopBackOff');
  const beside = await whileWaiting(
    new FakeKubernetes([aDeployment(), podOf(cases['a sidecar that crashes beside a JobManager that works']!)]),
  );
  expect(beside.error.message).toContain('Pod c1-6c469d8f4f-abcde (container proxy): Init:CrashLoopBackOff');
});

test('what belongs to most starts is named only when the time is over', async () => {
  const starting = { status: pending(waiting('ContainerCreating')), words: 'ContainerCreating' };
  const { said, error } = await whileWaiting(new FakeKubernetes([aDeployment(), podOf(starting)]));
  expect(said).toEqual(['Pod c1-6c469d8f4f-abcde was created.']);
  expect(error.message).toBe('Cluster c1 is not ready after 1m; it is still starting. Pod c1-6c469d8f4f-abcde is still ContainerCreating.');
});
