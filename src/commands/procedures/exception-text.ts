import { failureLines, lineText } from '../../inside/exceptions/lines.ts';
import type { ExceptionsFacts } from '../../session/inspections/exceptions.ts';
import { exceptionColumns, exceptionRows } from '../../session/tables/exceptions.ts';
import { textTable } from '../../session/tables/text-table.ts';
import type { Instant } from '../../support/clock.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { isoTime } from '../../support/machine-text.ts';

/** The failures of a job as a table, and each cause once: newest first, root cause first, foreign frames folded. */
export function exceptionsText({ failures, truncated }: ExceptionsFacts, now: Instant): readonly string[] {
  if (failures.length === 0) return ['Flink keeps no failure of this job.'];
  const newest = failures.filter(({ at, times }) => times[0] === at);
  return [
    ...textTable(
      exceptionColumns,
      exceptionRows(failures, (id) => id),
      { now, whole: true },
    ),
    ...(truncated ? ['Flink keeps more failures of this job.'] : []),
    ...newest.flatMap((failure) => [
      '',
      ...failureLines(failure, true).map((line) => lineText({ ...line, text: oneLine(line.text, 1_000) })),
    ]),
  ];
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
