import { recordOf, recordsOf, stamp, textOf, type ApiObject, type JsonObject } from '../api/objects.ts';

export const NODE = 'sandbox-node';
export const NODE_ADDRESS = '127.0.0.1';

export type ContainerState =
  | { readonly waiting: { readonly reason: string; readonly message?: string } }
  | { readonly running: { readonly startedAt: string } }
  | {
      readonly terminated: {
        readonly exitCode: number;
        readonly reason: string;
        readonly startedAt: string;
        readonly finishedAt: string;
        readonly containerID: string;
      };
    };

interface ContainerPart {
  readonly state: ContainerState;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly lastState?: ContainerState;
  /** The init container that has not succeeded yet; absent: all of them have. */
  readonly init?: InitPart;
}

export interface InitPart {
  readonly name: string;
  readonly state: ContainerState;
  /** How often it was started again. */
  readonly restartCount: number;
  readonly lastState?: ContainerState;
}

const INITIALIZING: ContainerState = { waiting: { reason: 'PodInitializing' } };

/** The status of a pod whose containers are all in the same state: only one of them matters in Flink's pods. */
export function podStatus(pod: ApiObject, phase: string, part: ContainerPart, at: number, more: JsonObject = {}): JsonObject {
  const before = recordOf(pod, 'status');
  const ready = part.ready ? 'True' : 'False';
  const scheduled = textOf(before, 'startTime') ?? stamp(at);
  const changed = (type: string, status: string, detail: JsonObject = {}): JsonObject => {
    const known = recordsOf(before, 'conditions').find((condition) => condition['type'] === type);
    const since = known !== undefined && known['status'] === status ? known['lastTransitionTime'] : stamp(at);
    return { type, status, lastProbeTime: null, lastTransitionTime: since, ...detail };
  };
  const ended = phase === 'Succeeded' || phase === 'Failed';
  const unready = part.ready
    ? {}
    : ended
      ? { reason: phase === 'Failed' ? 'PodFailed' : 'PodCompleted' }
      : { reason: 'ContainersNotReady', message: `containers with unready status: [${names(pod).join(' ')}]` };
  const initialized =
    part.init === undefined
      ? changed('Initialized', 'True')
      : changed('Initialized', 'False', {
          reason: 'ContainersNotInitialized',
          message: `containers with incomplete status: [${initNames(pod).slice(initNames(pod).indexOf(part.init.name)).join(' ')}]`,
        });
  const inits = recordsOf(pod['spec'], 'initContainers');
  return {
    ...before,
    ...more,
    phase,
    conditions: [
      changed('PodReadyToStartContainers', ended ? 'False' : 'True'),
      initialized,
      changed('Ready', ready, unready),
      changed('ContainersReady', ready, unready),
      changed('PodScheduled', 'True'),
    ],
    hostIP: NODE_ADDRESS,
    hostIPs: [{ ip: NODE_ADDRESS }],
    startTime: scheduled,
    ...(inits.length === 0 ? {} : { initContainerStatuses: initStatuses(pod, inits, part, phase, scheduled) }),
    containerStatuses: recordsOf(pod['spec'], 'containers').map((container) =>
      containerStatus(pod, container, part.init === undefined ? part : { state: INITIALIZING, ready: false, restartCount: 0 }),
    ),
  };
}

/** Init containers run one after the other: those before the current one are done, those after it wait. A sidecar runs as long as its pod. */
function initStatuses(pod: ApiObject, inits: readonly JsonObject[], part: ContainerPart, phase: string, since: string): JsonObject[] {
  const { init } = part;
  const turn = init !== undefined ? initNames(pod).indexOf(init.name) : 'waiting' in part.state && phase === 'Pending' ? 0 : inits.length;
  const done: ContainerState = {
    terminated: { exitCode: 0, reason: 'Completed', startedAt: since, finishedAt: since, containerID: containerId(pod, 0) },
  };
  return inits.map((container, index) => {
    if (index === turn && init !== undefined) return containerStatus(pod, container, { ...init, ready: false });
    if (index >= turn) return containerStatus(pod, container, { state: INITIALIZING, ready: false, restartCount: 0 });
    if (!isSidecar(container)) return containerStatus(pod, container, { state: done, ready: true, restartCount: 0 });
    const up = phase === 'Running' || phase === 'Pending';
    return containerStatus(pod, container, { state: up ? { running: { startedAt: since } } : part.state, ready: up, restartCount: 0 });
  });
}

function containerStatus(pod: ApiObject, container: JsonObject, part: ContainerPart): JsonObject {
  const running = 'running' in part.state;
  return {
    name: container['name'],
    state: part.state,
    lastState: part.lastState ?? {},
    ready: part.ready,
    restartCount: part.restartCount,
    started: running,
    image: container['image'],
    imageID: `${String(container['image'])}@sha256:${'5a'.repeat(32)}`,
    ...(running ? { containerID: containerId(pod, part.restartCount) } : {}),
  };
}

/** An init container that does not end: since Kubernetes 1.29 it runs alongside the others. */
export const isSidecar = (container: JsonObject): boolean => container['restartPolicy'] === 'Always';

export const names = (pod: ApiObject): string[] => recordsOf(pod['spec'], 'containers').map((container) => textOf(container, 'name') ?? '');
const initNames = (pod: ApiObject): string[] =>
  recordsOf(pod['spec'], 'initContainers').map((container) => textOf(container, 'name') ?? '');

export const containerId = (pod: ApiObject, restarts: number): string =>
  `containerd://${(pod.metadata.uid.replaceAll('-', '') + restarts.toString(16).padStart(32, '0')).slice(0, 64)}`;

/** Whether it receives requests: its containers are ready, and it is not being deleted. */
export const isReady = (pod: ApiObject): boolean =>
  pod.metadata.deletionTimestamp === undefined &&
  recordsOf(pod['status'], 'conditions').some((condition) => condition['type'] === 'Ready' && condition['status'] === 'True');

/** The pod while it is pending, with the scheduler's reason. */
export function unschedulable(pod: ApiObject, message: string, at: number): ApiObject {
  return {
    ...pod,
    status: {
      ...recordOf(pod, 'status'),
      phase: 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastProbeTime: null, lastTransitionTime: stamp(at) },
      ],
    },
  };
}

/** The pod while none of its containers runs yet, with the reason. */
export const waitingPod = (pod: ApiObject, at: number, reason: string, message?: string): ApiObject => ({
  ...pod,
  status: podStatus(
    pod,
    'Pending',
    { state: { waiting: { reason, ...(message === undefined ? {} : { message }) } }, ready: false, restartCount: 0 },
    at,
  ),
});
