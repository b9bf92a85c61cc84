import type { Call } from './call.ts';

/** `ExecutionState`; a newer server may report a state that is not listed. */
export const executionStates = [
  'CREATED',
  'SCHEDULED',
  'DEPLOYING',
  'INITIALIZING',
  'RUNNING',
  'FINISHED',
  'CANCELING',
  'CANCELED',
  'FAILED',
  'RECONCILING',
] as const;
export type ExecutionState = (typeof executionStates)[number] | (string & {});

/** What went in and out since the start of an attempt; undefined: Flink does not know it yet. */
export interface TaskIo {
  readonly readBytes: number | undefined;
  readonly readRecords: number | undefined;
  readonly writeBytes: number | undefined;
  readonly writeRecords: number | undefined;
}

/** One attempt to run a subtask. Times in epoch milliseconds; -1 = not yet. */
export interface SubtaskAttempt {
  readonly subtask: number;
  readonly attempt: number;
  readonly state: ExecutionState;
  /** On Kubernetes the name of a pod; undefined: none is assigned. */
  readonly taskManagerId: string | undefined;
  readonly endpoint: string | undefined;
  readonly startTime: number;
  readonly endTime: number;
  readonly durationMs: number;
  /** How long it was in each state that it has been in. */
  readonly statusMs: Readonly<Record<string, number>>;
  readonly io: TaskIo;
  /** Other attempts that run at the same time (speculative execution). */
  readonly others: readonly SubtaskAttempt[];
}

/** `GET /jobs/:id/vertices/:id`. */
export interface VertexDetail {
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number | undefined;
  /** The clock of the JobManager. */
  readonly now: number;
  readonly subtasks: readonly SubtaskAttempt[];
}

/** How a subtask spends its time, as shares of 0..1; undefined: not measured yet. */
export interface TimeShares {
  readonly busy: number | undefined;
  readonly backPressured: number | undefined;
  readonly idle: number | undefined;
}

/** One TaskManager of `GET /jobs/:id/vertices/:id/taskmanagers`. */
export interface VertexTaskManager {
  /** Undefined: for the subtasks that have none. */
  readonly id: string | undefined;
  readonly endpoint: string | undefined;
  readonly state: ExecutionState;
  readonly startTime: number;
  readonly durationMs: number;
  readonly io: TaskIo;
  /** Number of subtasks for each state. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A value that the job's own code adds up; Flink prints it. */
export interface Accumulator {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** A metric over the subtasks of a vertex. */
export interface AggregatedMetric {
  readonly name: string;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly avg: number | undefined;
  readonly sum: number | undefined;
  /** The average distance to the average, in percent of the average, at most 100. Source: `DoubleAccumulator.DoubleDataSkew`, Flink 2.3. */
  readonly skew: number | undefined;
}

/** The inside of one vertex of a job. */
export interface VertexCalls {
  vertex(jobId: string, vertexId: string, call?: Call): Promise<VertexDetail>;
  /** By subtask. Empty until Flink has measured. */
  vertexTimeShares(jobId: string, vertexId: string, call?: Call): Promise<ReadonlyMap<number, TimeShares>>;
  /** The lowest input watermark by subtask, as Flink writes it: `Long.MIN_VALUE` before the first one. Sources have none. */
  vertexWatermarks(jobId: string, vertexId: string, call?: Call): Promise<ReadonlyMap<number, number>>;
  /** One attempt of a subtask, also a former one. Flink keeps the last 16 (`jobmanager.execution.attempts-history-size`). */
  subtaskAttempt(
    jobId: string,
    vertexId: string,
    which: { readonly subtask: number; readonly attempt: number },
    call?: Call,
  ): Promise<SubtaskAttempt>;
  vertexTaskManagers(jobId: string, vertexId: string, call?: Call): Promise<readonly VertexTaskManager[]>;
  vertexAccumulators(jobId: string, vertexId: string, call?: Call): Promise<readonly Accumulator[]>;
  jobMetricNames(jobId: string, call?: Call): Promise<readonly string[]>;
  /** The names that any subtask of the vertex reports. */
  vertexMetricNames(jobId: string, vertexId: string, call?: Call): Promise<readonly string[]>;
  /** The names that this subtask reports. */
  subtaskMetricNames(jobId: string, vertexId: string, subtask: number, call?: Call): Promise<readonly string[]>;
  /** By name and subtask. One request for about 120 values: a URL is limited. */
  subtaskMetrics(
    jobId: string,
    vertexId: string,
    wanted: { readonly names: readonly string[]; readonly subtasks: readonly number[] },
    call?: Call,
  ): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>>;
  /** Over all subtasks. Nothing at all if no subtask reports one of the names (Flink 2.3). */
  aggregatedMetrics(jobId: string, vertexId: string, names: readonly string[], call?: Call): Promise<readonly AggregatedMetric[]>;
}
