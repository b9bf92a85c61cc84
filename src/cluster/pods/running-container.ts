import { PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { mainContainer } from '../../native/main-container.ts';
import { type PodObject, stamp } from '../../native/objects.ts';
import { readPod } from '../../native/pod-projection.ts';
import { podStateWords } from '../../native/pod-trouble.ts';
import type { Pod } from '../../native/pod.ts';
import { isAbort, isNotFound, Problem } from '../../support/problem.ts';

/** A container in which something can be run. */
export interface RunningContainer {
  readonly pod: Pod;
  readonly name: string;
  readonly image: string;
}

export interface PodReader {
  readonly kubernetes: Pick<KubernetesClient, 'get'>;
  readonly namespace: string;
  readonly clusterId: string;
}

/** The container of that name, by default Flink's. Rejects with a `Problem` if there is none, or if it does not run. */
export async function runningContainer(
  reader: PodReader,
  pod: Pod,
  asked: string | undefined,
  signal: AbortSignal,
): Promise<RunningContainer> {
  const found = asked === undefined ? mainContainer(pod) : pod.containers.find(({ name }) => name === asked);
  if (found === undefined) return await debugContainer(reader, pod, asked ?? '', signal);
  const { name, image, state } = found;
  if (state === 'running') return { pod, name, image };
  const container = pod.containers.length === 1 ? `Pod ${pod.shortName}` : `Container ${name} of pod ${pod.shortName}`;
  throw new Problem('conflict', `${container} is not running: ${podStateWords(pod)}.`, {
    hint: state === 'terminated' || pod.restarts > 0 ? 'logs shows what it wrote.' : 'describe shows what it waits for.',
  });
}

/** One that `kubectl debug` added to the pod, or none. */
async function debugContainer(
  { kubernetes, namespace }: PodReader,
  pod: Pod,
  asked: string,
  signal: AbortSignal,
): Promise<RunningContainer> {
  const { spec } = await kubernetes.get<PodObject>({ resource: PODS, namespace, name: pod.name }, { signal });
  const found = spec?.ephemeralContainers?.find(({ name }) => name === asked);
  if (found !== undefined) return { pod, name: asked, image: found.image ?? '' };
  throw new Problem('not-found', `Pod ${pod.shortName} has no container "${asked}".`, {
    hint: `Its containers: ${pod.containers.map(({ name }) => name).join(', ')}.`,
  });
}

/** How the container ended, as a sentence; undefined: it still runs, or nobody can say. */
export async function endOf(
  { kubernetes, namespace, clusterId }: PodReader,
  { pod, name }: RunningContainer,
  signal: AbortSignal,
): Promise<string | undefined> {
  const before = pod.containers.find((container) => container.name === name);
  try {
    const raw = await kubernetes.get<PodObject>({ resource: PODS, namespace, name: pod.name }, { signal });
    if (raw.metadata?.uid !== pod.uid) return `Pod ${pod.shortName} is gone.`;
    if (stamp(raw.metadata.deletionTimestamp) !== undefined) return `Pod ${pod.shortName} is being deleted.`;
    const now = readPod(raw, clusterId).containers.find((container) => container.name === name);
    if (now === undefined || before === undefined || (now.state === 'running' && now.restarts === before.restarts)) return undefined;
    const end = now.state === 'terminated' ? now : now.before;
    const how = end === undefined ? '' : `: ${end.reason ?? 'ended'}${end.exitCode === undefined ? '' : ` (${end.exitCode})`}`;
    return `Container ${name} of pod ${pod.shortName} ended${how}.`;
  } catch (error) {
    if (isNotFound(error)) return `Pod ${pod.shortName} is gone.`;
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return undefined;
  }
}
