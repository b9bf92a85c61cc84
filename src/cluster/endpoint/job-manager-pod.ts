import { CONFIG_MAPS, PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { leaderAddress } from '../../native/leader.ts';
import { jobManagerSelector, MAIN_CONTAINER, names } from '../../native/names.ts';
import { type ConfigMapObject, type PodObject, type ServiceObject, stamp } from '../../native/objects.ts';
import { readPod } from '../../native/pod-projection.ts';
import { podStateWords } from '../../native/pod-trouble.ts';
import { isForbidden, isNotFound, Problem } from '../../support/problem.ts';
import { restPortOf } from './rest-endpoint.ts';

type Reader = Pick<KubernetesClient, 'get' | 'list'>;

/**
 * The pod whose REST endpoint to use: the leader's if there are several JobManagers, otherwise the ready one. Rejects with a `Problem` that
 * names the pod and the reason.
 */
export async function jobManagerPod(kubernetes: Reader, clusterId: string, namespace: string, signal?: AbortSignal): Promise<PodObject> {
  const options = { namespace, labelSelector: jobManagerSelector(clusterId), signal };
  const all = await kubernetes.list<PodObject>(PODS, options);
  const pods = all.filter((pod) => pod.metadata?.deletionTimestamp === undefined);
  const ready = pods.filter(isReady);
  if (ready.length > 1) {
    const ip = await leaderIp(kubernetes, clusterId, namespace, signal);
    // While the leader is being replaced, a standby JobManager answers sooner than a new one.
    return ip === undefined ? newest(ready) : (ready.find((pod) => pod.status?.podIP === ip) ?? oldest(ready));
  }
  if (ready[0] !== undefined) return ready[0];
  throw none(clusterId, namespace, all, pods);
}

/** IP of the leading JobManager; undefined without elections in Kubernetes, or if their ConfigMap may not be read. */
async function leaderIp(
  kubernetes: Pick<KubernetesClient, 'get'>,
  clusterId: string,
  namespace: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const address = { resource: CONFIG_MAPS, namespace, name: names.leaderConfigMap(clusterId) };
    return leaderAddress(await kubernetes.get<ConfigMapObject>(address, { signal }));
  } catch (error) {
    // Every JobManager answers for the leader: without its address, requests take one more hop.
    if (isNotFound(error) || isForbidden(error)) return undefined;
    throw error;
  }
}

/**
 * The port of the REST endpoint in that pod: the Service's target, otherwise the container port named `rest`, otherwise Flink's default.
 */
export function restContainerPort(pod: PodObject, service: ServiceObject | undefined): number {
  const containers = pod.spec?.containers ?? [];
  const ports = (containers.find((each) => each.name === MAIN_CONTAINER) ?? containers[0])?.ports ?? [];
  const named = (name: string) => ports.find((each) => each.name === name)?.containerPort;
  const target = service === undefined ? undefined : (restPortOf(service).targetPort ?? restPortOf(service).port);
  if (typeof target === 'number') return target;
  return (target === undefined ? undefined : named(target)) ?? named('rest') ?? 8081;
}

export const isReady = (pod: PodObject): boolean =>
  pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') ?? false;

const createdAt = ({ metadata }: PodObject): number => stamp(metadata?.creationTimestamp) ?? 0;
const newest = (pods: readonly PodObject[]): PodObject => pods.reduce((best, pod) => (createdAt(pod) > createdAt(best) ? pod : best));
const oldest = (pods: readonly PodObject[]): PodObject => pods.reduce((best, pod) => (createdAt(pod) < createdAt(best) ? pod : best));

function none(clusterId: string, namespace: string, all: readonly PodObject[], pods: readonly PodObject[]): Problem {
  const [pod] = pods;
  if (pod !== undefined) {
    return new Problem('unavailable', `JobManager pod ${pod.metadata?.name} is not ready: ${podStateWords(readPod(pod, clusterId))}.`);
  }
  const [leaving] = all;
  if (leaving !== undefined)
    return new Problem('unavailable', `JobManager pod ${leaving.metadata?.name} is being deleted and no other one has started.`);
  return new Problem('not-found', `Cluster ${clusterId} in namespace ${namespace} has no JobManager pod.`, {
    hint: `kubectl describe deployment ${clusterId} -n ${namespace} says why.`,
  });
}
