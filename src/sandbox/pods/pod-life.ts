import { numberOf, recordOf, recordsOf, stamp, textOf, type ApiObject } from '../api/objects.ts';
import { NODES } from '../api/resources.ts';
import type { ObjectReader } from '../api/store.ts';
import { backOff, backOffMessage } from './back-off.ts';
import type { EventNote } from './event-recorder.ts';
import { initBackOff, initialize } from './init-containers.ts';
import { missingClaim, missingVariable, unmountable } from './needs.ts';
import { containerId, names, NODE, podStatus, unschedulable, waitingPod, type ContainerState } from './pod-status.ts';
import { cpuOf } from './quantities.ts';
import { AT_ONCE, kubeletEvent, scheduled, type Span, type Stage, type Step, type Surroundings } from './step.ts';

/** How a container's processes ended. */
export interface Termination {
  readonly exitCode: number;
  readonly reason: string;
}

/** An image whose name says that it does not exist is never pulled. */
const MISSING_IMAGE = /missing|no-such|does-not-exist|not-there/;

/** Milliseconds until the scheduler looks again at a pod that no node takes, and the kubelet at a container that it cannot create. */
const TRY_AGAIN: Span = [2_000, 2_000];
const MOUNT_AGAIN: Span = [500, 500];

/** What the scheduler or the kubelet does with a pod at this stage. */
export function stepOf(stage: Stage, pod: ApiObject, around: Surroundings): Step {
  switch (stage.kind) {
    case 'schedule':
      return schedule(pod, around);
    case 'mount':
      return mount(pod, around);
    case 'initialize':
      return initialize(pod, stage, around);
    case 'init-back-off':
      return initBackOff(pod, stage, around.now);
    case 'pull':
      return pull(pod, stage.tries, around.now);
    case 'pull-back-off':
      return pullBackOff(pod, stage.tries, around.now);
    case 'create':
      return create(pod, around);
    case 'start':
      return start(pod, around.now);
    case 'crash-back-off':
      return crashBackOff(pod, stage.restarts, stage.ended, around.now);
    case 'restart':
      return restart(pod, stage.restarts, stage.ended, around.now);
  }
}

function schedule(pod: ApiObject, { objects, nodeFull, now }: Surroundings): Step {
  if (textOf(pod['spec'], 'nodeName') !== undefined) return { pod, events: [], next: [] };
  const message = noPlace(pod, objects, nodeFull);
  if (message !== undefined) {
    const next = [{ stage: { kind: 'schedule' }, after: TRY_AGAIN }] as const;
    const known = recordsOf(pod['status'], 'conditions').some((condition) => condition['message'] === message);
    if (known) return { pod, events: [], next };
    const failed: EventNote = { type: 'Warning', reason: 'FailedScheduling', message, source: 'default-scheduler', at: now };
    return { pod: unschedulable(pod, message, now), events: [failed], next };
  }
  const bound: ApiObject = { ...pod, spec: { ...recordOf(pod, 'spec'), nodeName: NODE } };
  const reason = recordsOf(pod['spec'], 'initContainers').length > 0 ? 'PodInitializing' : 'ContainerCreating';
  return {
    pod: waitingPod(bound, now, reason),
    events: [scheduled(pod, now)],
    next: [{ stage: { kind: 'mount' }, after: [350, 700] }],
  };
}

/** Why no node takes it, in the scheduler's words. */
function noPlace(pod: ApiObject, objects: ObjectReader, nodeFull: boolean): string | undefined {
  const capacity = cpuOf(textOf(recordOf(objects.list(NODES)[0]?.['status'], 'allocatable'), 'cpu'));
  const wanted = recordsOf(pod['spec'], 'containers').reduce(
    (sum, one) => sum + cpuOf(recordOf(recordOf(one, 'resources'), 'requests')['cpu']),
    0,
  );
  if (wanted > capacity || nodeFull)
    return '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
  return missingClaim(objects, pod);
}

function mount(pod: ApiObject, { objects, now }: Surroundings): Step {
  const failed = unmountable(objects, pod);
  return failed === undefined
    ? { pod, events: [], next: [{ stage: { kind: 'initialize', index: 0, restarts: 0 }, after: AT_ONCE }] }
    : { pod, events: [kubeletEvent(now, 'FailedMount', failed, 'Warning')], next: [{ stage: { kind: 'mount' }, after: MOUNT_AGAIN }] };
}

const imageOf = (pod: ApiObject): string => textOf(recordsOf(pod['spec'], 'containers')[0], 'image') ?? '';

const pullFailure = (image: string): string =>
  `Failed to pull image "${image}": failed to pull and unpack image "docker.io/library/${image}": failed to resolve reference "docker.io/library/${image}": docker.io/library/${image}: not found`;

const pulled = (pod: ApiObject, at: number): EventNote =>
  kubeletEvent(at, 'Pulled', `Container image "${imageOf(pod)}" already present on machine`);
const created = (pod: ApiObject, at: number): EventNote => kubeletEvent(at, 'Created', `Created container: ${names(pod)[0]}`);
export const started = (pod: ApiObject, at: number): EventNote => kubeletEvent(at, 'Started', `Started container ${names(pod)[0]}`);

function pull(pod: ApiObject, tries: number, now: number): Step {
  const image = imageOf(pod);
  if (!MISSING_IMAGE.test(image)) return { pod, events: [pulled(pod, now)], next: [{ stage: { kind: 'create' }, after: AT_ONCE }] };
  const message = pullFailure(image);
  return {
    pod: waitingPod(pod, now, 'ErrImagePull', message),
    events: [kubeletEvent(now, 'Pulling', `Pulling image "${image}"`), kubeletEvent(now, 'Failed', message, 'Warning')],
    next: [{ stage: { kind: 'pull-back-off', tries }, after: [1_500, 1_500] }],
  };
}

function pullBackOff(pod: ApiObject, tries: number, now: number): Step {
  const backingOff = `Back-off pulling image "${imageOf(pod)}"`;
  const wait = Math.min(10_000 * tries, 300_000);
  return {
    pod: waitingPod(pod, now, 'ImagePullBackOff', `${backingOff}: ${pullFailure(imageOf(pod))}`),
    events: [kubeletEvent(now, 'BackOff', backingOff)],
    next: [{ stage: { kind: 'pull', tries: tries + 1 }, after: [wait, wait] }],
  };
}

function create(pod: ApiObject, { objects, now }: Surroundings): Step {
  const missing = missingVariable(objects, pod);
  if (missing === undefined) return { pod, events: [created(pod, now)], next: [{ stage: { kind: 'start' }, after: [250, 500] }] };
  return {
    pod: waitingPod(pod, now, 'CreateContainerConfigError', missing),
    events: [kubeletEvent(now, 'Failed', `Error: ${missing}`, 'Warning')],
    next: [{ stage: { kind: 'create' }, after: TRY_AGAIN }],
  };
}

const start = (pod: ApiObject, now: number): Step => running(pod, 0, now, [started(pod, now)]);

const restart = (pod: ApiObject, restarts: number, ended: ContainerState, now: number): Step =>
  running(pod, restarts + 1, now, [pulled(pod, now), created(pod, now), started(pod, now)], ended);

/** The containers run, after this many restarts. */
export function running(pod: ApiObject, restarts: number, now: number, events: readonly EventNote[], lastState?: ContainerState): Step {
  const podIP = textOf(pod['status'], 'podIP') ?? addressOf(pod);
  const part = {
    state: { running: { startedAt: stamp(now) } },
    ready: true,
    restartCount: restarts,
    ...(lastState === undefined ? {} : { lastState }),
  };
  const status = podStatus(pod, 'Running', part, now, { podIP, podIPs: [{ ip: podIP }] });
  return { pod: { ...pod, status }, events, next: [], starts: true };
}

/** An address of the pod network that follows from the pod's random uid: 10.244.0.2 to 10.244.0.250. */
const addressOf = ({ metadata: { uid } }: ApiObject): string => `10.244.0.${2 + (parseInt(uid.slice(0, 8), 16) % 249)}`;

/** The main container ended. With `restartPolicy: Never` so does the pod; otherwise the container starts again, after a longer wait each time. */
export function containerEnded(pod: ApiObject, how: Termination, now: number): Step {
  const restarts = restartsOf(pod);
  const ended = terminated(pod, how, now);
  const down = (phase: string): ApiObject => ({
    ...pod,
    status: podStatus(pod, phase, { state: ended, ready: false, restartCount: restarts }, now),
  });
  if (textOf(pod['spec'], 'restartPolicy') === 'Never')
    return { pod: down(how.exitCode === 0 ? 'Succeeded' : 'Failed'), events: [], next: [] };
  if (restarts === 0)
    return { pod: down('Running'), events: [], next: [{ stage: { kind: 'restart', restarts, ended }, after: [700, 700] }] };
  const wait = 1_200 + backOff(restarts) * 1_000;
  return {
    pod: down('Running'),
    events: [],
    next: [
      { stage: { kind: 'crash-back-off', restarts, ended }, after: [700, 1_200] },
      { stage: { kind: 'restart', restarts, ended }, after: [wait, wait] },
    ],
  };
}

function crashBackOff(pod: ApiObject, restarts: number, ended: ContainerState, now: number): Step {
  const [container = ''] = names(pod);
  const full = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  const state: ContainerState = { waiting: { reason: 'CrashLoopBackOff', message: backOffMessage(restarts, container, full) } };
  return {
    pod: {
      ...pod,
      status: podStatus(pod, 'Running', { state, ready: false, restartCount: restarts, lastState: ended }, now),
    },
    events: [kubeletEvent(now, 'BackOff', `Back-off restarting failed container ${container} in pod ${full}`, 'Warning')],
    next: [],
  };
}

/** A pod that is being deleted, after its processes have ended. */
export const deletedPod = (pod: ApiObject, how: Termination, now: number): ApiObject => ({
  ...pod,
  status: podStatus(pod, 'Failed', { state: terminated(pod, how, now), ready: false, restartCount: restartsOf(pod) }, now),
});

/** The state of the main container when it ends now. */
function terminated(pod: ApiObject, { exitCode, reason }: Termination, now: number): ContainerState {
  const at = stamp(now);
  return {
    terminated: { exitCode, reason, startedAt: startOf(pod) ?? at, finishedAt: at, containerID: containerId(pod, restartsOf(pod)) },
  };
}

/** When its main container started; undefined: it does not run. */
export const startOf = (pod: ApiObject): string | undefined =>
  textOf(recordOf(recordOf(recordsOf(pod['status'], 'containerStatuses')[0], 'state'), 'running'), 'startedAt');

const restartsOf = (pod: ApiObject): number => numberOf(recordsOf(pod['status'], 'containerStatuses')[0], 'restartCount') ?? 0;
