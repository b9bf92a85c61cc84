/** The token that the kubeconfig holds; it is asked for only while a fault wants one. */
export const FIRST_TOKEN = 'sandbox-token';

/** The extension of the kubeconfig's cluster by which a sandbox is told from other clusters, and reached from other programs. */
export const SANDBOX_EXTENSION = 'drey.sandbox';

/** What that extension holds. */
export interface SandboxPlace {
  /** Where its control answers, on this machine, even while its API server does not. */
  readonly control: string;
  readonly clusterId: string;
  /** A folder of jars to submit. */
  readonly examples: string;
}

const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d+$/;

/** Reads the extension; undefined: it is not there, or not one of ours. */
export function readPlace(extension: unknown): SandboxPlace | undefined {
  if (typeof extension !== 'object' || extension === null) return undefined;
  const { control, clusterId, examples } = extension as Readonly<Record<string, unknown>>;
  if (typeof control !== 'string' || !LOOPBACK.test(control) || typeof clusterId !== 'string' || typeof examples !== 'string')
    return undefined;
  return { control, clusterId, examples };
}

/** The kubeconfig of the sandbox: context `sandbox` has its token in itself, `token-file` reads it from a file. */
export const kubeconfigText = (url: string, tokenFile: string, place: SandboxPlace): string => `apiVersion: v1
kind: Config
clusters:
- name: sandbox
  cluster:
    server: ${url}
    extensions:
    - name: ${SANDBOX_EXTENSION}
      extension: ${JSON.stringify(place)}
users:
- name: sandbox-user
  user:
    token: ${FIRST_TOKEN}
- name: token-file
  user:
    tokenFile: ${JSON.stringify(tokenFile)}
contexts:
- name: sandbox
  context:
    cluster: sandbox
    namespace: default
    user: sandbox-user
- name: token-file
  context:
    cluster: sandbox
    namespace: default
    user: token-file
current-context: sandbox
`;
