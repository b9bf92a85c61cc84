import type { JobException } from '../flink/types.ts';
import { oneLine } from '../support/foreign-text.ts';

const causedBy = 'Caused by: ';

/**
 * The reason of a failure in one line: the deepest meaningful cause of the stack trace, such as `java.lang.OutOfMemoryError: Java heap
 * space`.
 */
export function rootCause(exception: Pick<JobException, 'name' | 'stacktrace'>): string {
  const deepest = exception.stacktrace.lastIndexOf(`\n${causedBy}`);
  const start = deepest === -1 ? 0 : deepest + 1 + causedBy.length;
  const end = exception.stacktrace.indexOf('\n', start);
  const line = oneLine(exception.stacktrace.slice(start, end === -1 ? undefined : end));
  return line === '' ? oneLine(exception.name) : line;
}

/** The same without package names and without a full stop: `OutOfMemoryError: Java heap space`. It becomes a part of a sentence. */
export function shortCause(exception: Pick<JobException, 'name' | 'stacktrace'>): string {
  return rootCause(exception)
    .replace(/^(?:[\w$]+\.)+(?=[A-Z])/, '')
    .replace(/\.+$/, '');
}
