import type { AttachRequest } from './attach-request.ts';

/** The cluster id that stands on the screen before anything is known. */
export const clusterIdOf = (request: AttachRequest): string => request.clusterId ?? 'my-first-flink-cluster';

/** What is known of the target before there is a connection. */
export const earlyTarget = (request: AttachRequest) => ({ clusterId: clusterIdOf(request), namespace: request.connection.namespace ?? '', context: request.connection.context, server: '' });

/** After detaching: that the cluster still runs, and how to attach again. */
export function farewell(request: AttachRequest, namespace: string): string {
  if (request.sandbox) return 'Detached. The sandbox has ended; npm start or drey attach --sandbox makes a new one.\n';
  const id = clusterIdOf(request);
  const context = request.connection.context === undefined ? '' : ` --context ${request.connection.context}`;
  return `Detached. ${id} still runs; attach again with: drey attach ${id} -n ${namespace}${context}\n`;
}
