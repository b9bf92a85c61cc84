export interface KubeconfigParts {
  /** Names of the contexts; the first is the current one. They have the same cluster, user and namespace. */
  readonly contexts?: readonly [string, ...string[]];
  /** Fields of the cluster other than its server. */
  readonly cluster?: object;
  readonly user?: object;
  readonly userName?: string;
  readonly namespace?: string;
}

/** The text of a kubeconfig for one server. JSON is valid YAML. */
export function kubeconfigOf(
  server: string,
  { contexts = ['test'], cluster = {}, user = {}, userName = 'tester', namespace }: KubeconfigParts = {},
): string {
  const [name] = contexts;
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, ...cluster } }],
    users: [{ name: userName, user }],
    contexts: contexts.map((context) => ({ name: context, context: { cluster: name, user: userName, namespace } })),
  });
}
