import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Clock } from '../../support/clock.ts';
import type { Problem } from '../../support/problem.ts';
import { watchSilence } from './silence.ts';
import type { Transport } from '../request/transport.ts';
import { HANDSHAKE_MS, upgraded, upgrading, type Upgrade, type UpgradeRequest } from './upgrade.ts';

/** An open WebSocket. `ws` is loaded only if one is needed. */
export type Socket = WebSocket;

export interface SocketRequest extends UpgradeRequest {
  readonly path: string;
  /** Accepted subprotocols, best first. */
  readonly protocols: readonly string[];
  /** The path as the trace may show it. */
  readonly tracePath?: string;
  readonly timeoutMs: number | undefined;
}

const MESSAGE_LIMIT = 32 << 20;

/** Opens a WebSocket through the API server, paused: call `resume` once the listeners are attached. Rejects with a `Problem`. */
export function openSocket(transport: Transport, clock: Clock, request: SocketRequest): Promise<Socket> {
  return upgraded(transport, request, () => handshake(transport, clock, request));
}

async function handshake(
  transport: Transport,
  clock: Clock,
  { path, protocols, signal, timeoutMs = HANDSHAKE_MS, tracePath = path }: SocketRequest,
): Promise<Upgrade<Socket>> {
  const { WebSocket: Client } = await import('ws');
  const { url, identity, headers, agent } = await transport.socket(path);
  signal?.throwIfAborted();
  const socket = new Client(url, [...protocols], {
    agent,
    headers: headers as Record<string, string>,
    perMessageDeflate: false,
    maxPayload: MESSAGE_LIMIT,
    skipUTF8Validation: true,
  });
  socket.binaryType = 'nodebuffer';
  return upgrading({ transport, clock, signal, timeoutMs, method: 'GET', tracePath }, identity, {
    begin({ opened, refused, failed }) {
      // This listener is never removed: after the handshake an error is followed by `close`, which the users of the socket handle.
      socket.on('error', failed);
      socket.once('open', () => {
        // The caller attaches its listeners a moment later: messages have to wait until then.
        socket.pause();
        opened(socket);
      });
      socket.once('unexpected-response', (_request, refusal: IncomingMessage) => refused(refusal));
    },
    end: () => socket.terminate(),
  });
}

/** Pings an open socket until it closes. */
export function keepAlive(socket: Socket, transport: Transport, clock: Clock, onSilent: (problem: Problem) => void): void {
  const { heard, end } = watchSilence(
    {
      get isPaused() {
        return socket.isPaused;
      },
      get pending() {
        return socket.bufferedAmount;
      },
      ping() {
        if (socket.readyState === socket.OPEN) socket.ping();
      },
    },
    transport,
    clock,
    onSilent,
  );
  socket.on('message', heard);
  socket.on('pong', heard);
  socket.on('ping', heard);
  socket.once('close', end);
}
