import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Spool, type SpoolOptions } from '../../spool/spool.ts';
import type { SpoolBounds } from '../../spool/tidy.ts';
import type { Change, Session, SessionStore } from '../types.ts';
import { type Entry, entryLine, partsOf, wholeEntry } from './entry.ts';
import { recordingContainer, recordingPod } from './places.ts';

/** A day of a session of 50 pods takes a tenth of this. */
const bounds: SpoolBounds = { podBytes: 256 * 2 ** 20, totalBytes: 2 ** 30, keptMs: 14 * 24 * 60 * 60_000 };
/** The session is written whole after so many characters of changes, so that no more than these have to be read for any moment … */
const mostChanges = 2 ** 20;
/** … unless it is itself that large: then after twice its size. */
const wholeFactor = 2;
/** The counters of logs change 25 times a second: they are written this often, or before any other change. */
const countersMs = 1_000;

export interface RecorderOptions extends Pick<SpoolOptions, 'folder' | 'cluster' | 'clock' | 'disk' | 'report'> {
  readonly store: SessionStore;
}

type Counters = Extract<Change, { kind: 'log' }>;

/**
 * Writes every change of a session to disk, and from time to time the whole session, so that it can be shown as it was at any moment. A
 * recording is a log whose lines are changes: it is written and read as the logs of pods are.
 */
export class Recorder implements AsyncDisposable {
  readonly #options: RecorderOptions;
  readonly #spool: Spool;
  /** Names this session among those that are recorded at once. */
  readonly #by = randomBytes(4).toString('hex');
  readonly #encoder = new TextEncoder();
  readonly #unsubscribe: () => void;
  /** By log: the last counters that are not written yet. */
  readonly #counters = new Map<string, Counters>();
  #countersAt = -Infinity;
  #number = 0;
  #sinceWhole = 0;
  #wholeSize = 0;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#spool = new Spool({ ...options, bounds });
    this.#begin(options.store.get());
    this.#unsubscribe = options.store.tap((changes) => this.#record(changes));
  }

  /** Resolves once what was recorded so far can be read. */
  async flush(): Promise<void> {
    await this.#writing;
    this.#writeCounters();
    await this.#spool.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#unsubscribe();
    await this.#writing;
    this.#writeCounters();
    this.#write({ kind: 'left', by: this.#by });
    await this.#spool[Symbol.asyncDispose]();
  }

  /** `changes` are about to be applied. */
  #record(changes: readonly Change[]): void {
    if (!this.#isWriting && this.#sinceWhole > Math.max(mostChanges, this.#wholeSize * wholeFactor)) {
      this.#writeCounters();
      this.#begin(this.#options.store.get());
    }
    const others = changes.filter((change) => change.kind !== 'log');
    for (const change of changes) if (change.kind === 'log') this.#counters.set(change.log, change);
    if (others.length === 0 && this.#options.clock.monotonic() - this.#countersAt < countersMs) return;
    this.#writeCounters();
    if (others.length > 0) this.#sinceWhole += this.#write({ kind: 'changes', by: this.#by, changes: others });
  }

  #writeCounters(): void {
    this.#countersAt = this.#options.clock.monotonic();
    if (this.#counters.size === 0) return;
    this.#sinceWhole += this.#write({ kind: 'changes', by: this.#by, changes: [...this.#counters.values()] });
    this.#counters.clear();
  }

  /** From here on the session can be read without what was written before. It never changes, so it can be written bit by bit. */
  #begin(session: Session): void {
    this.#number += 1;
    this.#sinceWhole = 0;
    const number = this.#number;
    this.#write(wholeEntry(this.#by, number));
    this.#isWriting = true;
    this.#writing = this.#writeParts(session, number).finally(() => (this.#isWriting = false));
  }

  async #writeParts(session: Session, number: number): Promise<void> {
    this.#wholeSize = 0;
    for (const members of partsOf(session)) {
      this.#wholeSize += this.#write({ kind: 'part', by: this.#by, number, members });
      await nextTurn();
    }
    this.#write({ kind: 'done', by: this.#by, number });
  }

  /** Returns its size in bytes. */
  #write(entry: Entry): number {
    const bytes = this.#encoder.encode(entryLine(entry));
    this.#spool.append(recordingPod, recordingContainer, [{ at: this.#options.clock.now(), bytes, from: 0, to: bytes.length, cut: false }]);
    return bytes.length;
  }
}
