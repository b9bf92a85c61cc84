import { EVENTS, PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient, ReadableList } from '../../kubernetes/model/types.ts';
import { lastSeen, messageOf, timesSeen } from '../../native/events.ts';
import { type EventObject, type PodObject, stamp } from '../../native/objects.ts';
import { belongsTo } from '../../native/pod-names.ts';
import type { Instant } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';

/** An event of Kubernetes, as the server tells it: what was combined into one has a count. */
export interface ClusterEvent {
  readonly uid: string;
  readonly name: string;
  /** When it happened last. */
  readonly at: Instant | undefined;
  readonly firstAt: Instant | undefined;
  readonly type: string;
  readonly reason: string;
  readonly count: number;
  readonly object: { readonly kind: string; readonly name: string; readonly uid: string | undefined };
  readonly message: string;
}

export function readEvent(event: EventObject): ClusterEvent {
  const { metadata, involvedObject } = event;
  return {
    uid: metadata?.uid ?? '',
    name: metadata?.name ?? '',
    at: stamp(lastSeen(event)),
    firstAt: stamp(event.firstTimestamp ?? event.eventTime ?? metadata?.creationTimestamp),
    type: event.type ?? 'Normal',
    reason: event.reason ?? '',
    count: timesSeen(event),
    object: { kind: involvedObject?.kind ?? '', name: involvedObject?.name ?? '', uid: involvedObject?.uid },
    message: (messageOf(event) ?? '').trim(),
  };
}

const oldestFirst = (events: readonly ClusterEvent[]): readonly ClusterEvent[] => events.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0));

/** The events of a cluster and of its pods that Kubernetes still has (an hour by default), oldest first. */
export async function readEvents(
  kubernetes: Pick<KubernetesClient, 'listReadable'>,
  { clusterId, namespace }: { readonly clusterId: string; readonly namespace: string },
  signal: AbortSignal,
): Promise<ReadableList<ClusterEvent>> {
  const { items, unreadable } = await kubernetes.listReadable(EVENTS, { namespace, signal }, (raw) => readEvent(raw as EventObject));
  return { items: oldestFirst(items.filter(({ object }) => belongsTo(clusterId, object.name))), unreadable };
}

/** A pod and its events, or why these cannot be read: the pod is worth showing without them. */
export interface PodWithEvents {
  readonly pod: PodObject;
  readonly events: readonly ClusterEvent[] | Problem;
}

export async function readPodWithEvents(
  kubernetes: Pick<KubernetesClient, 'get' | 'list'>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<PodWithEvents> {
  const [pod, events] = await Promise.all([
    kubernetes.get<PodObject>({ resource: PODS, namespace, name }, { signal }),
    kubernetes
      .list<EventObject>(EVENTS, { namespace, fieldSelector: `involvedObject.kind=Pod,involvedObject.name=${name}`, signal })
      .catch((error: unknown) => {
        if (error instanceof Problem) return error;
        throw error;
      }),
  ]);
  if (events instanceof Problem) return { pod, events };
  const uid = pod.metadata?.uid;
  // Another pod of this name may have had some of them.
  const own = events.map(readEvent).filter(({ object }) => uid === undefined || object.uid === undefined || object.uid === uid);
  return { pod, events: oldestFirst(own) };
}
