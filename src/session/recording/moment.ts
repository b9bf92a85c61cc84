import { readSpool } from '../../spool/reader.ts';
import type { Instant } from '../../support/clock.ts';
import type { Session } from '../types.ts';
import { type Entry, readEntry, recordedBy, sessionOf } from './entry.ts';
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
  /** Only this session is meant. */
  readonly by?: string;
  /** Sessions that are not meant. */
  readonly without?: ReadonlySet<string>;
  /** Sessions of which nothing was recorded from then on are not meant. */
  readonly since?: Instant;
  readonly signal?: AbortSignal | undefined;
}

/** When the recording begins; undefined: there is none. */
export async function firstRecorded(folder: string): Promise<Instant | undefined> {
  for await (const { lines } of readSpool({ folder, container: recordingContainer })) if (lines[0] !== undefined) return lines[0].at;
  return undefined;
}

const minuteMs = 60_000;
/** A session is written whole every few minutes: most moments are found close before, and no more is read than has to be. */
const reaches = [15 * minuteMs, 4 * 60 * minuteMs] as const;

/** The session at a moment, of whichever was recorded then; undefined: there was none before it. */
export async function momentAt(request: MomentRequest): Promise<Moment | undefined> {
  const { at, since = -Infinity } = request;
  for (const reach of Number.isFinite(at) ? reaches : []) {
    const found = await momentAfter(request, at - reach);
    if (found !== undefined || at - reach <= since) return found;
  }
  return momentAfter(request, undefined);
}

/** The same, if it can be made of what was recorded after another moment; undefined: of all that was recorded. */
async function momentAfter(
  { folder, at, by, without, since = -Infinity, signal }: MomentRequest,
  from: Instant | undefined,
): Promise<Moment | undefined> {
  /** The entries of the session that was recorded last, the newest first. */
  const entries: Entry[] = [];
  let recordedAt: Instant | undefined;
  let gaps = false;
  const whole = new Set<number>();
  const isMeant = (line: Uint8Array): boolean => {
    const of = entries[0]?.by ?? by;
    if (of === undefined && without === undefined) return true;
    const author = recordedBy(line);
    return author === undefined || (of === undefined ? without?.has(author) !== true : author === of);
  };
  for await (const { lines, gaps: lost } of readSpool({ folder, container: recordingContainer, from, to: at, backwards: true, signal })) {
    for (const line of lines.toReversed()) {
      const bytes = line.bytes.subarray(line.from, line.to);
      if (!isMeant(bytes)) continue;
      const entry = readEntry(decoder.decode(bytes));
      if (entry === undefined) {
        gaps = true;
        continue;
      }
      if (entries.length === 0 && line.at < since) return undefined;
      recordedAt ??= line.at;
      entries.push(entry);
      if (entry.kind === 'done') whole.add(entry.number);
      if (entry.kind !== 'whole' || !whole.has(entry.number)) continue;
      const session = sessionOf(entries.toReversed());
      if (session !== undefined) return { session, recordedAt, left: entries[0]?.kind === 'left', gaps, by: entry.by };
    }
    gaps ||= lost.length > 0;
    if (entries.length === 0 && (lines[0]?.at ?? Infinity) < since) return undefined;
  }
  return undefined;
}
