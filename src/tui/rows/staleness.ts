import type { Instant } from '../../support/clock.ts';
import { formatSpan } from '../../support/format.ts';
import type { Session, SourceName, SourceStatus } from '../../session/types.ts';
import type { Frame } from '../state/ui.ts';

/** `as of 44 s ago`, if the data may be out of date; undefined while its source is live or has not answered yet. */
export function ageNote(status: SourceStatus | undefined, now: Instant): string | undefined {
  if (status === undefined || status.state === 'live' || (status.state === 'connecting' && status.dataAt === undefined)) return undefined;
  if (status.dataAt === undefined) return undefined;
  return `as of ${formatSpan(now - status.dataAt)} ago`;
}

/** A JobManager that is starting is not an outage, but the user is waiting for it. */
export function startSentence({ sources }: Session, now: Instant): string | undefined {
  const status = sources.get('flink');
  return status?.state === 'starting' ? `The JobManager is starting, ${formatSpan(now - status.since)}.` : undefined;
}

/** The data of a source is out of date. */
export const isStale =
  (source: SourceName) =>
  ({ session, now }: Pick<Frame, 'session' | 'now'>): boolean =>
    ageNote(session.sources.get(source), now) !== undefined;
