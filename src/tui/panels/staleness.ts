import type { Instant } from '../../support/clock.ts';
import { formatSpan } from '../../support/format.ts';
import type { SourceStatus } from '../../session/types.ts';

/** `as of 44 s ago`, where what is shown may be out of date; undefined while its source is live or has told nothing yet. */
export function ageNote(status: SourceStatus | undefined, now: Instant): string | undefined {
  if (status === undefined || status.state === 'live' || status.state === 'connecting' && status.dataAt === undefined) return undefined;
  if (status.dataAt === undefined) return undefined;
  return `as of ${formatSpan(now - status.dataAt)} ago`;
}
