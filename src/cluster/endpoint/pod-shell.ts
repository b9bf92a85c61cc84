import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { MAIN_CONTAINER } from '../../native/names.ts';
import { jobManagerPod } from './job-manager-pod.ts';

export interface PodShell {
  readonly kubernetes: Pick<KubernetesClient, 'exec' | 'get' | 'list'>;
  readonly clusterId: string;
  readonly namespace: string;
}

export interface ShellAnswer {
  readonly pod: string;
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a script of the shell in the JobManager's pod; `args` are `$1`, `$2` and so on in it. */
export async function runInJobManager(
  { kubernetes, clusterId, namespace }: PodShell,
  script: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ShellAnswer> {
  const pod = (await jobManagerPod(kubernetes, clusterId, namespace, signal)).metadata?.name ?? '';
  const [output, errors]: [Uint8Array[], Uint8Array[]] = [[], []];
  const code = await kubernetes.exec({
    namespace,
    pod,
    container: MAIN_CONTAINER,
    command: ['sh', '-c', script, 'sh', ...args],
    signal,
    onStdout: (chunk) => void output.push(chunk),
    onStderr: (chunk) => void errors.push(chunk),
  });
  return { pod, code, output: text(output), errors: text(errors) };
}

const text = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString('utf8').trim();

/** The path of `file:///a`, `file:/a` and, unless the cluster has another default scheme, `/a`; undefined for any other location. */
export function localFolder(directory: string, scheme = 'file:'): string | undefined {
  const [, named, path] = /^(file:)?(?:\/\/)?(\/[^/].*?)\/*$/.exec(directory) ?? [];
  return named === undefined && !scheme.startsWith('file:') ? undefined : path;
}
