import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine } from '../kubernetes/model/types.ts';
import { encodeBlock, encodeBlockNow, encodePlainBlock } from './block.ts';
import type { Compressor } from './codec.ts';
import type { GrowingFile, SpoolDisk } from './files.ts';
import type { LossCause } from './gap.ts';
import { Pack, type PackMemory } from './pack.ts';
import { disorderMs, fileName, type SpoolFileName } from './places.ts';

/** What the writers of a spool share. */
export interface WriterMeans {
  readonly disk: SpoolDisk;
  readonly compressor: Compressor;
  readonly memory: PackMemory;
}

/** A busy machine makes each step wait: blocks that wait are compressed together and written in one step. */
const atOnce = 16;
/** If this much of a log waits, other threads do not get to compressing it: lines would be lost for nothing. */
const hurryBytes = 2 * 2 ** 20;
/** Old lines are removed a file at a time. */
const fileBytes = 8 * 2 ** 20;

/**
 * Writes the log of one container to files of this process. Full blocks go to the main file. Until a block is full, its lines go to the
 * tail in small blocks, and the tail is emptied once the full block is written; if that is prevented, the lines are in both, and reading
 * leaves out the second ones.
 */
export class LogWriter {
  readonly #means: WriterMeans;
  readonly #folder: string;
  readonly #name: Omit<SpoolFileName, 'part' | 'kind'>;
  #open = new Pack();
  /** Full blocks that wait to be written, oldest first. */
  readonly #sealed: Pack[] = [];
  #waiting = 0;
  /** Blocks, the oldest ones, that are being written. */
  #writing = 0;
  #main: GrowingFile | undefined;
  #mainBytes = 0;
  #tail: GrowingFile | undefined;
  /** There are lines in it. */
  #tailHolds = false;
  #part = 0;
  #latest = -Infinity;

  constructor(means: WriterMeans, folder: string, name: Omit<SpoolFileName, 'part' | 'kind'>) {
    this.#means = means;
    this.#folder = folder;
    this.#name = name;
  }

  /** Bytes of full blocks that are not written. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Copies the lines. */
  append(lines: readonly LogLine[]): void {
    for (const line of lines) {
      this.#latest = Math.max(this.#latest, line.at);
      if (!this.#open.fits(line.to - line.from)) {
        this.seal();
        // A log that has filled a block will fill another one.
        this.#open = new Pack(this.#means.memory.take());
      }
      this.#open.add(line, Math.max(line.at, this.#latest - disorderMs));
    }
  }

  /** The lines so far become a block. */
  seal(): void {
    if (this.#open.lines === 0) return;
    this.#sealed.push(this.#open);
    this.#waiting += this.#open.bytes;
    this.#open = new Pack();
  }

  /** Gives up the oldest block that waits; the one after it says how many lines are missing, and why. */
  drop(cause: LossCause): void {
    const [lost] = this.#sealed.splice(this.#writing, 1);
    if (lost === undefined) return;
    this.#waiting -= lost.bytes;
    const next = this.#sealed[this.#writing] ?? this.#open;
    next.missed += lost.lines + lost.missed;
    next.cause = cause;
  }

  /** Writes the full blocks. Returns the bytes; rejects with the error of the file system, and the blocks that are not written stay. */
  async writeBlocks(): Promise<number> {
    let written = 0;
    while (this.#sealed.length > 0) written += await this.#writeSome(this.#sealed.slice(0, atOnce));
    return written;
  }

  async #writeSome(packs: readonly Pack[]): Promise<number> {
    this.#writing = packs.length;
    try {
      const encode = this.#waiting > hurryBytes ? encodeBlockNow : encodeBlock;
      const blocks = Buffer.concat(await Promise.all(packs.map((pack) => encode(pack.sealed(), this.#means.compressor))));
      this.#main ??= await this.#create('main');
      await this.#main.append(blocks);
      this.#sealed.splice(0, packs.length);
      for (const { bytes, memory } of packs) {
        this.#waiting -= bytes;
        this.#means.memory.give(memory);
      }
      this.#mainBytes += blocks.length;
      if (this.#tailHolds) await this.#tail?.cut(0);
      this.#tailHolds = false;
      if (this.#mainBytes >= fileBytes) await this.#close();
      return blocks.length;
    } finally {
      this.#writing = 0;
    }
  }

  /** Writes what came since the last time to the tail: a process that is killed loses no more than that. */
  async writeTail(): Promise<void> {
    // Full blocks come first: writing them empties the tail.
    if (this.#sealed.length > 0 || this.#open.fresh === 0) return;
    const block = encodePlainBlock(this.#open.takeFresh());
    this.#tail ??= await this.#create('tail');
    this.#tailHolds = true;
    await this.#tail.append(block);
  }

  /** The log has ended: everything is in the main file, and no file stays open. */
  async finish(): Promise<number> {
    this.seal();
    const written = await this.writeBlocks();
    await this.#close();
    return written;
  }

  /** After an error: what may have been written in part is cut off, because it will be written again, and the files are not continued. */
  async abandon(): Promise<void> {
    const [main, tail, bytes] = [this.#main, this.#tail, this.#mainBytes];
    this.#forgetFiles();
    await main?.cut(bytes).catch(() => {
      // Then those lines come twice: better than to lose them.
    });
    await Promise.allSettled([main?.close(), tail?.close()]);
  }

  async #close(): Promise<void> {
    const [main, tail, part] = [this.#main, this.#tail, this.#part];
    this.#forgetFiles();
    await main?.close();
    if (tail === undefined) return;
    await tail.close();
    await rm(this.#path('tail', part), { force: true });
  }

  #forgetFiles(): void {
    this.#main = undefined;
    this.#tail = undefined;
    this.#tailHolds = false;
    this.#mainBytes = 0;
    this.#part += 1;
  }

  #create(kind: SpoolFileName['kind']): Promise<GrowingFile> {
    return this.#means.disk.create(this.#path(kind, this.#part));
  }

  #path(kind: SpoolFileName['kind'], part: number): string {
    return join(this.#folder, fileName({ ...this.#name, part, kind }));
  }
}
