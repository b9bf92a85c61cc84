import type { Session } from '../session/types.ts';
import type { AttachRequest } from './attach-request.ts';

/** The cluster id that stands on the screen before anything is known. */
export const clusterIdOf = (request: AttachRequest): string => request.clusterId ?? 'my-first-flink-cluster';

/** What is known of the target before there is a connection. */
export const earlyTarget = (request: AttachRequest) => ({ clusterId: clusterIdOf(request), namespace: request.connection.namespace ?? '', context: request.connection.context, server: '' });

/** After detaching: that the cluster still runs, as far as it was ever seen, and how to attach again. */
export function farewell(request: AttachRequest, { target, podsKnown, jobsKnown }: Pick<Session, 'target' | 'podsKnown' | 'jobsKnown'>): string {
  if (request.sandbox) return 'Detached. The sandbox has ended; npm start or drey attach --sandbox makes a new one.\n';
  const id = clusterIdOf(request);
  const context = request.connection.context === undefined ? '' : ` --context ${request.connection.context}`;
  const namespace = target.namespace === '' ? '' : ` -n ${target.namespace}`;
  const fate = podsKnown || jobsKnown ? `Detached. ${id} still runs` : `Detached. Whether ${id} runs was not seen`;
  return `${fate}; attach again with: drey attach ${id}${namespace}${context}\n`;
}
