import { Duplex } from 'node:stream';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import { collectionPath, withQuery } from '../model/paths.ts';
import { PODS } from '../model/resources.ts';
import type { Transport } from '../request/transport.ts';
import type { RequestOptions } from '../model/types.ts';
import { keepAlive, openSocket, type Socket } from './websocket.ts';

const DATA = 0;
const FAILURE = 1;
/** Bytes in one message of a long write: pings get through between messages. */
const MESSAGE_SIZE = 64 << 10;

export type PodAddress = { readonly namespace: string; readonly name: string };

export interface Forwarding {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly pod: PodAddress;
  readonly port: number;
  readonly options: RequestOptions;
}

/** The forward as words for a person: the request, and the pod with its port. */
export function forwarding({ pod, port }: Forwarding): { readonly what: string; readonly name: string; readonly path: string } {
  return {
    what: `forward to port ${port} of pod ${pod.name} in namespace ${pod.namespace}`,
    name: `Port ${port} of pod ${pod.name}`,
    path: `${collectionPath(PODS, pod.namespace)}/${encodeURIComponent(pod.name)}/portforward`,
  };
}

/** A connection to a port of a pod, over its own WebSocket, as the protocol demands. Rejects with a `Problem` that names pod and port. */
export async function webSocketForward(forward: Forwarding): Promise<Duplex> {
  const {
    transport,
    clock,
    port,
    options: { signal, timeoutMs },
  } = forward;
  const { what, name, path } = forwarding(forward);
  const socket = await openSocket(transport, clock, {
    path: withQuery(path, { ports: port }),
    protocols: ['v4.channel.k8s.io'],
    what,
    signal,
    timeoutMs,
  });
  const connection = new PodConnection(socket, name);
  keepAlive(socket, transport, clock, (problem) => connection.destroy(problem));
  return connection;
}

/** The problem in the error that the API server or the kubelet sends for a port that cannot be reached. */
export function forwardFailure(name: string, said: string): Problem {
  if (/connection refused/.test(said)) {
    return new Problem('unreachable', `${name} refuses connections.`, {
      hint: 'Nothing listens there, or not yet.',
      cause: new Error(said),
    });
  }
  if (/not found|NotFound|does not exist/.test(said))
    return new Problem('not-found', `${name}: the pod is gone.`, { cause: new Error(said) });
  return new Problem('unreachable', `${name} cannot be reached: ${said.trim()}`, { cause: new Error(said) });
}

/**
 * The stream over the WebSocket. Every message begins with its channel; the first message of each channel repeats the port. The protocol
 * cannot close one direction, so ending the writing side closes the connection only once the far side has ended too. Has the methods of a
 * socket that `node:http` calls.
 */
class PodConnection extends Duplex {
  readonly #socket: Socket;
  readonly #name: string;
  readonly #begun = new Set<number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, name: string) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#name = name;
    socket.on('message', (message: Buffer) => this.#receive(message));
    socket.on('close', (code: number) => this.#closed(code));
    socket.resume();
  }

  #receive(message: Buffer): void {
    const channel = message[0];
    if (channel !== DATA && channel !== FAILURE) return;
    if (!this.#begun.has(channel)) {
      this.#begun.add(channel);
      if (message.length <= 3) return;
      message = message.subarray(2);
    }
    const payload = message.subarray(1);
    if (payload.length === 0) return;
    this.#touch();
    if (channel === FAILURE) this.destroy(forwardFailure(this.#name, payload.toString('utf8')));
    else if (!this.push(payload)) this.#socket.pause();
  }

  #closed(code: number): void {
    if (this.destroyed) return;
    // 1000: the far side ended normally; 1005 and 1006: a proxy ended it, which proves nothing.
    if (code === 1011 || code === 1006)
      this.destroy(
        new Problem('unreachable', `The connection to ${this.#name.toLowerCase()} broke.`, {
          cause: new Error(`WebSocket closed with ${code}`),
        }),
      );
    else {
      this.push(null);
      this.end();
    }
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#touch();
    this.#send(chunk, 0, done);
  }

  #send(chunk: Buffer, from: number, done: (error?: Error | null) => void): void {
    const end = Math.min(from + MESSAGE_SIZE, chunk.length);
    const message = Buffer.allocUnsafe(end - from + 1);
    message[0] = DATA;
    chunk.copy(message, 1, from, end);
    this.#socket.send(message, (error) => {
      if (error)
        done(this.destroyed ? null : new Problem('unreachable', `The connection to ${this.#name.toLowerCase()} broke.`, { cause: error }));
      else if (end < chunk.length) this.#send(chunk, end, done);
      else done();
    });
  }

  override _final(done: () => void): void {
    if (this.readableEnded) this.#socket.close();
    else this.once('end', () => this.#socket.close());
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    // Immediately: the far side of a stalled connection would never answer a close.
    this.#socket.terminate();
    done(error);
  }

  #idleMs = 0;

  #touch(): void {
    this.#timer?.refresh();
  }

  setTimeout(ms: number, onTimeout?: () => void): this {
    clearTimeout(this.#timer);
    this.#idleMs = ms;
    if (onTimeout) this.once('timeout', onTimeout);
    this.#timer = ms > 0 ? setTimeout(() => this.emit('timeout'), ms).unref() : undefined;
    return this;
  }

  get timeout(): number {
    return this.#idleMs;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
