import { readSpool } from '../../spool/reader.ts';
import type { Instant } from '../../support/clock.ts';
import type { Session } from '../types.ts';
import { type Entry, readEntry, sessionOf } from './entry.ts';
import { recordingContainer } from './places.ts';

/** A session as it was. */
export interface Moment {
  readonly session: Session;
  /** When the last change before that moment was recorded. */
  readonly recordedAt: Instant;
  /** It was left before that moment. */
  readonly left: boolean;
  /** Something could not be written or is damaged, so that a part of this may be older. */
  readonly gaps: boolean;
  /** Which of the recorded sessions it is. */
  readonly by: string;
}

const decoder = new TextDecoder();

export interface MomentRequest {
  /** Of the cluster. */
  readonly folder: string;
  readonly at: Instant;
  /** Sessions that are not meant. */
  readonly without?: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

/** The session at a moment, of whichever was recorded then; undefined: there was none before it. */
export async function momentAt({ folder, at, without, signal }: MomentRequest): Promise<Moment | undefined> {
  /** The entries of the session that was recorded last, the newest first. */
  const entries: Entry[] = [];
  let recordedAt: Instant | undefined;
  let gaps = false;
  const whole = new Set<number>();
  for await (const { lines, gaps: lost } of readSpool({ folder, container: recordingContainer, to: at, backwards: true, signal })) {
    for (const line of lines.toReversed()) {
      const entry = readEntry(decoder.decode(line.bytes.subarray(line.from, line.to)));
      if (entry === undefined) {
        gaps = true;
        continue;
      }
      if (without?.has(entry.by) === true || (entries[0] !== undefined && entry.by !== entries[0].by)) continue;
      recordedAt ??= line.at;
      entries.push(entry);
      if (entry.kind === 'done') whole.add(entry.number);
      if (entry.kind !== 'whole' || !whole.has(entry.number)) continue;
      const session = sessionOf(entries.toReversed());
      if (session !== undefined) return { session, recordedAt, left: entries[0]?.kind === 'left', gaps, by: entry.by };
    }
    gaps ||= lost.length > 0;
  }
  return undefined;
}
