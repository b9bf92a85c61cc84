import type { Instant } from '../support/clock.ts';
import { oneLine } from '../support/foreign-text.ts';
import { type EventObject, stamp } from './objects.ts';
import type { Warning } from './pod.ts';

/** When it happened last, as the server wrote it. */
export const lastSeen = (event: EventObject): string | undefined =>
  event.series?.lastObservedTime ??
  event.lastTimestamp ??
  event.eventTime ??
  event.firstTimestamp ??
  event.metadata?.creationTimestamp ??
  undefined;

export const timesSeen = (event: EventObject): number => event.series?.count ?? event.count ?? 1;

/** The same on the clock of this machine: a server whose clock is ahead tells nothing of the future. */
export const seenAt = (event: EventObject, now: Instant): Instant => Math.min(stamp(lastSeen(event)) ?? now, now);

/**
 * What it says. Of many alike Kubernetes keeps one, with words before it that say nothing of what happened.
 * Source: client-go `tools/record`, `EventAggregatorByReasonMessageFunc`.
 */
export const messageOf = ({ message }: EventObject): string | undefined => message?.replace(/^\(combined from similar events\): /, '');

/** What the event warns of; undefined if it does not, or only repeats the word that the pod's status has already: `Error: ErrImagePull`. */
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
