/** The token in the kubeconfig. Requests need it only while a fault says so. */
export const FIRST_TOKEN = 'sandbox-token';

/** The extension of the kubeconfig's cluster that marks a sandbox, and that lets other programs reach its control. */
export const SANDBOX_EXTENSION = 'drey.sandbox';

/** The content of that extension. */
export interface SandboxPlace {
  /** Where its control listens on this machine; it answers even while the API server does not. */
  readonly control: string;
  readonly clusterId: string;
  /** A folder of jars to submit. */
  readonly examples: string;
}

const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d+$/;

/** Reads the extension; undefined if it is missing or does not come from a sandbox. */
export function readPlace(extension: unknown): SandboxPlace | undefined {
  if (typeof extension !== 'object' || extension === null) return undefined;
  const { control, clusterId, examples } = extension as Readonly<Record<string, unknown>>;
  if (typeof control !== 'string' || !LOOPBACK.test(control) || typeof clusterId !== 'string' || typeof examples !== 'string')
    return undefined;
  return { control, clusterId, examples };
}

/** The kubeconfig of the sandbox: the context `sandbox` holds the token itself, `token-file` reads it from a file. */
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
