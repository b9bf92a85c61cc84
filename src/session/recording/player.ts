import { readSpool } from '../../spool/reader.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import { turnOver } from '../../support/turns.ts';
import { applyAll } from '../apply.ts';
import type { Session } from '../types.ts';
import { type Entry, readEntry } from './entry.ts';
import { momentAt } from './moment.ts';
import { recordingContainer } from './places.ts';

/** A recorded session tells something at least this often: after a longer silence, it was not recorded any more. */
export const silenceMs = 60_000;

/** How far a recording has been played. */
export interface Playhead {
  readonly session: Session;
  /** Which of the recorded sessions it is; undefined: it was left. */
  readonly by: string | undefined;
  /** When the last entry of it was recorded. */
  readonly heardAt: Instant;
}

/** An entry, and when it was recorded. */
export interface RecordedEntry {
  readonly at: Instant;
  readonly entry: Entry;
}

/** The session was left, or nothing was recorded of it for long: whatever is recorded next may follow it. */
const isOver = ({ by, heardAt }: Playhead, at: Instant): boolean => by === undefined || at - heardAt > silenceMs;

/** The next step of a session; `another`: a session begins that follows it, and is complete with this entry. */
export function played(head: Playhead, { at, entry }: RecordedEntry): Playhead | 'another' {
  if (entry.by !== head.by) return entry.kind === 'done' && isOver(head, at) ? 'another' : head;
  switch (entry.kind) {
    case 'changes':
      return { ...head, session: applyAll(head.session, entry.changes), heardAt: at };
    case 'left':
      return { ...head, by: undefined };
    default:
      return { ...head, heardAt: at };
  }
}

export interface PlayerOptions {
  readonly folder: string;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Resolves once what was recorded so far can be read. */
  readonly flush: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** Whoever has read all that there is looks this often whether more was recorded. */
const lookMs = 1_000;

const decoder = new TextDecoder();

/** Reads a recording on from a moment. */
export class Player {
  readonly #options: PlayerOptions;
  #head: Playhead;
  #entries: AsyncGenerator<RecordedEntry, void, undefined>;
  #next: RecordedEntry | undefined;
  /** When the last entry that was played was recorded, and how many of that moment were. */
  #playedAt: Instant;
  #playedThen = 0;
  #lookedAt: Instant;

  /** `moment`: the session at `at`. */
  constructor(moment: Pick<Playhead, 'session' | 'by'>, at: Instant, options: PlayerOptions) {
    this.#options = options;
    this.#head = { session: moment.session, by: moment.by, heardAt: at };
    // What was recorded at that very moment is in the session.
    this.#playedAt = at + 1;
    this.#entries = this.#read();
    this.#lookedAt = options.clock.monotonic();
  }

  /** The session at a later moment, or after a time that was not recorded, which is left out; undefined: nothing comes after it. */
  async to(wanted: Instant): Promise<{ readonly session: Session; readonly at: Instant } | undefined> {
    let at = wanted;
    for (;;) {
      const next = await this.#peek();
      if (next === undefined) return isOver(this.#head, at) ? undefined : { session: this.#head.session, at };
      if (next.at > at) {
        if (!isOver(this.#head, at)) return { session: this.#head.session, at };
        at = next.at;
      }
      this.#take(next);
      const head = played(this.#head, next);
      if (head === 'another') await this.#follow(next);
      else this.#head = head;
    }
  }

  async #follow({ at, entry: { by } }: RecordedEntry): Promise<void> {
    const { folder, signal } = this.#options;
    const moment = await momentAt({ folder, at, by, signal });
    if (moment !== undefined) this.#head = { session: moment.session, by, heardAt: at };
  }

  #take({ at }: RecordedEntry): void {
    this.#next = undefined;
    this.#playedThen = at === this.#playedAt ? this.#playedThen + 1 : 1;
    this.#playedAt = at;
  }

  async #peek(): Promise<RecordedEntry | undefined> {
    if (this.#next !== undefined) return this.#next;
    const { clock, flush } = this.#options;
    let read = await this.#entries.next();
    if (read.done === true && clock.monotonic() - this.#lookedAt >= lookMs) {
      await flush();
      this.#lookedAt = clock.monotonic();
      this.#entries = this.#read();
      read = await this.#entries.next();
    }
    this.#next = read.done === true ? undefined : read.value;
    return this.#next;
  }

  /** What was not played yet. */
  async *#read(): AsyncGenerator<RecordedEntry, void, undefined> {
    const { folder, signal } = this.#options;
    const from = this.#playedAt;
    let known = this.#playedThen;
    for await (const { lines } of readSpool({ folder, container: recordingContainer, from, signal })) {
      for (const { at, bytes, from: begin, to } of lines) {
        // Several entries may have been recorded at one moment.
        if (at === from && known > 0) {
          known -= 1;
          continue;
        }
        const entry = readEntry(decoder.decode(bytes.subarray(begin, to)));
        if (entry !== undefined) yield { at, entry };
      }
      await turnOver();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#entries.return().then(() => {});
  }
}
