import { Duplex } from 'node:stream';
import { headerReader, headerWriter, type SpdyHeaders } from './spdy-headers.ts';

/** The server's side of a SPDY/3.1 connection, as far as Kubernetes uses it (no flow control, no push). */
export interface SpdyConnection {
  /** Bytes from the peer. */
  receive(bytes: Buffer): void;
  /** The peer is gone: every stream ends. */
  close(): void;
}

export interface SpdyOptions {
  readonly send: (bytes: Buffer) => void;
  readonly onStream: (headers: SpdyHeaders, stream: Duplex) => void;
  /** The peer sent something that is not SPDY; its connection has to end. */
  readonly onBroken: () => void;
}

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const HEADERS = 8;
const FIN = 1;

export function spdyConnection({ send, onStream, onBroken }: SpdyOptions): SpdyConnection {
  const reader = headerReader();
  const pack = headerWriter();
  const streams = new Map<number, SpdyStream>();
  let buffered: Buffer = Buffer.alloc(0);
  let chain = Promise.resolve();
  let closed = false;

  const close = (): void => {
    if (closed) return;
    closed = true;
    for (const stream of streams.values()) stream.destroy();
    streams.clear();
    reader.close();
  };

  const control = async (type: number, flags: number, body: Buffer): Promise<void> => {
    switch (type) {
      case SYN_STREAM: {
        const id = body.readUInt32BE(0) & 0x7fffffff;
        const headers = await reader.read(body.subarray(10));
        const stream = new SpdyStream(id, send);
        streams.set(id, stream);
        stream.once('close', () => streams.delete(id));
        send(controlFrame(SYN_REPLY, 0, Buffer.concat([numberBytes(id), pack(new Map())])));
        if ((flags & FIN) !== 0) stream.push(null);
        onStream(headers, stream);
        return;
      }
      case HEADERS:
        await reader.read(body.subarray(4));
        return;
      case RST_STREAM:
        streams.get(body.readUInt32BE(0) & 0x7fffffff)?.destroy();
        return;
      case PING:
        send(controlFrame(PING, 0, body));
        return;
      case GOAWAY:
      default:
    }
  };

  const frame = async (head: Buffer, body: Buffer): Promise<void> => {
    const flags = head[4] ?? 0;
    if (((head[0] ?? 0) & 0x80) !== 0) return control(head.readUInt16BE(2), flags, body);
    const stream = streams.get(head.readUInt32BE(0) & 0x7fffffff);
    if (stream === undefined) return;
    if (body.length > 0) stream.push(body);
    if ((flags & FIN) !== 0) stream.push(null);
  };

  return {
    receive(bytes) {
      buffered = buffered.length === 0 ? bytes : Buffer.concat([buffered, bytes]);
      while (buffered.length >= 8) {
        const length = buffered.readUIntBE(5, 3);
        if (buffered.length < 8 + length) break;
        const [head, body] = [buffered.subarray(0, 8), buffered.subarray(8, 8 + length)];
        buffered = buffered.subarray(8 + length);
        // One frame after the other, because unpacking a header block is asynchronous. A broken frame ends the connection.
        chain = chain
          .then(() => (closed ? undefined : frame(head, body)))
          .catch(() => {
            if (!closed) onBroken();
            close();
          });
      }
    },
    close,
  };
}

/** One stream of the connection. Its writes become DATA frames; its end a FIN. */
class SpdyStream extends Duplex {
  readonly #id: number;
  readonly #send: (bytes: Buffer) => void;

  constructor(id: number, send: (bytes: Buffer) => void) {
    super({ allowHalfOpen: true });
    this.#id = id;
    this.#send = send;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#send(dataFrame(this.#id, 0, chunk));
    done();
  }

  override _final(done: () => void): void {
    this.#send(dataFrame(this.#id, FIN, Buffer.alloc(0)));
    done();
  }

  /** A stream that is dropped before its end is reset. 5: CANCEL. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.writableFinished) this.#send(controlFrame(RST_STREAM, 0, Buffer.concat([numberBytes(this.#id), numberBytes(5)])));
    done(error);
  }
}

function numberBytes(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function controlFrame(type: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x8003, 0);
  head.writeUInt16BE(type, 2);
  head.writeUInt32BE(((flags << 24) | body.length) >>> 0, 4);
  return Buffer.concat([head, body]);
}

function dataFrame(id: number, flags: number, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(id, 0);
  head.writeUInt32BE(((flags << 24) | body.length) >>> 0, 4);
  return Buffer.concat([head, body]);
}
