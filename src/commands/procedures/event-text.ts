import type { ClusterEvent } from '../../cluster/pods/events.ts';
import { isoTime } from '../../support/machine-text.ts';

/** Those about these pods. */
export const eventsOfPods = (events: readonly ClusterEvent[], pods: readonly string[]): readonly ClusterEvent[] =>
  events.filter(({ object }) => object.kind === 'Pod' && pods.includes(object.name));

/** The documented form for programs. */
export const eventData = ({ name, at, firstAt, type, reason, count, object, message }: ClusterEvent) => ({
  name,
  time: isoTime(at) ?? null,
  firstTime: isoTime(firstAt) ?? null,
  type,
  reason,
  count,
  object: { kind: object.kind, name: object.name },
  message,
});
