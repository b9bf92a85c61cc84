import type { Unreadable } from '../kubernetes/model/types.ts';
import { oneLine } from '../support/foreign-text.ts';
import type { Job, SourceName } from './types.ts';

/** The part of a job id that is shown. */
export const idPrefix = (id: string): string => id.slice(0, 6);

/** `orders-enrichment (9f13c2)`. */
export const jobLabel = (job: Pick<Job, 'id' | 'name'>): string => `${oneLine(job.name, 80)} (${idPrefix(job.id)})`;

/** The objects of each Kubernetes source. */
const objectsOf: Partial<Record<SourceName, readonly [one: string, many: string]>> = {
  pods: ['pod', 'pods'],
  events: ['event', 'events'],
  deployment: ['Deployment', 'Deployments'],
  leader: ['ConfigMap', 'ConfigMaps'],
};

/** `1 pod cannot be read`, `3 pods cannot be read`; for none: `all pods can be read`. */
export function unreadableWords(source: SourceName, count: number): string {
  const [one, many] = objectsOf[source] ?? ['object', 'objects'];
  return count === 0 ? `all ${many} can be read` : `${count} ${count === 1 ? one : many} cannot be read`;
}

/** The same as sentences, with the names and the reason. */
export function unreadableSentence(source: SourceName, { count, names, reason }: Unreadable): string {
  // The reason names the first one.
  const which = count === 1 || names.length === 0 ? '' : `: ${names.join(', ')}`;
  return `${unreadableWords(source, count)}${which}. ${reason}`;
}
