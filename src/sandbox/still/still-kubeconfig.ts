/** A kubeconfig with one context, `recording`, for an API server that knows everybody. JSON is YAML. */
export const stillKubeconfig = (url: string, namespace: string): string =>
  `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'recording', cluster: { server: url } }],
    users: [{ name: 'recording', user: {} }],
    contexts: [{ name: 'recording', context: { cluster: 'recording', user: 'recording', namespace } }],
    'current-context': 'recording',
  })}\n`;
