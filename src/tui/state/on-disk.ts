import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EarlierLines, LogView } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { isAbort } from '../../support/problem.ts';
import { type Lifetime, lifetime } from '../../support/waiting.ts';
import { KeptCount } from './kept-count.ts';

interface Known<T> {
  readonly key: string;
  readonly value: T;
}

interface Means {
  /** Something is known that may be visible. */
  readonly found: () => void;
  readonly background: (work: Promise<void>) => void;
  /** The disk cannot be read. */
  readonly failed: (error: unknown) => void;
}

/** What is known of the logs on disk beyond the lines in memory. Both are read in the background, and once for each key. */
export class OnDisk {
  readonly #means: Means;
  #earlier: { readonly logs: string; readonly value: EarlierLines } | undefined;
  /** For which it was asked last. */
  #asked: string | undefined;
  #reads = false;
  #count: (Known<KeptCount | undefined> & { readonly reading: Lifetime }) | undefined;

  constructor(means: Means) {
    this.#means = means;
  }

  /** The last that is known of these logs; undefined: nothing is. `first`: names their first line. */
  earlier(logs: string, first: string, read: () => Promise<EarlierLines>): EarlierLines | undefined {
    const key = `${logs} ${first}`;
    if (this.#asked !== key && !this.#reads) {
      this.#asked = key;
      this.#reads = true;
      this.#means.background(this.#read(logs, read));
    }
    return this.#earlier?.logs === logs ? this.#earlier.value : undefined;
  }

  async #read(logs: string, read: () => Promise<EarlierLines>): Promise<void> {
    try {
      this.#earlier = { logs, value: await read() };
      this.#means.found();
    } catch (error) {
      if (!isAbort(error)) this.#means.failed(error);
    } finally {
      this.#reads = false;
    }
  }

  /** Counts once all matches in memory are known. */
  count(key: string, held: () => LogView, moments: (signal: AbortSignal) => AsyncIterable<readonly Instant[]>): void {
    if (this.#count?.key === key) return;
    this.stopCounting();
    const reading = lifetime();
    this.#count = { key, value: undefined, reading };
    this.#means.background(this.#look(key, held(), moments, reading));
  }

  async #look(
    key: string,
    held: LogView,
    moments: (signal: AbortSignal) => AsyncIterable<readonly Instant[]>,
    reading: Lifetime,
  ): Promise<void> {
    const { signal } = reading;
    while (held.pending > 0 && !signal.aborted) {
      held.advance();
      await nextTurn();
    }
    if (signal.aborted) return;
    const value = new KeptCount(held);
    this.#count = { key, value, reading };
    try {
      for await (const some of moments(signal)) {
        value.add(some);
        this.#means.found();
      }
      value.end();
      this.#means.found();
    } catch (error) {
      if (!isAbort(error)) this.#means.failed(error);
    }
  }

  counted(key: string): KeptCount | undefined {
    return this.#count?.key === key ? this.#count.value : undefined;
  }

  stopCounting(): void {
    this.#count?.reading.end();
    this.#count = undefined;
  }
}
