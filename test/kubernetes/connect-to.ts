import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectKubernetes, type ConnectOptions } from '../../src/kubernetes/connect.ts';
import type { KubernetesClient } from '../../src/kubernetes/model/types.ts';

/** A folder that goes with the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'drey-kubernetes-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

export interface Target {
  readonly cluster?: object;
  readonly user?: object;
  readonly namespace?: string;
}

/** A kubeconfig with one context; JSON is YAML too. */
export function kubeconfig(server: string, { cluster = {}, user = {}, namespace }: Target = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, ...cluster } }],
    users: [{ name: 'tester', user }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'tester', ...(namespace === undefined ? {} : { namespace }) } }],
  });
}

/** A client for `server` that is disposed with the test. */
export async function connectTo(server: string, target: Target = {}, options: Partial<ConnectOptions> = {}): Promise<KubernetesClient> {
  const home = await folder();
  const file = join(home, 'config');
  await writeFile(file, kubeconfig(server, target));
  const client = await connectKubernetes({ kubeconfig: file, env: {}, home, random: () => 0, ...options });
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}
