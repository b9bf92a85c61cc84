import type { AttachRequest } from './attach-request.ts';

/** The cluster id to show before anything is known. */
export const clusterIdOf = (request: AttachRequest): string => request.clusterId ?? 'my-first-flink-cluster';

/** The known part of the target before there is a connection. */
export const earlyTarget = (request: AttachRequest) => ({
  clusterId: clusterIdOf(request),
  namespace: request.connection.namespace ?? '',
  context: request.connection.context,
  server: '',
  readOnly: request.front.readOnly,
});
