import { lastSeen, timesSeen } from '../../native/events.ts';
import { type EventObject, type PodObject, stamp } from '../../native/objects.ts';
import { maskedData } from '../../config/secrets/redact.ts';

/**
 * The parts of a pod worth showing to a person: without the server's bookkeeping, and with the values of secret-looking variables masked.
 */
export function readablePod(pod: PodObject): Readonly<Record<string, unknown>> {
  const { managedFields: _, ...metadata } = { ...pod.metadata } as Record<string, unknown>;
  const annotations = Object.entries(pod.metadata?.annotations ?? {}).filter(
    ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
  );
  if (annotations.length > 0) metadata.annotations = Object.fromEntries(annotations);
  else delete metadata.annotations;
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: maskedData(pod.spec), status: pod.status };
}

export interface ReadableEvent {
  readonly at: string | undefined;
  readonly type: string | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly count: number;
}

/** Events of the object with this uid, oldest first; all events if the uid is unknown. */
export function readableEvents(events: readonly EventObject[], uid: string | undefined): readonly ReadableEvent[] {
  return events
    .filter((event) => uid === undefined || event.involvedObject?.uid === undefined || event.involvedObject.uid === uid)
    .map((event) => ({ event, at: lastSeen(event) }))
    .sort((a, b) => (stamp(a.at) ?? 0) - (stamp(b.at) ?? 0))
    .map(({ event, at }) => ({ at, type: event.type, reason: event.reason, message: event.message?.trim(), count: timesSeen(event) }));
}
