import { eventually } from '../support/until.ts';
import { run, type TestNamespace } from './session-cluster.ts';

/** What `drey why -o json` says of one thing that is wrong. */
export interface Problem {
  readonly subject: { readonly kind: string; readonly name: string };
  readonly what: string;
  readonly rule: string | null;
  readonly cause: string | null;
  readonly evidence: readonly { readonly source: { readonly kind: string }; readonly text: string }[];
  readonly advice: readonly string[];
}

export async function problemsOf({ name }: TestNamespace, clusterId: string, ...words: readonly string[]): Promise<readonly Problem[]> {
  const { stdout } = await run('drey', ['why', clusterId, ...words, '-n', name, '-o', 'json']);
  return (JSON.parse(stdout) as { readonly problems?: readonly Problem[] }).problems ?? [];
}

/** The first problem whose cause is that, once there is one. */
export const causeOf = (namespace: TestNamespace, clusterId: string, cause: RegExp, ...words: readonly string[]): Promise<Problem> =>
  eventually(
    `why ${clusterId} names ${cause}`,
    async () => (await problemsOf(namespace, clusterId, ...words)).find((problem) => cause.test(problem.cause ?? '')),
    240_000,
  );
