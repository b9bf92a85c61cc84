/** All that is used of it, by name: a dynamic import of the package itself would bundle every API that it has (4.5 MB). */
export { KubeConfig } from '@kubernetes/client-node';
