import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/support/clock.ts';

export interface Seen {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer: a capture's text with its status, JSON, or `cut` = close the connection without an answer. */
export type Reply = { readonly status: number; readonly text: string; readonly headers?: Record<string, string> } | 'cut' | 'silence';

export interface RestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly Seen[];
  /** Connections that were ever opened. */
  readonly connections: () => number;
}

/** A REST endpoint on loopback that answers what a test says. */
export async function restServer(
  answer: (request: Seen, nth: number) => Reply | Promise<Reply>,
  tls?: { readonly key: string; readonly cert: string },
): Promise<RestServer> {
  const seen: Seen[] = [];
  let connections = 0;
  const handle: http.RequestListener = async (incoming, outgoing) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of incoming as AsyncIterable<Uint8Array>) chunks.push(chunk);
    const request = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString('latin1'),
    };
    seen.push(request);
    const reply = await answer(request, seen.filter(({ method, path }) => method === request.method && path === request.path).length);
    if (reply === 'silence') return;
    if (reply === 'cut') {
      incoming.socket.destroy();
      return;
    }
    outgoing.writeHead(reply.status, {
      'content-type': 'application/json; charset=UTF-8',
      'content-length': Buffer.byteLength(reply.text),
      ...reply.headers,
    });
    outgoing.end(reply.text);
  };
  const server = tls === undefined ? http.createServer(handle) : https.createServer(tls, handle);
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    port,
    seen,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const json = (value: unknown, status = 200): Reply => ({ status, text: JSON.stringify(value) });

export const captureText = (name: string): string => readFileSync(new URL(`captures/${name}.json`, import.meta.url), 'utf8');

export const capture = (name: string, status = 200): Reply => ({ status, text: captureText(name) });

/** Time passes only when somebody waits for it; waits of a deadline's length (5 s and more) last until they are called off. */
export function skippingClock(start = 1_795_345_460_000): Clock & { readonly waited: number[] } {
  let now = 0;
  const waited: number[] = [];
  return {
    waited,
    now: () => start + now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        if (ms < 5_000) {
          now += ms;
          waited.push(ms);
          setImmediate(resolve);
          return;
        }
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
}
