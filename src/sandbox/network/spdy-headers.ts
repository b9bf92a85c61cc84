import { constants, createInflate } from 'node:zlib';
import { adler32, spdyDictionary } from './spdy-dictionary.ts';

export type SpdyHeaders = ReadonlyMap<string, string>;

/** Unpacks header blocks: one zlib stream over the whole connection, flushed after each block. */
export interface HeaderReader {
  read(block: Buffer): Promise<SpdyHeaders>;
  close(): void;
}

/** Bytes of one header block, unpacked. */
const MOST = 64 * 1024;

export function headerReader(): HeaderReader {
  const inflate = createInflate({ dictionary: spdyDictionary, flush: constants.Z_SYNC_FLUSH });
  const plain: Buffer[] = [];
  let size = 0;
  let broken: Error | undefined;
  let reject: (error: Error) => void = () => undefined;
  inflate.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MOST) inflate.destroy(new RangeError('the header block is too long'));
    else plain.push(chunk);
  });
  // The error may also come between two blocks; then the next one is refused.
  inflate.on('error', (error) => {
    broken = error;
    reject(error);
  });
  return {
    read: (block) =>
      new Promise((resolve, refuse) => {
        if (broken !== undefined) return refuse(broken);
        reject = refuse;
        inflate.write(block, () => {
          // The output of the write arrives before the next turn of the event loop.
          setImmediate(() => {
            size = 0;
            try {
              resolve(parsed(Buffer.concat(plain.splice(0))));
            } catch (error) {
              // The lengths in the block do not fit its size: the connection ends.
              refuse(error instanceof Error ? error : new Error(String(error)));
            }
          });
        });
      }),
    close: () => inflate.destroy(),
  };
}

function parsed(block: Buffer): SpdyHeaders {
  const headers = new Map<string, string>();
  let at = 0;
  const text = (): string => {
    const length = block.readUInt32BE(at);
    at += 4 + length;
    return block.toString('utf8', at - length, at);
  };
  const count = block.readUInt32BE(0);
  at = 4;
  for (let index = 0; index < count; index += 1) {
    const name = text();
    // As spdystream does.
    if (name !== name.toLowerCase()) throw new RangeError('the name of a header has capitals');
    headers.set(name, text());
  }
  return headers;
}

/** An empty stored block: makes the reader flush. */
const FLUSH = Buffer.from([0, 0, 0, 0xff, 0xff]);

/** Packs header blocks as stored (uncompressed) zlib blocks: valid, and without a deflater to keep. */
export function headerWriter(): (headers: SpdyHeaders) => Buffer {
  let first = true;
  return (headers) => {
    const parts: Buffer[] = [number(headers.size)];
    for (const pair of headers) for (const word of pair) parts.push(number(Buffer.byteLength(word)), Buffer.from(word));
    const plain = Buffer.concat(parts);
    const stored = Buffer.alloc(5);
    stored.writeUInt16LE(plain.length, 1);
    stored.writeUInt16LE(~plain.length & 0xffff, 3);
    // 0x78bb: deflate with a preset dictionary, whose Adler-32 follows.
    const head = first ? [Buffer.from([0x78, 0xbb]), number(adler32(spdyDictionary))] : [];
    first = false;
    return Buffer.concat([...head, stored, plain, FLUSH]);
  };
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
