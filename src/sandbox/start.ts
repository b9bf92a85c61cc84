import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem } from '../support/problem.ts';
import type { ControlAnswer, ControlCommand } from './control/command.ts';
import { writeExamples } from './scenario/example-jars.ts';
import type { SandboxServerOptions } from './server.ts';
import { FIRST_TOKEN, kubeconfigText } from './kubeconfig.ts';
import { refusal } from './problems.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

export interface SandboxOptions {
  /** 0 or absent: any free port of 127.0.0.1. */
  readonly port?: number;
  /** Default `my-first-flink-cluster`. */
  readonly clusterId?: string;
  /** `demo` (default): a session cluster with two jobs. `empty`: a Kubernetes without Flink. */
  readonly scenario?: 'demo' | 'empty';
  /** The same seed gives the same names, ids and delays. */
  readonly seed?: number;
  /** False: a JobManager that is replaced forgets its jobs. Default true. */
  readonly highAvailability?: boolean;
  /** A second cluster in a namespace of its own, to switch to. Default false. */
  readonly neighbour?: boolean;
  /** 10: what takes a second happens in 100 ms. Default 1. */
  readonly speed?: number;
}

/** An embedded Kubernetes with a Flink session cluster, on loopback, in a thread of its own. */
export interface Sandbox extends AsyncDisposable {
  /** Private, and removed with it. */
  readonly folder: string;
  /** Path of a kubeconfig file in a private folder. Its contexts: `sandbox` and `token-file`. */
  readonly kubeconfig: string;
  /** Of the API server: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** `POST <controlUrl>/sandbox/control` takes a `ControlCommand`, also while the API server is down. */
  readonly controlUrl: string;
  readonly clusterId: string;
  readonly namespace: 'default';
  /** A folder of jars to submit. */
  readonly examples: string;
  /** Throws a fault switch. Rejects with a `Problem` if the command makes no sense now. */
  control(command: ControlCommand): Promise<ControlAnswer>;
  /** Stops it and removes its folder. */
  close(): Promise<void>;
}

/** Starts the embedded cluster. Rejects with a `Problem` if it cannot start, for example because the port is taken. */
export async function startSandbox({
  port = 0,
  clusterId = 'my-first-flink-cluster',
  scenario = 'demo',
  seed = 1,
  highAvailability = true,
  neighbour = false,
  speed = 1,
}: SandboxOptions = {}): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'drey-sandbox-'));
  const examples = join(folder, 'examples');
  const worker = new Worker(workerFile(), {
    workerData: { port, clusterId, scenario, seed, highAvailability, neighbour, speed, folder } satisfies SandboxServerOptions,
  });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const clear = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const [{ url, controlUrl }] = await Promise.all([ready(worker, port), writeExamples(examples)]);
    const kubeconfig = join(folder, 'kubeconfig');
    await Promise.all([
      writeFile(kubeconfig, kubeconfigText(url, join(folder, 'token'), { control: controlUrl, clusterId, examples }), { mode: 0o600 }),
      writeFile(join(folder, 'token'), FIRST_TOKEN, { mode: 0o600 }),
    ]);
    let closing: Promise<void> | undefined;
    const close = (): Promise<void> =>
      (closing ??= (async () => {
        send(worker, { kind: 'close' });
        await exited;
        await clear();
      })());
    return {
      folder,
      kubeconfig,
      url,
      controlUrl,
      clusterId,
      namespace: 'default',
      examples,
      control: controller(worker, exited),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await worker.terminate();
    await clear();
    throw error;
  }
}

const send = (worker: Worker, message: ToWorker): void => worker.postMessage(message);

function ready(worker: Worker, port: number): Promise<{ readonly url: string; readonly controlUrl: string }> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void =>
      reject(
        new Problem(
          'failed',
          `The sandbox does not start: ${reason}.`,
          port === 0 ? {} : { hint: 'Try another port, or none to get a free one.' },
        ),
      );
    worker.once('error', (error: Error) => fail(error.message));
    worker.once('message', (message: FromWorker) => {
      if (message.kind === 'ready') resolve(message);
      else fail(message.kind === 'failed' ? message.message : 'it spoke too early');
    });
  });
}

const CLOSED = 'The sandbox is closed.';

function controller(worker: Worker, exited: Promise<void>): Sandbox['control'] {
  const waiting = new Map<number, { readonly resolve: (answer: ControlAnswer) => void; readonly reject: (problem: Problem) => void }>();
  let next = 1;
  worker.on('message', (message: FromWorker) => {
    if (message.kind !== 'answer' && message.kind !== 'refusal') return;
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'answer') asked?.resolve(message.answer);
    else asked?.reject(refusal(message.message));
  });
  let over = false;
  void exited.then(() => {
    over = true;
    for (const { reject } of waiting.values()) reject(new Problem('unreachable', CLOSED));
  });
  return (command) =>
    new Promise((resolve, reject) => {
      if (over) return reject(new Problem('unreachable', CLOSED));
      waiting.set(next, { resolve, reject });
      send(worker, { kind: 'control', id: next, command });
      next += 1;
    });
}

/** Beside this file: `worker.ts` in the sources, `sandbox-worker.js` in the bundle. */
function workerFile(): URL {
  const source = new URL('./worker.ts', import.meta.url);
  return existsSync(source) ? source : new URL('./sandbox-worker.js', import.meta.url);
}
