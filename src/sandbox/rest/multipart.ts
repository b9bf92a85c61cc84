import type { IncomingMessage } from 'node:http';

export interface PartHead {
  readonly name: string;
  readonly fileName: string | undefined;
}

export interface PartSink {
  begin(part: PartHead): void;
  data(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

/** Reads `multipart/form-data` part by part as it arrives. Rejects for a body that is none. */
export async function readMultipart(request: IncomingMessage, sink: PartSink): Promise<void> {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Error('no boundary');
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  // The first delimiter has no line end before it.
  let buffered: Buffer = Buffer.from('\r\n');
  let state: 'before' | 'head' | 'content' | 'after' = 'before';

  for await (const chunk of request) {
    buffered = Buffer.concat([buffered, chunk as Buffer]);
    for (let again = true; again;) {
      again = false;
      if (state === 'before' || state === 'content') {
        const at = buffered.indexOf(delimiter);
        const ready = at < 0 ? Math.max(0, buffered.length - delimiter.length) : at;
        if (state === 'content' && ready > 0) await sink.data(buffered.subarray(0, ready));
        buffered = buffered.subarray(ready);
        if (at >= 0 && buffered.length >= delimiter.length + 2) {
          if (state === 'content') await sink.end();
          state = buffered.toString('latin1', delimiter.length, delimiter.length + 2) === '--' ? 'after' : 'head';
          buffered = buffered.subarray(delimiter.length + 2);
          again = true;
        }
      } else if (state === 'head') {
        const end = buffered.indexOf('\r\n\r\n');
        if (end >= 0) {
          const head = buffered.toString('utf8', 0, end);
          sink.begin({ name: /[; ]name="([^"]*)"/.exec(head)?.[1] ?? '', fileName: /filename="([^"]*)"/.exec(head)?.[1] });
          buffered = buffered.subarray(end + 4);
          state = 'content';
          again = true;
        }
      }
    }
  }
  if (state !== 'after') throw new Error('the body ended too early');
}
