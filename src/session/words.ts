import type { JobException } from '../flink/types.ts';
import { oneLine } from '../support/foreign-text.ts';
import { formatMemory } from '../support/format.ts';
import type { Job, Pod } from './types.ts';

export { oneLine };

/** The part of a job id that people use. */
export const idPrefix = (id: string): string => id.slice(0, 6);

/** `orders-enrichment (9f13c2)`. */
export const jobLabel = (job: Pick<Job, 'id' | 'name'>): string => `${oneLine(job.name, 80)} (${idPrefix(job.id)})`;

const causedBy = 'Caused by: ';

/**
 * The reason of a failure in one line: the deepest cause of the stack trace that says something, e.g.
 * `java.lang.OutOfMemoryError: Java heap space`.
 */
export function rootCause(exception: Pick<JobException, 'name' | 'stacktrace'>): string {
  const deepest = exception.stacktrace.lastIndexOf(`\n${causedBy}`);
  const start = deepest === -1 ? 0 : deepest + 1 + causedBy.length;
  const end = exception.stacktrace.indexOf('\n', start);
  const line = oneLine(exception.stacktrace.slice(start, end === -1 ? undefined : end));
  return line === '' ? oneLine(exception.name) : line;
}

/** The same without package names: `OutOfMemoryError: Java heap space`. */
export function shortCause(exception: Pick<JobException, 'name' | 'stacktrace'>): string {
  return rootCause(exception).replace(/^(?:[\w$]+\.)+(?=[A-Z])/, '');
}

/** A state with what explains it: `OOMKilled (137), limit 1728Mi`, `ImagePullBackOff: not found`. */
export function podStateWords(pod: Pod): string {
  if (pod.state.startsWith('OOMKilled') && pod.memoryLimit !== undefined) return `${pod.state}, limit ${formatMemory(pod.memoryLimit)}`;
  if (pod.message === undefined || pod.severity === 'ok' || pod.severity === 'busy') return pod.state;
  const message = oneLine(pod.message, 200).replace(/\.$/, '');
  // What a state already says of its reason is not said twice: `Unschedulable: 0/1 nodes …`.
  return pod.state.includes(message.slice(0, 40)) ? pod.state : `${pod.state}: ${message}`;
}
