import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, statusOf } from '../api/status.ts';
import type { Faults } from '../base/faults.ts';
import { answering, namedBy, refuseForeign, sendJson, type Call, type Handshake } from '../api/call.ts';

export interface ListenerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly faults: Faults;
  readonly handle: (call: Call) => Promise<void>;
  readonly upgrade: (call: Handshake, socket: Duplex, head: Buffer) => void;
  /** `/sandbox/...`: the control. No fault affects it. */
  readonly control: (call: Call) => Promise<void>;
}

/** The API server's port on loopback, with the faults that hit connections and requests before they are read. */
export interface Listener extends AsyncDisposable {
  readonly url: string;
  /** Cuts all connections and refuses new ones for `ms`; resolves once it refuses. */
  restart(ms: number): Promise<void>;
  /** Stops refusing early. Resolves once it listens. */
  comeBack(): Promise<void>;
  requests(): number;
  connections(): number;
}

export async function openListener({ port, faults, handle, upgrade, control }: ListenerOptions): Promise<Listener> {
  let requests = 0;
  const sockets = new Set<Socket>();

  const answer = async (call: Call): Promise<void> => {
    if (call.path.startsWith('/sandbox/')) return control(call);
    requests += 1;
    await faults.unpaused();
    if (faults.apiDelay > 0) await delay(faults.apiDelay, undefined, { ref: false });
    const fault = faults.answerFor(call.path);
    if (fault !== undefined) {
      const error = faultStatus(fault.status);
      return sendJson(
        call.response,
        fault.status,
        statusOf(error),
        fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) },
      );
    }
    if (isStream(call)) call.response.once('close', faults.opened(faults.streams, { cut: () => call.request.socket.destroy() }));
    await handle(call);
  };

  const server: Server = createServer({ keepAliveTimeout: 60_000 }, answering(answer));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    requests += 1;
    // If the client resets an upgraded connection, only that connection ends.
    socket.on('error', () => socket.destroy());
    const call = upgradeOf(request);
    if (call === undefined) return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    void faults.unpaused().then(() => {
      const fault = faults.answerFor(call.path);
      if (fault === undefined) return upgrade(call, socket, head);
      socket.end(`HTTP/1.1 ${fault.status} Fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    });
  });

  const bound = await listen(server, port);
  faults.onPause((paused) => {
    for (const socket of sockets) {
      if (paused) socket.cork();
      else socket.uncork();
    }
  });
  let over = false;
  let back = (): Promise<void> => Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  return {
    url: `http://127.0.0.1:${bound}`,
    requests: () => requests,
    connections: () => sockets.size,
    async restart(ms) {
      clearTimeout(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
      let due: Promise<void> | undefined;
      back = async () => (due ??= over || server.listening ? Promise.resolve() : listen(server, bound).then(() => undefined));
      timer = setTimeout(() => void back(), ms).unref();
    },
    comeBack: () => back(),
    async [Symbol.asyncDispose]() {
      over = true;
      clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Undefined for an unreadable path, and for a page from elsewhere: browsers let any page open WebSockets to this machine. */
function upgradeOf(request: IncomingMessage): Handshake | undefined {
  try {
    refuseForeign(request);
    return namedBy(request);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const isStream = ({ query }: Call): boolean => ['watch', 'follow'].some((name) => query.get(name) === 'true' || query.get(name) === '1');

function faultStatus(status: number): ApiError {
  switch (status) {
    case 401:
      return new ApiError(401, 'Unauthorized', 'Unauthorized');
    case 403:
      return new ApiError(403, 'Forbidden', 'forbidden: the sandbox denies this request');
    case 429:
      return new ApiError(429, 'TooManyRequests', 'the server has received too many requests and has asked us to try again later', {
        retryAfterSeconds: 1,
      });
    case 503:
      return new ApiError(503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
    case 500:
      return new ApiError(500, 'InternalError', 'Internal error occurred: etcdserver: request timed out');
    default:
      return new ApiError(status, status === 410 ? 'Expired' : status === 409 ? 'Conflict' : 'BadRequest', 'the sandbox answers so');
  }
}
