import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../support/clock.ts';
import type { Transport } from '../request/transport.ts';
import { HANDSHAKE_MS, upgraded, upgrading, type Upgrade } from './upgrade.ts';

interface Means {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

interface Wanted {
  /** For a person. */
  readonly what: string;
  readonly path: string;
  /** The path as the trace may show it. */
  readonly tracePath: string;
  /** What is spoken over SPDY. */
  readonly protocol: string;
}

/** A connection on which SPDY is spoken from now on. Rejects with a `Problem`. */
export function spdyUpgrade(means: Means, wanted: Wanted): Promise<Socket> {
  return upgraded(means.transport, { what: wanted.what, signal: means.signal }, () => handshake(means, wanted));
}

async function handshake({ transport, clock, signal, timeoutMs = HANDSHAKE_MS }: Means, wanted: Wanted): Promise<Upgrade<Socket>> {
  const { path, tracePath, protocol } = wanted;
  const { url, identity, headers, agent } = await transport.socket(path);
  signal?.throwIfAborted();
  const address = new URL(url.replace(/^ws/, 'http'));
  const send = address.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = send(address, {
    method: 'POST',
    agent,
    headers: {
      ...(headers as Record<string, string | string[]>),
      Connection: 'Upgrade',
      Upgrade: 'SPDY/3.1',
      'X-Stream-Protocol-Version': protocol,
      'Content-Length': '0',
    },
  });
  return upgrading({ transport, clock, signal, timeoutMs, method: 'POST', tracePath }, identity, {
    begin({ opened, refused, failed }) {
      // This listener is never removed: an error after the upgrade belongs to the socket, which reports it.
      request.on('error', failed);
      request.once('upgrade', (_answer, socket: Socket, head: Buffer) => {
        if (head.length > 0) socket.unshift(head);
        opened(socket);
      });
      request.once('response', refused);
      request.end();
    },
    end: () => request.destroy(),
  });
}
