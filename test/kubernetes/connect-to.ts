import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { connectKubernetes, type ConnectOptions } from '../../src/kubernetes/connect.ts';
import { type KubeconfigParts, kubeconfigOf } from '../support/kubeconfig.ts';
import type { KubernetesClient } from '../../src/kubernetes/model/types.ts';

/** A folder that goes with the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'drey-kubernetes-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A client for `server` that is disposed with the test. */
export async function connectTo(
  server: string,
  target: KubeconfigParts = {},
  options: Partial<ConnectOptions> = {},
): Promise<KubernetesClient> {
  const home = await folder();
  const file = join(home, 'config');
  await writeFile(file, kubeconfigOf(server, target));
  const client = await connectKubernetes({ kubeconfig: file, env: {}, home, random: () => 0, ...options });
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}
