import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { HttpBody } from './transport.ts';

/**
 * The body of `POST /jars/upload`: exactly one file part and no other field, streamed. `size` is that of the file in bytes. A file that
 * grows or shrinks meanwhile breaks the request, so it is never sent as if it were complete.
 */
export function jarUpload(
  path: string,
  name: string,
  size: number,
  onProgress: ((sent: number, total: number) => void) | undefined,
): HttpBody {
  const boundary = `drey-${randomBytes(16).toString('hex')}`;
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="jarfile"; filename="${quoted(name)}"\r\nContent-Type: application/x-java-archive\r\n\r\n`,
    'utf8',
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`, 'utf8');
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: head.byteLength + size + tail.byteLength,
    async *open() {
      yield head;
      let sent = 0;
      onProgress?.(0, size);
      for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>) {
        yield chunk;
        sent += chunk.byteLength;
        onProgress?.(sent, size);
      }
      yield tail;
    },
  };
}

/** A quote or a line break in a file name would end the header. */
const quoted = (name: string): string => name.replace(/["\r\n\\]/g, '_');
