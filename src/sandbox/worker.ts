import { parentPort, workerData } from 'node:worker_threads';
import { openSandboxServer, type SandboxServerOptions } from './server.ts';

/** The sandbox's thread: serves until its parent says `close`. */
const port = parentPort;
if (port === null) throw new Error('the sandbox worker runs in a worker thread');

const server = await openSandboxServer(workerData as SandboxServerOptions);
port.on('message', async (message: { readonly kind: 'close' }) => {
  if (message.kind !== 'close') return;
  await server[Symbol.asyncDispose]();
  port.postMessage({ kind: 'closed' });
  port.close();
});
port.postMessage({ kind: 'ready', url: server.url });
