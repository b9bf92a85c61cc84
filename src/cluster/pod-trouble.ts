import type { ContainerStatus, PodObject } from './objects.ts';
import { ending } from './pod-verdict.ts';

export interface PodTrouble {
  /** One word or phrase: `ImagePullBackOff`, `Unschedulable`, `OOMKilled (137)`, `ContainerCreating`. */
  readonly reason: string;
  /** What the server adds, where it does. */
  readonly message: string | undefined;
  /** `waiting`: normal on the way up; `stuck`: will not pass by itself soon; `crashed`: a container ended. */
  readonly kind: 'waiting' | 'stuck' | 'crashed';
  readonly container: string | undefined;
}

const stuckReasons = new Set([
  'ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'RegistryUnavailable', 'ImageInspectError',
  'CreateContainerConfigError', 'CreateContainerError', 'RunContainerError',
]);

/** Why a pod is not ready, from its status alone: the first container that stands in the way, else the scheduler, else the phase. */
export function podTrouble(pod: PodObject): PodTrouble {
  const { status } = pod;
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const trouble = containerTrouble(container);
    if (trouble !== undefined) return trouble;
  }
  const scheduled = status?.conditions?.find((each) => each.type === 'PodScheduled');
  if (scheduled?.status === 'False') return { reason: scheduled.reason ?? 'Unschedulable', message: scheduled.message, kind: scheduled.reason === 'Unschedulable' ? 'stuck' : 'waiting', container: undefined };
  if (status?.reason !== undefined) return { reason: status.reason, message: status.message, kind: 'crashed', container: undefined };
  const creating = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find((each) => each.state?.waiting?.reason !== undefined);
  return { reason: creating?.state?.waiting?.reason ?? status?.phase ?? 'Pending', message: undefined, kind: 'waiting', container: creating?.name };
}

function containerTrouble(status: ContainerStatus): PodTrouble | undefined {
  const { waiting, terminated } = status.state ?? {};
  const last = status.lastState?.terminated;
  if (waiting?.reason === 'CrashLoopBackOff' || (waiting !== undefined && last !== undefined)) {
    const why = last === undefined ? '' : `, last: ${ending(last)}`;
    return { reason: `${waiting?.reason ?? 'CrashLoopBackOff'}${why}`, message: last?.message, kind: 'crashed', container: status.name };
  }
  if (waiting?.reason !== undefined && stuckReasons.has(waiting.reason)) return { reason: waiting.reason, message: waiting.message, kind: 'stuck', container: status.name };
  if (terminated !== undefined && (terminated.exitCode ?? 0) !== 0) return { reason: ending(terminated), message: terminated.message, kind: 'crashed', container: status.name };
  return undefined;
}
