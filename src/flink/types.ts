import type { Duplex } from 'node:stream';
import type { Call } from './call.ts';
import type { CheckpointCalls } from './checkpoint-types.ts';
import type { ExceptionCalls } from './exception-types.ts';
import type { FlameCalls } from './flame-types.ts';
import type { JobEdge, PendingOperator, VertexTotals } from './job-graph.ts';
import type { VertexCalls } from './vertex-types.ts';
import type { ProcessCalls } from './process-types.ts';
import type { RescaleCalls } from './rescale-types.ts';

export type { Checkpoint, CheckpointStatistics, RestoredCheckpoint } from './checkpoint-types.ts';

/** Where a REST endpoint is, and how to connect to it. `flink/` does not know Kubernetes: `open` may use a port-forward. */
export interface RestRoute {
  /** For a person: `through pod my-cluster-6f7 (port-forward)`, `http://10.0.0.1:30081`. */
  readonly description: string;
  /** Base URL with path, without a trailing slash. If `open` is given, its host is only a name. */
  readonly url: string;
  /** Opens a connection to the endpoint. Default: an ordinary TCP connection to the host of `url`. */
  readonly open?: (signal: AbortSignal) => Promise<Duplex>;
}

/** Finds a route to the endpoint, and a new one after `lost`. Rejects with a `Problem`. */
export interface RestRouter {
  route(signal?: AbortSignal): Promise<RestRoute>;
  /** The route no longer works, or never did: look again before the next request. */
  lost(route: RestRoute): void;
}

export const jobStates = [
  'INITIALIZING',
  'CREATED',
  'RUNNING',
  'FAILING',
  'FAILED',
  'CANCELLING',
  'CANCELED',
  'FINISHED',
  'RESTARTING',
  'SUSPENDED',
  'RECONCILING',
] as const;
/** `JobStatus`; a newer server may report a state that is not listed. */
export type JobState = (typeof jobStates)[number] | (string & {});

/** `GET /overview`. */
export interface ClusterOverview {
  readonly taskManagers: number;
  readonly slotsTotal: number;
  readonly slotsAvailable: number;
  readonly flinkVersion: string;
  readonly flinkCommit: string | undefined;
}

/** `GET /config`; a feature flag that the server does not have is undefined. */
export interface DashboardConfig {
  readonly refreshIntervalMs: number;
  readonly flinkVersion: string;
  readonly webSubmit: boolean | undefined;
  readonly webCancel: boolean | undefined;
}

/** One entry of `GET /jobs/overview`. Times in epoch milliseconds; -1 = not yet. */
export interface JobOverview {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  readonly startTime: number;
  readonly endTime: number;
  readonly durationMs: number;
  readonly lastModification: number;
  /** Number of tasks for each lower-case execution state; `total` separately. */
  readonly tasks: { readonly total: number; readonly byState: Readonly<Record<string, number>> };
}

export interface Vertex {
  readonly id: string;
  readonly name: string;
  /** Vertices of one group share slots: one task of each. Since 1.20. */
  readonly slotSharingGroup: string | undefined;
  /** Its chained operators as the lines of a tree; empty if the plan does not say. */
  readonly operators: readonly string[];
  readonly parallelism: number;
  readonly maxParallelism: number;
  readonly state: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly durationMs: number;
  /** Number of tasks for each upper-case execution state. */
  readonly tasks: Readonly<Record<string, number>>;
  readonly totals: VertexTotals;
}

/** `GET /jobs/:id`. */
export interface JobDetail {
  readonly id: string;
  readonly name: string;
  readonly state: JobState;
  readonly type: 'STREAMING' | 'BATCH' | undefined;
  /** `Default`, `Adaptive`, `AdaptiveBatch`; since 2.3. */
  readonly scheduler: string | undefined;
  readonly startTime: number;
  readonly endTime: number;
  readonly durationMs: number;
  /** -1: not set. */
  readonly maxParallelism: number;
  readonly now: number;
  /** In the order of the data flow. */
  readonly vertices: readonly Vertex[];
  readonly edges: readonly JobEdge[];
  /** How many operators are not in a vertex yet; since 2.0. */
  readonly pendingOperators: number | undefined;
  readonly pending: readonly PendingOperator[];
  readonly timestamps: Readonly<Record<string, number>>;
}

/** When the job last became RUNNING. */
export const becameRunning = ({ timestamps }: Pick<JobDetail, 'timestamps'>): number | undefined =>
  timestamps.RUNNING === 0 ? undefined : timestamps.RUNNING;

/** `GET /jobs/:id/config`. What a version does not report is undefined. */
export interface JobConfiguration {
  /** `PIPELINED`, `BATCH`; until 1.20. */
  readonly executionMode: string | undefined;
  /** In words, as Flink has them. */
  readonly restartStrategy: string | undefined;
  readonly parallelism: number | 'default' | undefined;
  readonly objectReuse: boolean | undefined;
  /** What the program registered as global job parameters. */
  readonly user: Readonly<Record<string, string>>;
}

export interface JobException {
  readonly name: string;
  readonly stacktrace: string;
  readonly at: number;
  readonly taskName: string | undefined;
  readonly taskManagerId: string | undefined;
}

export interface TaskManager {
  readonly id: string;
  readonly slots: number;
  readonly freeSlots: number;
  /** Epoch milliseconds. */
  readonly lastHeartbeat: number;
}

export interface UploadedJar {
  readonly id: string;
  readonly name: string;
  readonly uploadedAt: number;
  readonly entryClasses: readonly string[];
}

export interface RunJarRequest {
  readonly entryClass?: string | undefined;
  readonly arguments?: readonly string[] | undefined;
  readonly parallelism?: number;
  /** 32 lower-case hex digits, chosen by the client, which can then ask again after a lost answer. */
  readonly jobId: string;
  readonly savepointPath?: string | undefined;
  readonly allowNonRestoredState?: boolean | undefined;
  readonly claimMode?: 'CLAIM' | 'NO_CLAIM' | 'LEGACY' | undefined;
  readonly configuration?: Readonly<Record<string, string>> | undefined;
}

export type SavepointFormat = 'CANONICAL' | 'NATIVE';

/** A step of an asynchronous operation. */
export type OperationResult<T> =
  | { readonly state: 'in-progress' }
  | { readonly state: 'completed'; readonly value: T }
  | { readonly state: 'failed'; readonly reason: string; readonly stackTrace: string };

/** The REST API of one Flink cluster. Every answer is checked; every method rejects with a `Problem`. Flink 1.18 to 2.3. */
export interface FlinkClient extends AsyncDisposable, CheckpointCalls, ExceptionCalls, VertexCalls, ProcessCalls, RescaleCalls, FlameCalls {
  overview(call?: Call): Promise<ClusterOverview>;
  config(call?: Call): Promise<DashboardConfig>;
  /** `GET /jobmanager/config`. */
  clusterConfiguration(call?: Call): Promise<ReadonlyMap<string, string>>;
  jobs(call?: Call): Promise<readonly JobOverview[]>;
  job(id: string, call?: Call): Promise<JobDetail>;
  /** Ids of the TaskManagers that run tasks of the job, or ran them last; on Kubernetes they are pod names. */
  jobTaskManagers(id: string, call?: Call): Promise<readonly string[]>;
  jobConfiguration(id: string, call?: Call): Promise<JobConfiguration>;
  /** Newest first. */
  exceptions(id: string, call?: Call): Promise<readonly JobException[]>;
  /** Names without a value are left out. Values are numbers if they can be. */
  jobMetrics(id: string, names: readonly string[], call?: Call): Promise<ReadonlyMap<string, number>>;
  taskManagers(call?: Call): Promise<readonly TaskManager[]>;
  taskManagerMetrics(id: string, names: readonly string[], call?: Call): Promise<ReadonlyMap<string, number>>;
  jobManagerMetrics(names: readonly string[], call?: Call): Promise<ReadonlyMap<string, number>>;
  cancelJob(id: string, call?: Call): Promise<void>;
  jars(call?: Call): Promise<readonly UploadedJar[]>;
  /**
   * Streams the file as `name` (default: the file's own), which must end in `.jar`. `onProgress` gets the bytes sent so far and in total.
   * Returns the jar id. Not repeated after a lost answer: see `createJarCache`.
   */
  uploadJar(
    path: string,
    call?: Call & { readonly name?: string; readonly onProgress?: (sent: number, total: number) => void },
  ): Promise<string>;
  /** Returns the job id. Repeating it with the same `jobId` after a lost answer does not start a second job. */
  runJar(jarId: string, request: RunJarRequest, call?: Call): Promise<string>;
  jarPlan(jarId: string, request: Omit<RunJarRequest, 'jobId'>, call?: Call): Promise<unknown>;
  deleteJar(jarId: string, call?: Call): Promise<void>;
  triggerSavepoint(
    id: string,
    request: {
      readonly triggerId: string;
      readonly directory?: string | undefined;
      readonly format?: SavepointFormat | undefined;
      readonly cancelJob?: boolean;
    },
    call?: Call,
  ): Promise<void>;
  triggerStop(
    id: string,
    request: {
      readonly triggerId: string;
      readonly directory?: string | undefined;
      readonly format?: SavepointFormat | undefined;
      readonly drain?: boolean;
    },
    call?: Call,
  ): Promise<void>;
  triggerCheckpoint(id: string, request: { readonly triggerId: string; readonly full?: boolean }, call?: Call): Promise<void>;
  /** For savepoints and stops. Rejects with `not-found` if the server no longer knows the trigger id. */
  savepointResult(id: string, triggerId: string, call?: Call): Promise<OperationResult<{ readonly path: string }>>;
  checkpointResult(id: string, triggerId: string, call?: Call): Promise<OperationResult<{ readonly checkpointId: number }>>;
  /** Returns the trigger id that the server chose. */
  disposeSavepoint(path: string, call?: Call): Promise<string>;
  disposalResult(triggerId: string, call?: Call): Promise<OperationResult<undefined>>;
  /** The answer to a `GET` as it came, for somebody who knows Flink's REST API. */
  answer(path: string, call?: Call): Promise<unknown>;
  /** The result if `status.id` is COMPLETED, otherwise undefined. */
  executionResult(id: string, call?: Call): Promise<JobResult | undefined>;
}

export interface JobResult {
  readonly id: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'CANCELED' | 'UNKNOWN' | (string & {});
  readonly netRuntimeMs: number;
  readonly failure: string | undefined;
  /** Accumulator names and their printed values. */
  readonly accumulators: Readonly<Record<string, string>>;
}

const terminal = new Set<string>(['FAILED', 'CANCELED', 'FINISHED']);

/** Globally terminal: the job will never run again. Source: `JobStatus.isGloballyTerminalState`, Flink 2.3. */
export const isTerminal = (state: JobState): boolean => terminal.has(state);
