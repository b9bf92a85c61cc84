import type { Instant } from '../support/clock.ts';
import { oneLine } from '../support/foreign-text.ts';
import { type EventObject, stamp } from './objects.ts';
import type { Warning } from './pod.ts';

/** When it last happened, as the server wrote it. */
export const lastSeen = (event: EventObject): string | undefined =>
  event.series?.lastObservedTime ??
  event.lastTimestamp ??
  event.eventTime ??
  event.firstTimestamp ??
  event.metadata?.creationTimestamp ??
  undefined;

export const timesSeen = (event: EventObject): number => event.series?.count ?? event.count ?? 1;

/** The same on this machine's clock: if the server's clock is ahead, the event still is not in the future. */
export const seenAt = (event: EventObject, now: Instant): Instant => Math.min(stamp(lastSeen(event)) ?? now, now);

/**
 * The message. Kubernetes combines many similar events into one, whose prefix says nothing about what happened. Source: client-go
 * `tools/record`, `EventAggregatorByReasonMessageFunc`.
 */
export const messageOf = ({ message }: EventObject): string | undefined => message?.replace(/^\(combined from similar events\): /, '');

/** The warning in an event; undefined if it has none, or only repeats the pod's status: `Error: ErrImagePull`. */
export function warningOf(event: EventObject, now: Instant): Warning | undefined {
  const message = messageOf(event) ?? '';
  if (event.type !== 'Warning' || /^Error: \w+$/.test(message)) return undefined;
  const { kind = '', name = '' } = event.involvedObject ?? {};
  return {
    object: { kind: oneLine(kind, 60), name: oneLine(name) },
    reason: oneLine(event.reason ?? '', 60),
    message: oneLine(message, 500),
    at: seenAt(event, now),
    count: timesSeen(event),
  };
}
