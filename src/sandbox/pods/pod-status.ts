import type { ApiObject, JsonObject } from '../api/objects.ts';
import { recordOf, recordsOf, stamp, textOf } from '../api/objects.ts';

export const NODE = 'sandbox-node';
export const NODE_ADDRESS = '127.0.0.1';

type ContainerState =
  | { readonly waiting: { readonly reason: string; readonly message?: string } }
  | { readonly running: { readonly startedAt: string } }
  | { readonly terminated: { readonly exitCode: number; readonly reason: string; readonly startedAt: string; readonly finishedAt: string; readonly containerID: string } };

interface ContainerPart {
  readonly state: ContainerState;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly lastState?: ContainerState;
}

/** The status of a pod whose containers are all in the same state: Flink's pods have one that matters. */
export function podStatus(pod: ApiObject, phase: string, part: ContainerPart, at: number, more: JsonObject = {}): JsonObject {
  const before = recordOf(pod, 'status');
  const ready = part.ready ? 'True' : 'False';
  const scheduled = textOf(before, 'startTime') ?? stamp(at);
  const changed = (type: string, status: string, detail: JsonObject = {}): JsonObject => {
    const known = recordsOf(before, 'conditions').find((condition) => condition['type'] === type);
    const since = known !== undefined && known['status'] === status ? known['lastTransitionTime'] : stamp(at);
    return { type, status, lastProbeTime: null, lastTransitionTime: since, ...detail };
  };
  const unready = part.ready ? {} : phase === 'Succeeded' || phase === 'Failed'
    ? { reason: phase === 'Failed' ? 'PodFailed' : 'PodCompleted' }
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${names(pod).join(' ')}]` };
  return {
    ...before, ...more, phase,
    conditions: [changed('PodReadyToStartContainers', 'True'), changed('Initialized', 'True'), changed('Ready', ready, unready), changed('ContainersReady', ready, unready), changed('PodScheduled', 'True')],
    hostIP: NODE_ADDRESS, hostIPs: [{ ip: NODE_ADDRESS }], startTime: scheduled,
    containerStatuses: recordsOf(pod['spec'], 'containers').map((container) => {
      const running = 'running' in part.state;
      return {
        name: container['name'], state: part.state, lastState: part.lastState ?? {}, ready: part.ready, restartCount: part.restartCount, started: running,
        image: container['image'], imageID: `${String(container['image'])}@sha256:${'5a'.repeat(32)}`, ...(running ? { containerID: containerId(pod, part.restartCount) } : {}),
      };
    }),
  };
}

export const names = (pod: ApiObject): string[] => recordsOf(pod['spec'], 'containers').map((container) => textOf(container, 'name') ?? '');

export const containerId = (pod: ApiObject, restarts: number): string => `containerd://${(pod.metadata.uid.replaceAll('-', '') + restarts.toString(16).padStart(32, '0')).slice(0, 64)}`;

/** Pending, with the scheduler's reason. */
export function unschedulable(pod: ApiObject, message: string, at: number): ApiObject {
  return { ...pod, status: { ...recordOf(pod, 'status'), phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message, lastProbeTime: null, lastTransitionTime: stamp(at) }] } };
}
