import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { Problem } from '../../support/problem.ts';

/**
 * The client's side of a SPDY/3.1 connection, as far as Kubernetes uses it: streams that the client opens, without flow control. Source:
 * SPDY protocol draft 3, section 2; github.com/moby/spdystream, which is on the other side.
 */
export interface SpdyConnection {
  /**
   * Opens a stream. Once the far side has ended it, calls `onEnd` with the function that ends it for its reader; without `onEnd`, it ends
   * immediately.
   */
  open(headers: Readonly<Record<string, string>>, onEnd?: (end: () => void) => void): Duplex;
  /** Pings the far side. */
  ping(): void;
  /** Reading is paused: a stream holds more than its reader takes. */
  readonly isPaused: boolean;
  /** Bytes that the far side has not accepted yet. */
  readonly pending: number;
  close(): void;
}

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const GOAWAY = 7;
const HEADERS = 8;
const FIN = 1;
/**
 * Header of deflate with a preset dictionary, and the Adler-32 of the SPDY/3 dictionary: stored blocks do not need the dictionary itself.
 */
const ZLIB_HEAD = Buffer.from([0x78, 0xbb, 0xe3, 0xc6, 0xa7, 0xc2]);
/** An empty stored block: makes the reader return what it has so far. */
const FLUSH = Buffer.from([0, 0, 0, 0xff, 0xff]);
/** The length of a frame has three bytes; data from a pod is read in pieces of 32 KiB. */
const MOST_FRAME = 1 << 20;

/** `socket`: just upgraded, with nothing read from it yet. Calls `heard` for every piece that arrives, and `closed` at the end. */
export function spdyConnection(
  socket: Socket,
  { heard, closed }: { readonly heard: () => void; readonly closed: (problem: Problem | undefined) => void },
): SpdyConnection {
  const streams = new Map<number, SpdyStream>();
  let nextId = 1;
  let buffered: Buffer = Buffer.alloc(0);
  let ended = false;

  const close = (problem?: Problem): void => {
    if (ended) return;
    ended = true;
    closed(problem);
    for (const stream of streams.values()) {
      if (problem) stream.broken();
      else stream.ended();
    }
    streams.clear();
    socket.destroy();
  };

  const control = (type: number, flags: number, body: Buffer): void => {
    // The pings of this side have odd numbers: those frames are answers.
    if (type === PING && body.length === 4) void (body.readUInt32BE(0) % 2 === 0 && socket.write(controlFrame(PING, 0, body)));
    else if (type === GOAWAY) close();
    else if (type === RST_STREAM && body.length >= 4) streams.get(streamId(body))?.ended();
    // The headers of a reply are of no use; with the flag, it is also the end of the stream.
    else if ((type === SYN_REPLY || type === HEADERS) && body.length >= 4 && (flags & FIN) !== 0) streams.get(streamId(body))?.ended();
  };

  const frame = (head: Buffer, body: Buffer): void => {
    const flags = head[4] ?? 0;
    if (((head[0] ?? 0) & 0x80) !== 0) return control(head.readUInt16BE(2), flags, body);
    const stream = streams.get(streamId(head));
    if (stream === undefined) return;
    if (!stream.arrived(body)) socket.pause();
    if ((flags & FIN) !== 0) stream.ended();
  };

  socket.on('data', (bytes: Buffer) => {
    heard();
    buffered = buffered.length === 0 ? bytes : Buffer.concat([buffered, bytes]);
    while (buffered.length >= 8) {
      if (ended) return;
      const length = buffered.readUIntBE(5, 3);
      if (length > MOST_FRAME) return close(new Problem('protocol', 'The API server sent what is not SPDY.'));
      if (buffered.length < 8 + length) return;
      const [head, body] = [buffered.subarray(0, 8), Buffer.from(buffered.subarray(8, 8 + length))];
      buffered = buffered.subarray(8 + length);
      frame(head, body);
    }
  });
  const broken = (error?: Error): void => close(new Problem('unreachable', 'The connection broke.', { cause: error }));
  socket.on('error', broken);
  socket.once('close', () => broken());

  return {
    open(headers, onEnd = (end) => end()) {
      const id = nextId;
      nextId += 2;
      const stream = new SpdyStream(id, socket, onEnd);
      streams.set(id, stream);
      // The stream's number, no associated stream, no priority and no slot.
      socket.write(controlFrame(SYN_STREAM, 0, Buffer.concat([number(id), Buffer.alloc(6), headerBlock(headers, id === 1)])));
      return stream;
    },
    ping: () => void socket.write(controlFrame(PING, 0, number(1))),
    get isPaused() {
      return socket.isPaused();
    },
    get pending() {
      return socket.writableLength;
    },
    close: () => close(),
  };
}

/** One stream. Its writes become data frames; a flag ends its writing side. */
class SpdyStream extends Duplex {
  readonly #id: number;
  readonly #socket: Socket;
  readonly #onEnd: (end: () => void) => void;
  #over = false;

  constructor(id: number, socket: Socket, onEnd: (end: () => void) => void) {
    super({ allowHalfOpen: true });
    this.#id = id;
    this.#socket = socket;
    this.#onEnd = onEnd;
  }

  /** False if that is more than the reader takes. Anything after the end is ignored. */
  arrived(bytes: Buffer): boolean {
    return bytes.length === 0 || this.#over || this.destroyed || this.push(bytes);
  }

  /** The far side sends nothing more. */
  ended(): void {
    if (this.#over || this.destroyed) return;
    this.#over = true;
    this.#onEnd(() => {
      if (!this.destroyed) this.push(null);
    });
  }

  /** What has come is still read if the far side had ended it before. */
  broken(): void {
    if (!this.#over) this.destroy();
  }

  override _read(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    // A broken connection ends all its streams, with the reason.
    this.#socket.write(dataFrame(this.#id, 0, chunk), () => done());
  }

  override _final(done: () => void): void {
    this.#socket.write(dataFrame(this.#id, FIN, Buffer.alloc(0)), () => done());
  }
}

/** Names and values, each after its length, in one stored block of the connection's zlib stream. */
function headerBlock(headers: Readonly<Record<string, string>>, first: boolean): Buffer {
  // Names with capitals are refused.
  const words = Object.entries(headers)
    .flatMap(([name, value]) => [name.toLowerCase(), value])
    .flatMap((word) => [number(Buffer.byteLength(word)), Buffer.from(word)]);
  const plain = Buffer.concat([number(Object.keys(headers).length), ...words]);
  const stored = Buffer.alloc(5);
  stored.writeUInt16LE(plain.length, 1);
  stored.writeUInt16LE(~plain.length & 0xffff, 3);
  return Buffer.concat([...(first ? [ZLIB_HEAD] : []), stored, plain, FLUSH]);
}

const streamId = (bytes: Buffer): number => bytes.readUInt32BE(0) & 0x7fffffff;

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function controlFrame(type: number, flags: number, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80, 3, 0, type]), number(((flags << 24) | body.length) >>> 0), body]);
}

function dataFrame(id: number, flags: number, body: Buffer): Buffer {
  return Buffer.concat([number(id), number(((flags << 24) | body.length) >>> 0), body]);
}
