import { recoverySuppressed, type Failure } from './failures.ts';
import type { JobFailure } from './job-types.ts';
import { taskName, type Task, type VertexRun } from './tasks.ts';

/** A task in its vertex. */
export interface TaskPlace {
  readonly vertex: VertexRun;
  readonly task: Task;
}

/** An exception that several tasks may have thrown, the first one first, as the history of the job has it. */
export function failureEntry(failure: Failure, where: readonly TaskPlace[], at: number): JobFailure {
  const [first = { ...failure, at, taskName: undefined, taskManager: undefined, concurrent: [] }, ...concurrent] = where.map(
    ({ vertex, task }): JobFailure => ({
      ...failure,
      at,
      taskName: `${taskName(vertex, task)} - execution #${task.attempt}`,
      taskManager: task.slot?.taskManager,
      concurrent: [],
    }),
  );
  return { ...first, concurrent };
}

/** The end of a job after so many restarts: what failed last stands beside it. */
export const lastEntry = ({ concurrent, ...entry }: JobFailure, restarts: number): JobFailure => ({
  ...recoverySuppressed(restarts, entry),
  at: entry.at,
  taskName: undefined,
  taskManager: undefined,
  concurrent: [{ ...entry, concurrent: [] }, ...concurrent],
});
