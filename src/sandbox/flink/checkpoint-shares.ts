import type { CheckpointEntry } from './checkpoints.ts';
import { shareOf } from './flow.ts';
import type { Task, VertexRun } from './tasks.ts';

/** What one task did for a checkpoint; times in milliseconds. */
export interface CheckpointShare {
  /** Of its whole time: until the barrier came, until the barriers of all inputs had come, in the task's own thread, and beside it. */
  readonly startDelay: number;
  readonly alignment: number;
  readonly sync: number;
  readonly async: number;
  readonly duration: number;
  readonly bytes: number;
  /** Bytes of records that it worked on while it waited for barriers. */
  readonly processed: number;
}

/** How a task that a slow step holds up spends the time of a checkpoint: it waits for the barrier. */
const WAITING = { startDelay: 0.62, alignment: 0.2, sync: 0.04 };
const EVEN = { startDelay: 0.2, alignment: 0.15, sync: 0.1 };

/** The task whose acknowledgement comes last: the busiest one, else another one each time. */
export function slowestTask(vertices: readonly VertexRun[], id: number): { readonly vertex: VertexRun; readonly task: Task } | undefined {
  const hot = vertices.filter(({ graph, tasks }) => graph.hot !== undefined && graph.hot.subtask < tasks.length);
  const vertex = hot.toSorted((a, b) => b.flow.load - a.flow.load)[0] ?? vertices.at(-1);
  const task = vertex?.tasks[vertex.graph.hot !== undefined && hot.includes(vertex) ? vertex.graph.hot.subtask : id % vertex.tasks.length];
  return vertex === undefined || task === undefined ? undefined : { vertex, task };
}

/** Whether a task has acknowledged a checkpoint. The slowest one does so at its end. */
export function acknowledges(entry: CheckpointEntry, task: Task, slowest: Task | undefined): boolean {
  return entry.status === 'COMPLETED' || (entry.acknowledged > 0 && task !== slowest);
}

/** What a task did for a checkpoint that took `total` milliseconds so far. */
export function checkpointShare(
  { id, bytes }: Pick<CheckpointEntry, 'id' | 'bytes'>,
  { vertex, task, slowest, tasks }: { readonly vertex: VertexRun; readonly task: Task; readonly slowest: boolean; readonly tasks: number },
  total: number,
): CheckpointShare {
  // Each task takes another part of the time, another one in each checkpoint, and less in front than behind.
  const part = slowest ? 1 : 0.18 + 0.03 * vertex.index + ((task.subtask * 29 + vertex.index * 13 + id * 7) % 23) / 100;
  const duration = Math.round(total * Math.min(1, part));
  const source = vertex.graph.inputs === undefined;
  const { startDelay, alignment, sync } = slowest || vertex.flow.load > 0.6 ? WAITING : EVEN;
  const waits = source ? 0 : Math.round(duration * startDelay);
  const aligns = source ? 0 : Math.round(duration * alignment);
  const stops = Math.round(duration * sync);
  const own = Math.round((bytes / tasks) * shareOf(vertex.graph, vertex.tasks.length, task.subtask));
  return {
    startDelay: waits,
    alignment: aligns,
    sync: stops,
    async: duration - waits - aligns - stops,
    duration,
    bytes: own,
    processed: Math.round(aligns * vertex.flow.in * 0.021),
  };
}
