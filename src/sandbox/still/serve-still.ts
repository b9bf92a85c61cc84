import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Problem } from '../../support/problem.ts';
import { answering } from '../api/call.ts';
import { listen } from '../network/listener.ts';
import type { Still } from './still.ts';
import { stillApi } from './still-api.ts';
import { stillKubeconfig } from './still-kubeconfig.ts';
import { serveStillRest } from './still-rest.ts';

export interface StillServer extends AsyncDisposable {
  /** Path of a kubeconfig file in a private folder. */
  readonly kubeconfig: string;
  /** Of Flink's REST endpoint. */
  readonly rest: string;
}

export interface StillPorts {
  /** Of the API server and of the REST endpoint; 0: any free one. */
  readonly api: number;
  readonly rest: number;
}

/** Serves both APIs of a still on loopback. Rejects with a `Problem` if a port is taken. */
export async function serveStill(still: Still, ports: StillPorts): Promise<StillServer> {
  await using opening = new AsyncDisposableStack();
  const api = opening.use(stillApi(still, (call) => serveStillRest(still, call)));
  const apiServer = createServer(answering((call) => api.handle(call)));
  // exec, attach and port-forward ask for another protocol.
  apiServer.on('upgrade', (_, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'));
  const url = await opened(apiServer, ports.api, opening);
  const rest = await opened(createServer(answering((call) => serveStillRest(still, call))), ports.rest, opening);
  const folder = await mkdtemp(join(tmpdir(), 'drey-still-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, stillKubeconfig(url, still.namespace), { mode: 0o600 });
  const lifetime = opening.move();
  return { kubeconfig, rest, [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}

async function opened(server: Server, port: number, opening: AsyncDisposableStack): Promise<string> {
  try {
    const bound = await listen(server, port);
    opening.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${bound}`;
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    throw new Problem('failed', `Port ${port} of this machine ${taken ? 'is taken' : 'cannot be opened'}.`, {
      hint: 'Name another one.',
      cause: error,
    });
  }
}
