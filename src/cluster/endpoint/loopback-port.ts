import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import type { RestRoute, RestRouter } from '../../flink/types.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import { loopbackServer } from './loopback-http.ts';
import { hostOf, portOf } from '../../http/address.ts';

/** A port on this machine's loopback interface that leads to the cluster's REST endpoint. */
export interface LoopbackPort extends AsyncDisposable {
  readonly port: number;
  /** `http://127.0.0.1:8081`, with the path of the route. */
  readonly url: string;
}

export interface LoopbackPortOptions {
  /** 0 or absent: any free port. */
  readonly port?: number | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Opens the port. Each connection gets a fresh one from the route, so that the port follows the JobManager if its pod is replaced. If there
 * is no route, a browser gets the reason with a 502. TLS passes through unchanged: the endpoint's certificate keeps foreign pages out.
 * Rejects with a `Problem` if the port cannot be opened or there is no route now.
 */
export async function openLoopbackPort(router: RestRouter, { port = 0, signal }: LoopbackPortOptions = {}): Promise<LoopbackPort> {
  const first = await router.route(signal);
  const ended = lifetime();
  const base = new URL(first.url);
  const sockets = new Set<Socket>();
  const server =
    base.protocol === 'https:'
      ? createServer({ allowHalfOpen: true }, (socket) => void serve(router, socket, ended.signal))
      : loopbackServer(() => reach(router, ended.signal));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await listen(server, port);
  const address = server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: actual,
    url: `${base.protocol}//127.0.0.1:${actual}${base.pathname === '/' ? '' : base.pathname}`,
    async [Symbol.asyncDispose]() {
      ended.end();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'is already in use'
          : error.code === 'EACCES'
            ? 'needs more rights than you have'
            : `cannot be opened (${error.message})`;
      reject(
        new Problem('invalid', `Port ${port} on 127.0.0.1 ${why}.`, {
          hint: 'Choose another one, or none for any free port.',
          cause: error,
        }),
      );
    });
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
}

async function serve(router: RestRouter, socket: Socket, signal: AbortSignal): Promise<void> {
  // An early reset by the browser ends this connection and nothing else.
  socket.on('error', () => socket.destroy());
  try {
    const far = await reach(router, signal);
    // The end or an error of either side ends both; only the peers need to know.
    pipeline(socket, far, () => undefined);
    pipeline(far, socket, () => undefined);
  } catch (error) {
    // TLS cannot carry the reason.
    if (!(error instanceof Error)) throw error;
    socket.destroy();
  }
}

/** A connection to the endpoint; looks for another route once, because the JobManager may just have been replaced. */
async function reach(router: RestRouter, signal: AbortSignal): Promise<Duplex> {
  const route = await router.route(signal);
  try {
    return await dial(route, signal);
  } catch (error) {
    if (isAbort(error)) throw error;
    router.lost(route);
    return dial(await router.route(signal), signal);
  }
}

function dial(route: RestRoute, signal: AbortSignal): Promise<Duplex> {
  if (route.open !== undefined) return route.open(signal);
  const url = new URL(route.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostOf(url), port: portOf(url), allowHalfOpen: true, signal });
    socket.once('connect', () => resolve(socket));
    socket.once('error', (error) =>
      reject(
        isAbort(error) ? error : new Problem('unreachable', `${route.description} cannot be reached: ${error.message}`, { cause: error }),
      ),
    );
  });
}
