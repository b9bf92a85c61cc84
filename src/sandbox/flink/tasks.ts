import { vertexId, type GraphVertex, type JobGraph } from './graphs.ts';

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

/** One subtask in its current attempt. */
export interface Task {
  readonly subtask: number;
  state: TaskState;
  attempt: number;
  /** When each state was entered; epoch milliseconds. */
  stamps: Map<TaskState, number>;
  slot: Slot | undefined;
  /** `<graph>_<vertex>_<subtask>_<attempt>`, as logs name it. */
  executionId: string;
  /** When it began to run and when it stopped, for its counters. */
  runningSince: number | undefined;
  ranUntil: number | undefined;
}

export interface VertexRun {
  readonly id: string;
  readonly graph: GraphVertex;
  readonly tasks: readonly Task[];
}

export function verticesOf(graph: JobGraph, parallelism: number): VertexRun[] {
  return graph.vertices.map((vertex, index) => ({
    id: vertexId(graph, index),
    graph: vertex,
    tasks: Array.from({ length: vertex.single === true ? 1 : parallelism }, (_, subtask): Task => ({
      subtask,
      state: 'CREATED',
      attempt: 0,
      stamps: new Map(),
      slot: undefined,
      executionId: '',
      runningSince: undefined,
      ranUntil: undefined,
    })),
  }));
}

/** `Source: orders (2/4)`. */
export const taskName = (vertex: VertexRun, task: Task): string => `${vertex.graph.name} (${task.subtask + 1}/${vertex.tasks.length})`;

export const isEnded = (state: TaskState): boolean => state === 'FINISHED' || state === 'CANCELED' || state === 'FAILED';

/** The state of a whole vertex. Source: ExecutionJobVertex.getAggregateJobVertexState, Flink 2.3. */
export function aggregateState(tasks: readonly Task[]): TaskState {
  const count = (state: TaskState): number => tasks.filter((task) => task.state === state).length;
  if (count('FAILED') > 0) return 'FAILED';
  if (count('CANCELING') > 0) return 'CANCELING';
  if (count('CANCELED') > 0) return 'CANCELED';
  if (count('INITIALIZING') > 0) return 'INITIALIZING';
  if (count('RUNNING') > 0) return 'RUNNING';
  if (count('FINISHED') > 0) return count('FINISHED') === tasks.length ? 'FINISHED' : 'RUNNING';
  for (const state of ['DEPLOYING', 'SCHEDULED'] as const) if (count(state) > 0) return state;
  return 'CREATED';
}
