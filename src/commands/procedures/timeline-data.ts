import type { TimelineEntry } from '../../session/types.ts';
import { isoTime } from '../../support/machine-text.ts';

/** The documented form for programs. */
export const timelineData = ({ at, from, severity, subject, text }: TimelineEntry) => ({
  time: isoTime(at) ?? null,
  from,
  severity,
  subject: subject ?? null,
  text,
});
