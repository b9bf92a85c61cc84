import { type FileHandle, open } from 'node:fs/promises';
import type { BundledFile, LeftOut, LeftOutBecause } from '../../session/recording/bundle-facts.ts';
import type { Clock } from '../../support/clock.ts';
import { formatSpan } from '../../support/format.ts';
import { Problem, type ProblemKind, sentence } from '../../support/problem.ts';
import { late, within } from '../../support/waiting.ts';
import type { Archive, Entry } from './archive.ts';

/** Where the parts of a bundle put what they read, and what they could not read. */
export interface CollectorOptions {
  readonly archive: Archive;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What is read now, and the bytes of the zip so far. */
  readonly tell: (what: string, bytes: number) => void;
  /** A part begins. */
  readonly begin: (part: string) => void;
}

const reasons: Partial<Record<ProblemKind, LeftOutBecause>> = {
  forbidden: 'no-rights',
  unauthorized: 'no-rights',
  unreachable: 'away',
  unavailable: 'away',
  'not-found': 'none',
};

export const becauseOf = ({ kind }: Problem): LeftOutBecause => reasons[kind] ?? 'failed';

/** A part of a path: names come from servers. */
export const fileWord = (word: string): string => word.replaceAll(/[^\w.-]/g, '_').replace(/^\.+/, '_');

/** What was asked for, or why it is not there. */
export type Tried<T> = { readonly value: T } | { readonly because: LeftOutBecause; readonly reason: string };

export class Collector {
  readonly inside: BundledFile[] = [];
  readonly leftOut: LeftOut[] = [];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Tells that a part begins. */
  readonly begin: CollectorOptions['begin'];
  readonly #archive: Archive;
  readonly #tell: CollectorOptions['tell'];

  constructor({ archive, clock, signal, tell, begin }: CollectorOptions) {
    this.#archive = archive;
    this.clock = clock;
    this.signal = signal;
    this.#tell = tell;
    this.begin = begin;
  }

  async add(what: string, entry: Entry): Promise<void> {
    this.signal.throwIfAborted();
    this.#tell(what, this.#archive.bytes);
    const bytes = await this.#archive.add(entry);
    this.inside.push({ path: entry.path, bytes, what });
  }

  /** Adds a file of this machine, which is compressed; one that was removed meanwhile is passed over. */
  async addFile(what: string, { path, source }: { readonly path: string; readonly source: string }): Promise<void> {
    let file: FileHandle;
    try {
      file = await open(source, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.leaveOut(what, 'failed', sentence(error));
      return;
    }
    await this.add(what, { path, content: file.createReadStream() as AsyncIterable<Buffer>, packed: true });
  }

  leaveOut(what: string, because: LeftOutBecause, reason: string): void {
    this.leftOut.push({ what, because, reason });
  }

  /** Rejects only with an `AbortError` or a defect. */
  async trying<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<Tried<T>> {
    try {
      const value = await within(ms, { clock: this.clock, signal: this.signal }, work);
      return value === late ? { because: 'timed-out', reason: `There was no answer for ${formatSpan(ms)}.` } : { value };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { because: becauseOf(error), reason: sentence(error) };
    }
  }

  /** The same; what could not be had is left out. */
  async tried<T>(what: string, ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    this.#tell(what, this.#archive.bytes);
    const tried = await this.trying(ms, work);
    if ('value' in tried) return tried.value;
    this.leaveOut(what, tried.because, tried.reason);
    return undefined;
  }
}
