/** The token that the kubeconfig holds; it is asked for only while a fault wants one. */
export const FIRST_TOKEN = 'sandbox-token';

/** The kubeconfig of the sandbox: context `sandbox` has its token in itself, `token-file` reads it from a file. */
export const kubeconfigText = (url: string, tokenFile: string): string => `apiVersion: v1
kind: Config
clusters:
- name: sandbox
  cluster:
    server: ${url}
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
