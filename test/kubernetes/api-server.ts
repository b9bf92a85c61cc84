import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** One request as a handler sees it. */
export interface Call {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly request: IncomingMessage;
  body(): Promise<string>;
}

export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
export type Handler = (call: Call, answer: Answer) => unknown;

/** How a handler answers: at once, or as a stream that it can cut. */
export interface Answer {
  readonly response: ServerResponse;
  json(value: unknown, status?: number, headers?: Record<string, string>): void;
  /** A Kubernetes `Status`. */
  fail(code: number, message: string, headers?: Record<string, string>): void;
  /** Sends the head of a stream. */
  stream(headers?: Record<string, string>): void;
  write(text: string | Buffer): void;
  /** One watch event. */
  event(type: string, object: unknown): void;
  end(): void;
  /** Breaks the connection in the middle. */
  reset(): void;
}

/** An HTTP server that does what a test wants of an API server. */
export interface ApiServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Every request so far: `GET /api/v1/pods?limit=500`. */
  readonly calls: readonly string[];
  /** Connections accepted so far. */
  readonly connections: number;
  handle(handler: Handler): void;
  onUpgrade(handler: UpgradeHandler): void;
  /** What `onUpgrade` was told last. */
  readonly upgrade: UpgradeHandler;
  /** Accepts connections, but says nothing any more to what comes. */
  pause(): void;
  resume(): void;
  /** Ends all connections and refuses new ones. */
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  restart(): Promise<void>;
}

export async function apiServer(handler: Handler = notFound, tls?: ServerOptions): Promise<ApiServer> {
  const calls: string[] = [];
  const held: (() => void)[] = [];
  const upgraded = new Set<Duplex>();
  let current = handler;
  let upgrade: UpgradeHandler = (_, socket) => void socket.destroy();
  let paused = false;
  let connections = 0;
  let server: Server;
  let port = 0;

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    calls.push(`${request.method} ${request.url}`);
    const call: Call = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      request,
      async body() {
        let text = '';
        for await (const chunk of request) text += String(chunk);
        return text;
      },
    };
    const run = (): void => void current(call, answerOn(response));
    if (paused) held.push(run);
    else run();
  };
  const listen = async (): Promise<void> => {
    server = tls ? createTlsServer(tls, serve) : createServer(serve);
    server.on('connection', () => connections++);
    server.on('upgrade', (request, socket, head) => {
      calls.push(`${request.method} ${request.url}`);
      upgraded.add(socket);
      upgrade(request, socket, head);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  };
  const stop = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
    await closed;
  };
  await listen();
  return {
    get url() {
      return `${tls ? 'https' : 'http'}://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    calls,
    get connections() {
      return connections;
    },
    handle(next) {
      current = next;
    },
    onUpgrade(next) {
      upgrade = next;
    },
    get upgrade() {
      return upgrade;
    },
    pause() {
      paused = true;
    },
    resume() {
      paused = false;
      for (const run of held.splice(0)) run();
    },
    stop,
    restart: listen,
    [Symbol.asyncDispose]: stop,
  };
}

const notFound: Handler = (call, answer) => answer.fail(404, `nothing at ${call.path}`);

function answerOn(response: ServerResponse): Answer {
  return {
    response,
    json(value, status = 200, headers = {}) {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
    },
    fail(code, message, headers = {}) {
      const reasons: Readonly<Record<number, string>> = {
        401: 'Unauthorized',
        403: 'Forbidden',
        404: 'NotFound',
        409: 'Conflict',
        410: 'Expired',
      };
      this.json({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason: reasons[code] ?? '', code }, code, headers);
    },
    stream(headers = {}) {
      response.writeHead(200, { 'Content-Type': 'application/json', ...headers });
      response.flushHeaders();
    },
    write(text) {
      response.write(text);
    },
    event(type, object) {
      response.write(`${JSON.stringify({ type, object })}\n`);
    },
    end() {
      response.end();
    },
    reset() {
      response.socket?.resetAndDestroy();
    },
  };
}

/** A pod, as small as it can be. */
export function pod(name: string, resourceVersion: string, more: object = {}): object {
  return { metadata: { name, namespace: 'orders', uid: `uid-${name}`, resourceVersion }, ...more };
}
