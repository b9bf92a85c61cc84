import { getCluster } from '../../cluster/find-clusters.ts';
import { type ClusterEvent, readEvents } from '../../cluster/pods/events.ts';
import { readPods } from '../../cluster/pods/read-pods.ts';
import { findJob, findPod, type NamedPod } from '../../commands/model/find-subject.ts';
import { eventData, eventsOfPods } from '../../commands/procedures/event-text.ts';
import type { FlinkClient } from '../../flink/types.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { roleOfName, shortNameOf } from '../../native/pod-names.ts';
import { eventColumns } from '../../session/tables/events.ts';
import type { Instant } from '../../support/clock.ts';
import { isNotFound, Problem } from '../../support/problem.ts';
import { columnsOf } from '../command-line/output.ts';
import { allHeard, type List, missing } from './list-commands.ts';

interface EventsAsked {
  readonly clusterId: string;
  readonly namespace: string;
  /** Only about this pod, or about the TaskManagers of this job. */
  readonly only: string | undefined;
}

interface Clients {
  readonly kubernetes: KubernetesClient;
  readonly flink: FlinkClient;
}

/** The list that `drey events CLUSTER [POD|JOB]` prints, oldest first. Rejects if there is no such cluster, pod or job. */
export async function listEvents(clients: Clients, asked: EventsAsked, now: Instant, signal: AbortSignal): Promise<List<ClusterEvent>> {
  const { kubernetes } = clients;
  const { clusterId, namespace, only } = asked;
  const { items, unreadable } = await readEvents(kubernetes, { clusterId, namespace }, signal);
  // A cluster that was deleted has events, too.
  if (items.length === 0 && unreadable === undefined) await getCluster(kubernetes, clusterId, namespace, signal);
  const rows = only === undefined ? items : eventsOfPods(items, await podsMeant(only, items, clients, asked, signal));
  return {
    missing: missing('events', unreadable),
    columns: columnsOf(eventColumns, rows, (row) => row, now),
    rows,
    name: ({ name }) => name,
    empty: `Kubernetes has no event about ${only ?? clusterId} from the past hour.`,
    data: eventData,
    news: ({ uid, at, count }) => `${uid} ${at} ${count}`,
  };
}

/** A pod that is gone is known by its events. */
async function podsMeant(
  word: string,
  events: readonly ClusterEvent[],
  { kubernetes, flink }: Clients,
  { clusterId, namespace }: EventsAsked,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const present = (await readPods(kubernetes, clusterId, namespace, signal)).items;
  const named = events.filter(({ object }) => object.kind === 'Pod').map(({ object }) => podOfName(object.name, clusterId));
  const pods = new Map<string, NamedPod>(present.map((pod) => [pod.name, pod]));
  const gone = [...new Map(named.map((pod) => [pod.name, pod])).values()];
  const known = { ...allHeard, pods, gone, leader: undefined, target: { clusterId } };
  try {
    return [findPod(word, known, 'seen').name];
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const jobs = await flink.jobs({ signal });
  try {
    return await flink.jobTaskManagers(findJob(word, { ...known, jobs }, 'all').id, { signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new Problem('not-found', `There is no pod and no job "${word}" on ${clusterId}.`, {
      hint: 'drey pods and drey jobs list what there is.',
      cause: error,
    });
  }
}

function podOfName(name: string, clusterId: string): NamedPod {
  const role = roleOfName(name, clusterId);
  return { name, role, shortName: shortNameOf(name, role, clusterId) };
}
