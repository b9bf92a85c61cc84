import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Instant } from '../../support/clock.ts';
import type { NewFile } from '../procedures/new-file.ts';

export interface Entry {
  readonly path: string;
  readonly content: string | AsyncIterable<Uint8Array>;
  /** It is compressed already. */
  readonly packed?: boolean | undefined;
}

/** Writes a zip, one entry after the other; what an entry has is passed on, and never held as a whole. */
export class Archive {
  readonly #zip = new ZipFile();
  readonly #at: Date;
  readonly #written: Promise<void>;
  #bytes = 0;

  /** `at`: when its entries were made. */
  constructor(file: Pick<NewFile, 'write'>, at: Instant) {
    this.#at = new Date(at);
    this.#written = this.#write(file);
    // Whoever adds the next entry is told.
    this.#written.catch(() => undefined);
  }

  /** Bytes of the zip so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Returns the bytes of the entry. Rejects with the error of its content or of the file. */
  async add({ path, content, packed = false }: Entry): Promise<number> {
    let bytes = 0;
    async function* counted(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
      for await (const piece of pieces) {
        bytes += piece.byteLength;
        yield piece;
      }
    }
    const source = Readable.from(counted(typeof content === 'string' ? [Buffer.from(content)] : content), { objectMode: false });
    this.#zip.addReadStream(source, path, { mtime: this.#at, mode: 0o600, compress: !packed });
    try {
      await Promise.race([finished(source), this.#written]);
    } finally {
      // If the zip cannot be written, nobody reads the rest.
      source.destroy();
    }
    return bytes;
  }

  async end(): Promise<void> {
    this.#zip.end();
    await this.#written;
  }

  async #write(file: Pick<NewFile, 'write'>): Promise<void> {
    for await (const piece of this.#zip.outputStream as AsyncIterable<Buffer>) {
      await file.write(piece);
      this.#bytes += piece.length;
    }
  }
}
