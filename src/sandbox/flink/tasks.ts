import { flowsOf, type VertexFlow } from './flow.ts';
import type { GraphVertex, JobGraph } from './graph-types.ts';
import { vertexId } from './graphs.ts';

/** `ExecutionState`, in the order in which the REST API lists them. */
export const taskStates = [
  'INITIALIZING',
  'SCHEDULED',
  'RUNNING',
  'RECONCILING',
  'CANCELING',
  'FAILED',
  'DEPLOYING',
  'CREATED',
  'FINISHED',
  'CANCELED',
] as const;
export type TaskState = (typeof taskStates)[number];

export interface Slot {
  readonly taskManager: string;
  readonly index: number;
}

/** One subtask in one attempt. */
export interface Attempt {
  readonly subtask: number;
  state: TaskState;
  attempt: number;
  /** When each state was entered; epoch milliseconds. Tasks that move together may share it. */
  stamps: ReadonlyMap<TaskState, number>;
  slot: Slot | undefined;
  /** When it began to run and when it stopped, for its counters. */
  runningSince: number | undefined;
  ranUntil: number | undefined;
}

/** One subtask in its current attempt, and those before it, newest first. */
export interface Task extends Attempt {
  earlier: readonly Attempt[];
}

/** Default of jobmanager.execution.attempts-history-size. */
const ATTEMPTS_KEPT = 16;

/** Begins the next attempt of a task. */
export function attemptAgain(task: Task): void {
  const { earlier, ...ended } = task;
  task.earlier = [ended, ...earlier].slice(0, ATTEMPTS_KEPT);
  task.attempt += 1;
  task.slot = undefined;
  task.stamps = new Map();
  task.runningSince = undefined;
  task.ranUntil = undefined;
}

export interface VertexRun {
  readonly id: string;
  /** Its place in the graph. */
  readonly index: number;
  readonly graph: GraphVertex;
  readonly flow: VertexFlow;
  readonly tasks: readonly Task[];
}

/** The vertices with their tasks; `wanted` is the parallelism of each that may have more than one task. */
export function verticesOf(graph: JobGraph, wanted: number | readonly number[]): readonly VertexRun[] {
  const parallelism = graph.vertices.map((vertex, index) =>
    vertex.single === true ? 1 : typeof wanted === 'number' ? wanted : (wanted[index] ?? 1),
  );
  const flows = flowsOf(graph.vertices, parallelism);
  return graph.vertices.map((vertex, index) => ({
    id: vertexId(graph, index),
    index,
    graph: vertex,
    flow: flows[index] ?? NO_FLOW,
    tasks: Array.from({ length: parallelism[index] ?? 1 }, (_, subtask): Task => newTask(subtask)),
  }));
}

const NO_FLOW: VertexFlow = { in: 0, out: 0, load: 0, held: false, behindMs: 0 };

const newTask = (subtask: number): Task => ({
  subtask,
  state: 'CREATED',
  attempt: 0,
  stamps: new Map(),
  slot: undefined,
  runningSince: undefined,
  ranUntil: undefined,
  earlier: [],
});

/** `Source: orders (2/4)`. */
export const taskName = (vertex: VertexRun, task: Task): string => `${vertex.graph.name} (${task.subtask + 1}/${vertex.tasks.length})`;

export const isEnded = (state: TaskState): boolean => state === 'FINISHED' || state === 'CANCELED' || state === 'FAILED';

/** The state of a whole vertex. Source: ExecutionJobVertex.getAggregateJobVertexState, Flink 2.3. */
export function aggregateState(tasks: readonly Task[]): TaskState {
  const counts = countStates(tasks);
  for (const state of ['FAILED', 'CANCELING', 'CANCELED', 'INITIALIZING', 'RUNNING'] as const) if (counts[state] > 0) return state;
  if (counts.FINISHED > 0) return counts.FINISHED === tasks.length ? 'FINISHED' : 'RUNNING';
  for (const state of ['DEPLOYING', 'SCHEDULED'] as const) if (counts[state] > 0) return state;
  return 'CREATED';
}

/** Number of tasks in each state. */
export function countStates(tasks: readonly { readonly state: TaskState }[]): Readonly<Record<TaskState, number>> {
  const counts = Object.fromEntries(taskStates.map((state) => [state, 0])) as Record<TaskState, number>;
  for (const { state } of tasks) counts[state] += 1;
  return counts;
}
