/** The only export that is used, by name: a dynamic import of the package itself would bundle all its APIs (4.5 MB). */
export { KubeConfig } from '@kubernetes/client-node';
