import type { LogLine } from '../kubernetes/model/types.ts';
import { Compressor } from './codec.ts';
import { realDisk } from './files.ts';
import { LogWriter } from './log-writer.ts';
import { PackMemory } from './pack.ts';

/** Writes a log into a folder of its own, in the form of a spool; the caller waits for the disk. */
export class LogCopy implements AsyncDisposable {
  readonly #compressor = new Compressor();
  readonly #writer: LogWriter;

  constructor(folder: string, container: string) {
    const means = { disk: realDisk, compressor: this.#compressor, memory: new PackMemory() };
    this.#writer = new LogWriter(means, folder, { container, writer: 'copy' });
  }

  /** Copies the lines. */
  async append(lines: readonly LogLine[]): Promise<void> {
    this.#writer.append(lines);
    await this.#writer.writeBlocks();
  }

  /** Everything is on disk then. */
  async end(): Promise<void> {
    await this.#writer.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.abandon();
    this.#compressor[Symbol.dispose]();
  }
}
