import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Problem } from '../support/problem.ts';

export interface SandboxOptions {
  /** 0 or absent: any free port of 127.0.0.1. */
  readonly port?: number;
  /** Default `my-first-flink-cluster`. */
  readonly clusterId?: string;
  /** `demo` (default): a session cluster with two jobs. `empty`: a Kubernetes without Flink. */
  readonly scenario?: 'demo' | 'empty';
  /** The same seed tells the same story. */
  readonly seed?: number;
  /** 10: what takes a second happens in 100 ms. Default 1. */
  readonly speed?: number;
}

export interface Sandbox extends AsyncDisposable {
  /** Path of a kubeconfig file in a private folder. */
  readonly kubeconfig: string;
  readonly url: string;
  readonly clusterId: string;
  readonly namespace: 'default';
  close(): Promise<void>;
}

/** Starts the embedded cluster in a thread of its own. Rejects with a `Problem` when its port is taken. */
export async function startSandbox({ port = 0, clusterId = 'my-first-flink-cluster', scenario = 'demo', seed = 1, speed = 1 }: SandboxOptions = {}): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'drey-sandbox-'));
  const worker = new Worker(workerFile(), { workerData: { port, clusterId, scenario, seed, speed } });
  const url = await new Promise<string>((resolve, reject) => {
    worker.once('message', (message: { readonly kind: 'ready'; readonly url: string }) => resolve(message.url));
    worker.once('error', (error: Error) => reject(new Problem('failed', `The sandbox does not start: ${error.message}.`, { cause: error })));
  });
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(url), { mode: 0o600 });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= (async () => {
    worker.postMessage({ kind: 'close' });
    await new Promise((resolve) => worker.once('exit', resolve));
    await rm(folder, { recursive: true, force: true });
  })());
  return { kubeconfig, url, clusterId, namespace: 'default', close, [Symbol.asyncDispose]: close };
}

/** Beside this file: `worker.ts` in the sources, `sandbox-worker.js` in the bundle. */
function workerFile(): URL {
  const source = new URL('./worker.ts', import.meta.url);
  return existsSync(source) ? source : new URL('./sandbox-worker.js', import.meta.url);
}

const kubeconfigOf = (url: string): string => `apiVersion: v1
kind: Config
clusters:
- name: sandbox
  cluster:
    server: ${url}
users:
- name: sandbox-user
  user:
    token: sandbox-token
contexts:
- name: sandbox
  context:
    cluster: sandbox
    namespace: default
    user: sandbox-user
current-context: sandbox
`;
