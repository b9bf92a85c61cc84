import { whereWords, type FailureFacts } from '../../inside/exceptions/failures.ts';
import { stackLines, type StackLine } from '../../inside/exceptions/fold.ts';
import { parseStack } from '../../inside/exceptions/stack.ts';
import type { ExceptionsFacts } from '../../session/inspections/exceptions.ts';
import { exceptionColumns } from '../../session/tables/exceptions.ts';
import { textTable } from '../../session/tables/text-table.ts';
import type { Instant } from '../../support/clock.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDateTime } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';

/** The failures of a job as a table, and each cause once: newest first, root cause first, foreign frames folded. */
export function exceptionsText({ failures, truncated }: ExceptionsFacts, now: Instant): readonly string[] {
  if (failures.length === 0) return ['Flink keeps no failure of this job.'];
  const newest = failures.filter(({ at, times }) => times[0] === at);
  return [
    ...textTable(exceptionColumns, failures, { now, whole: true }),
    ...(truncated ? ['Flink keeps more failures of this job.'] : []),
    ...newest.flatMap((failure) => ['', ...failureText(failure)]),
  ];
}

/** One failure: when and where, how often it came, what failed with it, and its stack. */
export function failureText(failure: FailureFacts): readonly string[] {
  const { at, where, times, gaveUp, together, labels } = failure;
  return [
    `${formatDateTime(at)}: ${where === undefined ? 'the job failed as a whole' : `${oneLine(whereWords(where), 300)} failed`}`,
    ...(gaveUp === undefined ? [] : [`The job is not restarted again: ${oneLine(gaveUp, 300)}`]),
    ...(times.length === 1 ? [] : [`The same cause failed the job ${times.length} times: ${times.map(formatDateTime).join(', ')}`]),
    ...Object.entries(labels).map(([key, value]) => oneLine(`Label ${key}: ${value}`, 300)),
    ...together.map(
      ({ cause, at: places }) =>
        `Failed with it: ${oneLine(cause, 300)}, in ${places.map((place) => oneLine(whereWords(place), 200)).join('; ')}`,
    ),
    ...stackLines(parseStack(failure.stacktrace), true).map(stackText),
  ];
}

function stackText(line: StackLine): string {
  const text = oneLine(line.text, 1_000);
  switch (line.kind) {
    case 'root':
      return `Root cause: ${text}`;
    case 'wrapper':
      return `Which led to: ${text}`;
    case 'frame':
      return `    at ${text}`;
    case 'fold':
      return `    ... ${text}`;
  }
}

/** The same for programs. */
export const exceptionsData = ({ failures, truncated }: ExceptionsFacts): unknown => ({
  truncated,
  failures: failures.map((failure) => ({
    at: isoTime(failure.at) ?? null,
    className: failure.className,
    message: failure.message,
    task: failure.where?.task?.vertex ?? null,
    subtask: failure.where?.task?.subtask ?? null,
    attempt: failure.where?.task?.attempt ?? null,
    taskManagerId: failure.where?.taskManagerId ?? null,
    endpoint: failure.where?.endpoint ?? null,
    gaveUp: failure.gaveUp ?? null,
    times: failure.times.map((at) => isoTime(at) ?? null),
    labels: failure.labels,
    together: failure.together.map(({ cause, at }) => ({
      cause,
      at: at.map(({ task, taskManagerId }) => ({
        task: task?.vertex ?? null,
        subtask: task?.subtask ?? null,
        taskManagerId: taskManagerId ?? null,
      })),
    })),
    stacktrace: failure.stacktrace,
  })),
});
