import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { LogLine } from '../kubernetes/model/types.ts';
import { isAbort, Problem, sentence } from '../support/problem.ts';
import type { Clock, Instant } from '../support/clock.ts';
import { lifetime } from '../support/waiting.ts';
import { Compressor } from './codec.ts';
import { realDisk, type SpoolDisk } from './files.ts';
import { causeOf, type LossCause } from './gap.ts';
import { LogWriter, type WriterMeans } from './log-writer.ts';
import { PackMemory } from './pack.ts';
import { clusterFolder, podFile, podFolder, type SpooledCluster } from './places.ts';
import { type PodRecord, recordText } from './pod-record.ts';
import { defaultSpoolBounds, type SpoolBounds, tidySpool } from './tidy.ts';

export interface SpoolOptions {
  /** The folder for the logs of all clusters. */
  readonly folder: string;
  readonly cluster: SpooledCluster;
  readonly clock: Clock;
  readonly bounds?: SpoolBounds | undefined;
  readonly disk?: SpoolDisk | undefined;
  /** The disk cannot be written, or (undefined) it can: for the first time, or again. */
  report(problem: Problem | undefined): void;
}

/** At most this old are lines that a killed process loses. */
const flushMs = 800;
/** Full blocks of all logs that wait for the disk: beyond this, the oldest are given up. */
const mostWaiting = 32 * 2 ** 20;
/** Full blocks are written when there are this many bytes of them: each step costs the same for one and for several. */
const worthWriting = 512 * 2 ** 10;
/** Until the next try, after the disk could not be written. */
const retryMs = 30_000;
const tidyMs = 10 * 60_000;
/** Written since the last look at the bounds. */
const tidyBytes = 32 * 2 ** 20;

/** Resolves once all have ended; rejects with the first error. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(works)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Keeps the logs of a cluster on disk. Nothing here makes the caller wait; a disk that is full costs lines on disk, never memory. */
export class Spool implements AsyncDisposable {
  /** Folder of the cluster. */
  readonly folder: string;
  readonly #options: SpoolOptions;
  readonly #means: WriterMeans;
  readonly #writers = new Map<string, LogWriter>();
  /** Records that are not written, by folder. */
  readonly #records = new Map<string, PodRecord>();
  readonly #dirty = new Set<LogWriter>();
  readonly #ended = new Set<LogWriter>();
  readonly #own = lifetime();
  /** Unique: each process writes its own files. */
  readonly #writer: string;
  #working: Promise<void> | undefined;
  #again = false;
  #timer = false;
  #flushes = false;
  /** When to try again; undefined: the disk can be written. */
  #retryAt: Instant | undefined;
  /** Why it could not be written the last time. */
  #cause: LossCause = 'unknown';
  #reported = false;
  #tidiedAt = -Infinity;
  #written = 0;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#means = { disk: options.disk ?? realDisk, compressor: new Compressor(), memory: new PackMemory() };
    this.folder = clusterFolder(options.folder, options.cluster);
    this.#writer = `${options.clock.now().toString(36)}-${process.pid.toString(36)}-${randomBytes(4).toString('hex')}`;
  }

  /** Copies the lines of a container. */
  append(podUid: string, container: string, lines: readonly LogLine[]): void {
    const folder = this.podFolder(podUid);
    const key = join(folder, container);
    let writer = this.#writers.get(key);
    if (writer === undefined) this.#writers.set(key, (writer = new LogWriter(this.#means, folder, { container, writer: this.#writer })));
    writer.append(lines);
    this.#dirty.add(writer);
    const waiting = writer.waiting === 0 ? 0 : this.#waiting();
    if (waiting > mostWaiting) this.#boundMemory();
    if (waiting >= worthWriting && this.#retryAt === undefined) this.#work();
    else this.#soon(flushMs);
  }

  /** The log of a container has ended for good. */
  end(podUid: string, container: string): void {
    const writer = this.#writers.get(join(this.podFolder(podUid), container));
    if (writer === undefined) return;
    this.#ended.add(writer);
    this.#soon(flushMs);
  }

  /** Where the log of a pod is. */
  podFolder(uid: string): string {
    return podFolder(this.folder, uid);
  }

  /** What is known of a pod that has a log here. */
  record(record: PodRecord): void {
    this.#records.set(this.podFolder(record.pod.uid), record);
    this.#soon(flushMs);
  }

  /** Resolves once what was appended so far is on disk, or cannot be written. */
  async flush(): Promise<void> {
    this.#flushes = true;
    this.#work();
    await this.#working;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#own.end();
    for (const writer of this.#writers.values()) this.#ended.add(writer);
    await this.#working;
    this.#retryAt = undefined;
    await this.#round();
    await Promise.all([...this.#writers.values()].map((writer) => writer.abandon()));
    this.#means.compressor[Symbol.dispose]();
  }

  #soon(ms: number): void {
    if (this.#timer) return;
    this.#timer = true;
    this.#options.clock.sleep(ms, this.#own.signal).then(
      () => {
        this.#timer = false;
        this.#flushes = true;
        this.#work();
      },
      (error: unknown) => {
        // The spool is being closed, which writes the rest.
        if (!isAbort(error)) throw error;
      },
    );
  }

  #work(): void {
    this.#again = true;
    this.#working ??= this.#rounds().finally(() => (this.#working = undefined));
  }

  async #rounds(): Promise<void> {
    while (this.#again && !this.#own.signal.aborted) {
      this.#again = false;
      await this.#round();
    }
  }

  /** Everything that is due. */
  async #round(): Promise<void> {
    const { clock } = this.#options;
    if (this.#retryAt !== undefined && clock.now() < this.#retryAt) return this.#soon(this.#retryAt - clock.now());
    const flushes = this.#flushes || this.#own.signal.aborted;
    this.#flushes = false;
    try {
      for (const [folder, record] of this.#records) {
        await this.#means.disk.replace(join(folder, podFile), recordText(record));
        if (this.#records.get(folder) === record) this.#records.delete(folder);
      }
      await allOf([...this.#ended].map((writer) => this.#finish(writer)));
      await allOf([...this.#dirty].map((writer) => this.#write(writer, flushes)));
      await this.#tidy();
      this.#succeeded();
    } catch (error) {
      this.#failed(error);
    }
  }

  async #write(writer: LogWriter, flushes: boolean): Promise<void> {
    if (flushes) this.#dirty.delete(writer);
    try {
      this.#written += await writer.writeBlocks();
      if (flushes) await writer.writeTail();
    } catch (error) {
      this.#dirty.add(writer);
      await writer.abandon();
      throw error;
    }
  }

  async #finish(writer: LogWriter): Promise<void> {
    this.#ended.delete(writer);
    this.#dirty.delete(writer);
    try {
      this.#written += await writer.finish();
    } catch (error) {
      this.#ended.add(writer);
      await writer.abandon();
      throw error;
    }
  }

  async #tidy(): Promise<void> {
    const now = this.#options.clock.now();
    if (now - this.#tidiedAt < tidyMs && this.#written < tidyBytes) return;
    this.#tidiedAt = now;
    this.#written = 0;
    await tidySpool(this.#options.folder, this.#options.bounds ?? defaultSpoolBounds, now);
  }

  #succeeded(): void {
    if (this.#reported && this.#retryAt === undefined) return;
    this.#reported = true;
    this.#retryAt = undefined;
    this.#options.report(undefined);
  }

  #failed(error: unknown): void {
    if (!(error instanceof Error && 'code' in error)) throw error;
    this.#cause = causeOf(error);
    const first = this.#retryAt === undefined;
    this.#retryAt = this.#options.clock.now() + retryMs;
    if (!this.#own.signal.aborted) this.#soon(retryMs);
    if (!first) return;
    const { folder, report } = this.#options;
    report(
      new Problem('failed', `Logs are not kept on disk any longer: ${sentence(error)}`, {
        hint: `They stay in memory. Make room for ${folder}, or free it; drey tries again every 30 s.`,
        cause: error,
      }),
    );
  }

  /** Bytes of full blocks that are not written. */
  #waiting(): number {
    let sum = 0;
    for (const writer of this.#dirty) sum += writer.waiting;
    return sum;
  }

  #boundMemory(): void {
    for (let bytes = this.#waiting(); bytes > mostWaiting; bytes = this.#waiting()) {
      const most = [...this.#dirty].toSorted((a, b) => b.waiting - a.waiting)[0];
      if (most === undefined) return;
      most.drop(this.#retryAt === undefined ? 'disk-slow' : this.#cause);
      if (this.#waiting() === bytes) return;
    }
  }
}
