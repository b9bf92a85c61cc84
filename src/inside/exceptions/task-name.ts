/** A subtask, as Flink names it in messages. */
export interface TaskName {
  /** The name of its vertex. */
  readonly vertex: string;
  /** From 0, as everywhere in the REST API. */
  readonly subtask: number;
  readonly parallelism: number;
  readonly attempt: number | undefined;
}

/** `map -> sink (2/4) - execution #1` of exceptions, `map -> sink (2/4)#1` of logs and checkpoints. Source: `Execution`, Flink 2.3. */
const shape = /^(.*) \((\d+)\/(\d+)\)(?:(?: - execution )?#(\d+))?$/s;

export function parseTaskName(name: string): TaskName | undefined {
  const [, vertex, number, parallelism, attempt] = shape.exec(name) ?? [];
  if (vertex === undefined) return undefined;
  return {
    vertex,
    subtask: Number(number) - 1,
    parallelism: Number(parallelism),
    attempt: attempt === undefined ? undefined : Number(attempt),
  };
}
