import type { Instant } from '../support/clock.ts';
import { formatCount, formatTime } from '../support/format.ts';

/** Why lines could not be kept. Its place is written into the block after them, so that only new ones may be added, at the end. */
export const lossCauses = ['unknown', 'disk-full', 'disk-failed', 'disk-slow'] as const;

export type LossCause = (typeof lossCauses)[number];

/** Lines that are missing in a spool. */
export interface Gap {
  readonly lines: number;
  /** The moments of the lines around it, or of its own first and last one; undefined: it is at the beginning. */
  readonly from: Instant | undefined;
  readonly to: Instant;
  readonly cause: LossCause | 'damaged';
}

const reasons: Readonly<Record<Exclude<Gap['cause'], 'unknown' | 'damaged'>, string>> = {
  'disk-full': 'the disk was full',
  'disk-failed': 'the disk could not be written',
  'disk-slow': 'they came faster than the disk took them',
};

/** `7,412 lines of taskmanager-1-3 were not recorded between 03:12:07 and 03:12:09: the disk was full.` */
export function gapText({ lines, from, to, cause }: Gap, log: string): string {
  const one = lines === 1;
  const when = from === undefined ? `before ${formatTime(to)}` : `between ${formatTime(from)} and ${formatTime(to)}`;
  const what = `${formatCount(lines)} ${one ? 'line' : 'lines'} of ${log}`;
  if (cause === 'damaged') return `${what} ${when} cannot be read: their block on disk is damaged.`;
  return `${what} ${one ? 'was' : 'were'} not recorded ${when}${cause === 'unknown' ? '' : `: ${reasons[cause]}`}.`;
}

/** Lines that may never have come here: of a log that broke, or was not followed for a while, the node keeps only the newest file. */
export const unreadText = (log: string, from: Instant, to: Instant): string =>
  `Lines of ${log} between ${formatTime(from)} and ${formatTime(to)} may be missing: its node no longer has the last line that was read.`;

/** What the file system says if there is no room, for the disk or for its user. */
const fullCodes: readonly string[] = ['ENOSPC', 'EDQUOT'];

export const causeOf = (error: Error & { readonly code: unknown }): LossCause =>
  fullCodes.includes(String(error.code)) ? 'disk-full' : 'disk-failed';
