import { roleOfName, shortNameOf } from './pod-names.ts';
import { parseQuantity } from '../kubernetes/model/quantity.ts';
import type { KubernetesObject } from '../kubernetes/model/types.ts';
import { projected } from '../kubernetes/watch/odd-objects.ts';
import { oneLine } from '../support/foreign-text.ts';
import { type ContainerSpec, type ContainerState, type ContainerStatus, type PodObject, stamp } from './objects.ts';
import { deletionAskedAt, isSidecar, podVerdict } from './pod-verdict.ts';
import type { Pod, PodContainer, PodRole } from './pod.ts';

/**
 * What drey keeps of a pod: first what kubectl shows of it (`podVerdict`), then the limits and the ends of its containers, which
 * `podTrouble` and `why` need.
 */
export function projectPod(raw: KubernetesObject, clusterId: string): Pod {
  const pod = raw as PodObject;
  const name = pod.metadata?.name ?? '';
  const role = roleOf(pod, name, clusterId);
  const { state, message, severity, ready, restarts } = podVerdict(pod);
  const specs = pod.spec?.containers ?? [];
  const [sidecars, inits] = partition(pod.spec?.initContainers ?? [], (spec) => isSidecar(pod, spec.name));
  return {
    name,
    shortName: shortNameOf(name, role, clusterId),
    uid: pod.metadata?.uid ?? '',
    role,
    createdAt: stamp(pod.metadata?.creationTimestamp),
    deletedAt: deletionAskedAt(pod),
    node: pod.spec?.nodeName,
    ip: pod.status?.podIP,
    ready,
    containers: [
      ...inits.map((spec) => container(spec, pod.status?.initContainerStatuses, true)),
      ...specs.map((spec) => container(spec, pod.status?.containerStatuses, false)),
      ...sidecars.map((spec) => container(spec, pod.status?.initContainerStatuses, false)),
    ],
    restarts,
    state: oneLine(state, 160),
    severity,
    message: message === undefined ? undefined : oneLine(message, 500),
    cpuLimit: limit(specs, 'cpu'),
    memoryLimit: limit(specs, 'memory'),
  };
}

/** Reads an object of any shape; throws a `Problem` that names the object if it does not have the shape of a pod. */
export const readPod = (raw: KubernetesObject, clusterId: string): Pod => projected(raw, (whole) => projectPod(whole, clusterId));

function partition<T>(items: readonly T[], fits: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [items.filter(fits), items.filter((item) => !fits(item))];
}

/** Source: `Constants.LABEL_COMPONENT_KEY`, Flink 2.3; without the label, the name decides. */
function roleOf(pod: PodObject, name: string, clusterId: string): PodRole {
  const component = pod.metadata?.labels?.component;
  return component === 'taskmanager' || component === 'jobmanager' ? component : roleOfName(name, clusterId);
}

function limit(specs: readonly ContainerSpec[], resource: string): number | undefined {
  let sum = 0;
  for (const { resources } of specs) {
    const value = parseQuantity(resources?.limits?.[resource]);
    // If one container has no limit, the pod has none.
    if (value === undefined) return undefined;
    sum += value;
  }
  return specs.length === 0 ? undefined : sum;
}

function container(spec: ContainerSpec, statuses: readonly ContainerStatus[] | undefined, init: boolean): PodContainer {
  const status = statuses?.find(({ name }) => name === spec.name);
  const before = status?.lastState?.terminated;
  return {
    name: spec.name ?? '',
    image: oneLine(spec.image ?? ''),
    ...run(status?.state ?? {}),
    before: before === undefined ? undefined : { reason: before.reason, exitCode: before.exitCode, at: stamp(before.finishedAt) },
    restarts: status?.restartCount ?? 0,
    init,
  };
}

/** At most one of the three fields is set. */
function run({
  waiting,
  running,
  terminated,
}: ContainerState): Pick<PodContainer, 'state' | 'reason' | 'exitCode' | 'startedAt' | 'endedAt'> {
  return {
    state: running !== undefined ? 'running' : terminated !== undefined ? 'terminated' : waiting !== undefined ? 'waiting' : 'unknown',
    reason: waiting?.reason ?? terminated?.reason,
    exitCode: terminated?.exitCode,
    startedAt: stamp(running?.startedAt ?? terminated?.startedAt),
    endedAt: stamp(terminated?.finishedAt),
  };
}
