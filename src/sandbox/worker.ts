import { parentPort, workerData } from 'node:worker_threads';
import { openSandboxServer, type SandboxServerOptions } from './server.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** The sandbox's thread: serves until its parent says `close`. */
const parent = parentPort;
if (parent === null) throw new Error('the sandbox worker runs in a worker thread');
const say = (message: FromWorker): void => parent.postMessage(message);

try {
  const server = await openSandboxServer(workerData as SandboxServerOptions);
  parent.on('message', (message: ToWorker) => {
    if (message.kind === 'close') {
      void server[Symbol.asyncDispose]().then(() => parent.close());
      return;
    }
    server.control(message.command).then(
      (answer) => say({ kind: 'answer', id: message.id, answer }),
      (error: unknown) => say({ kind: 'refusal', id: message.id, message: error instanceof Error ? error.message : String(error) }),
    );
  });
  say({ kind: 'ready', url: server.url, controlUrl: server.controlUrl });
} catch (error) {
  // The parent reports it; this thread has nothing left to do.
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  parent.close();
}
