import type { CheckpointStatistics, ClusterOverview, DashboardConfig, JobException, JobOverview } from '../flink/types.ts';
import type { Unreadable } from '../kubernetes/model/types.ts';
import type { Pod, Warning } from '../native/pod.ts';
import type { Instant } from '../support/clock.ts';
import type { Problem } from '../support/problem.ts';

export type { Pod, PodContainer, PodRole, Warning } from '../native/pod.ts';

/** Which cluster a session is about. The cluster id is fixed for the life of the session; the rest is known once there is a connection. */
export interface Target {
  readonly clusterId: string;
  readonly namespace: string;
  readonly context: string | undefined;
  readonly server: string;
  /** Commands that change the cluster are refused. */
  readonly readOnly?: boolean;
  /** The API server's certificate is not checked: it may be anybody. */
  readonly tlsUnverified?: boolean;
  /** No port of a pod can be forwarded: Flink is asked through the API server's proxy. */
  readonly restProxied?: boolean;
}

/** CPU in cores, memory in bytes. `heap` where the figures come from Flink's metrics and not from metrics.k8s.io. */
export interface Usage {
  readonly cpu: number | undefined;
  readonly memory: number;
  readonly memoryMax: number | undefined;
  readonly source: 'metrics.k8s.io' | 'heap';
  readonly at: Instant;
}

export interface Job extends JobOverview {
  /** undefined: not known yet, or checkpointing is off. */
  readonly checkpoints: CheckpointStatistics | undefined;
  readonly restarts: number | undefined;
  /** When it became RUNNING last, of a job that was started again; absent: when it started. */
  readonly runningSince?: Instant | undefined;
  readonly exceptions: readonly JobException[];
}

/** `log:` is followed by the name of the pod. */
export type SourceName = 'pods' | 'events' | 'deployment' | 'leader' | 'flink' | 'usage' | `log:${string}`;

/** `starting`: a JobManager that began a moment ago and does not answer yet; `stale`: the server is overdue, or answers without data. */
export type SourceState = 'connecting' | 'starting' | 'live' | 'stale' | 'denied' | 'lost';

export interface SourceStatus {
  readonly state: SourceState;
  /** When it became live, or when it was last heard before it ceased to be; of a start, when the JobManager began. */
  readonly since: Instant;
  /** When the server was last heard; undefined: never. */
  readonly dataAt: Instant | undefined;
  /** Why, if it is not live. A `stale` source without a reason may only be slow. */
  readonly problem: Problem | undefined;
  readonly nextTryAt: Instant | undefined;
}

/** A job that ran and that Flink does not list any more. */
export interface LostJob {
  readonly job: Job;
  /** When it was missed. */
  readonly at: Instant;
  /** The JobManager that started after the job was seen last and does not know it; undefined: not known. */
  readonly forgottenBy: string | undefined;
}

/** What happened, as one line of the timeline: Kubernetes events, pod changes, job state changes, commands given here. */
export interface TimelineEntry {
  readonly at: Instant;
  readonly from: 'k8s' | 'flink' | 'drey';
  readonly severity: 'info' | 'warn' | 'error';
  /** Name of the pod or id of the job that it is about. */
  readonly subject: string | undefined;
  readonly text: string;
}

/** Counters of one followed log; its lines live in the log buffers, not in the store. */
export interface LogCounters {
  readonly lines: number;
  readonly bytes: number;
  /** Lines that fell out of the ring. */
  readonly dropped: number;
  readonly ended: boolean;
}

/** The Deployment that makes a cluster: another one under the same name is another cluster. */
export interface DeploymentFacts {
  readonly uid: string;
  readonly createdAt: Instant;
  /** It was deleted; its pods may still be there. */
  readonly gone: boolean;
}

export type OperationState = 'running' | 'succeeded' | 'failed' | 'unknown';

/** Something that takes time and was asked for here. Survives leaving the screen and, through the journal, detaching. */
export interface Operation {
  readonly id: string;
  readonly title: string;
  readonly kind: 'submit' | 'cancel' | 'savepoint' | 'stop-job' | 'checkpoint' | 'dispose' | 'stop' | 'other';
  readonly jobId: string | undefined;
  readonly startedAt: Instant;
  readonly endedAt: Instant | undefined;
  readonly state: OperationState;
  /** `3/8 subtasks`, `12.4 MB of 30 MB`. */
  readonly progress: string | undefined;
  /** The savepoint path, the job id, or the reason of the failure. */
  readonly result: string | undefined;
}

/** All that is known of the attached cluster at one moment. Immutable; an object that did not change is the same object. */
export interface Session {
  readonly target: Target;
  /** By name. */
  readonly pods: ReadonlyMap<string, Pod>;
  /** A whole list of pods was seen: no pod means that there is none. */
  readonly podsKnown: boolean;
  /** Names that the list in progress has shown so far; undefined between lists. */
  readonly listing: ReadonlySet<string> | undefined;
  /** Pods that were seen and are gone, newest last, bounded; their logs are kept. */
  readonly gone: readonly Pod[];
  /** Name of the leading JobManager's pod. */
  readonly leader: string | undefined;
  /** Who led last, and until when, while nobody leads. */
  readonly ledBefore: { readonly pod: string; readonly until: Instant } | undefined;
  /** JobManagers elect their leader in Kubernetes, and it goes on with the jobs of the one before; undefined: not known, or elections cannot be seen. */
  readonly highAvailability: boolean | undefined;
  /** The cluster's Deployment as it was last seen; undefined: never. */
  readonly deployment: DeploymentFacts | undefined;
  readonly usage: ReadonlyMap<string, Usage>;
  /** In the order of their start time, newest first. */
  readonly jobs: readonly Job[];
  /** A list of jobs was seen: no job means that there is none. */
  readonly jobsKnown: boolean;
  /** When that was: what happened before is not news. */
  readonly jobsKnownAt: Instant | undefined;
  /** Oldest first, bounded; without those that are back. */
  readonly lostJobs: readonly LostJob[];
  readonly overview: ClusterOverview | undefined;
  readonly config: DashboardConfig | undefined;
  readonly sources: ReadonlyMap<SourceName, SourceStatus>;
  /** Objects that a source sends and that cannot be read: what is shown is without them. */
  readonly unreadable: ReadonlyMap<SourceName, Unreadable>;
  readonly logs: ReadonlyMap<string, LogCounters>;
  /** By object and reason, in the order in which they came first; bounded. */
  readonly warnings: ReadonlyMap<string, Warning>;
  /** Oldest first, bounded. */
  readonly timeline: readonly TimelineEntry[];
  /** Lines that the timeline ever had, with those that fell out. */
  readonly timelineCount: number;
  readonly operations: readonly Operation[];
  /** The Deployment is gone: the cluster was stopped. */
  readonly stopped: boolean;
}

/** What a feed tells. Serialisable: a session can be recorded and replayed. Nothing else changes a session. */
export type Change =
  | { readonly kind: 'pods-listed'; readonly at: Instant; readonly pods: readonly Pod[]; readonly first: boolean; readonly last: boolean }
  | { readonly kind: 'pods-seen'; readonly at: Instant; readonly pods: readonly Pod[] }
  | { readonly kind: 'pods-gone'; readonly at: Instant; readonly pods: readonly Pod[] }
  | { readonly kind: 'leader'; readonly at: Instant; readonly pod: string | undefined; readonly highAvailability?: boolean | undefined }
  | { readonly kind: 'deployment'; readonly at: Instant; readonly deployment: DeploymentFacts }
  | { readonly kind: 'usage'; readonly at: Instant; readonly usage: readonly (readonly [pod: string, usage: Usage])[] }
  | { readonly kind: 'jobs-seen'; readonly at: Instant; readonly jobs: readonly JobOverview[] }
  | {
      readonly kind: 'job-details';
      readonly at: Instant;
      readonly jobId: string;
      readonly checkpoints: CheckpointStatistics | undefined;
      readonly restarts: number | undefined;
      readonly runningSince?: Instant | undefined;
      readonly exceptions: readonly JobException[];
    }
  | { readonly kind: 'overview'; readonly at: Instant; readonly overview: ClusterOverview }
  | { readonly kind: 'config'; readonly at: Instant; readonly config: DashboardConfig }
  | { readonly kind: 'log'; readonly at: Instant; readonly log: string; readonly counters: LogCounters }
  | { readonly kind: 'warning'; readonly at: Instant; readonly warning: Warning }
  | { readonly kind: 'timeline'; readonly at: Instant; readonly line: TimelineEntry }
  | { readonly kind: 'operation'; readonly at: Instant; readonly operation: Operation }
  | { readonly kind: 'source'; readonly at: Instant; readonly source: SourceName; readonly status: SourceStatus }
  | { readonly kind: 'unreadable'; readonly at: Instant; readonly source: SourceName; readonly objects: Unreadable | undefined }
  | { readonly kind: 'stopped'; readonly at: Instant }
  /** The screen is there before the kubeconfig is read: context, server and namespace are told when they are known. */
  | { readonly kind: 'target'; readonly at: Instant; readonly target: Target };

/** The one store. Reads are snapshots; `until` waits for what a server will say. */
export interface SessionStore {
  get(): Session;
  /** Called once per batch of changes; returns the function that ends it. */
  subscribe(listener: (session: Session, before: Session) => void): () => void;
  /** Only feeds and operations call it. */
  tell(changes: readonly Change[]): void;
  /** The first session that fulfils `condition`, now or later; rejects with an `AbortError`. */
  until(condition: (session: Session) => boolean, signal: AbortSignal): Promise<Session>;
}

/** A window on the lines of one or several logs, merged by time. Reading decodes only what is asked for. */
export interface LogView {
  /** Grows whenever lines arrived or fell out. */
  readonly version: number;
  /** Lines that can be read now. */
  readonly count: number;
  /** Lines that were not looked at yet: of those that are not taken in for sure, a bite at a time is. */
  readonly pending: number;
  /** Looks at some of them, the newest first. Their numbers do not move those of newer lines. */
  advance(): void;
  /** Lines that fell out of the ring since the start. */
  readonly dropped: number;
  /** Line `index` of 0..count-1, oldest first; undefined when it just fell out. */
  line(index: number): ViewLine | undefined;
}

export interface ViewLine {
  readonly at: Instant;
  /** Name of the pod; `undefined` for a line of the timeline. */
  readonly pod: string | undefined;
  /** Harmless for a terminal, SGR colours possible. */
  readonly text: string;
  /** From the log4j pattern; a continuation (stack frame) has that of its first line. */
  readonly level: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | undefined;
  /** The level is its own: an entry of the log begins with it. */
  readonly begins?: boolean;
  readonly timeline: TimelineEntry | undefined;
}

/** The logs of a session. */
export interface SessionLogs {
  /** Follow this pod's log until the session ends (its lines are kept when the pod goes). Idempotent. */
  follow(pod: string): void;
  unfollow(pod: string): void;
  /** `pods`: names, or `all` = every pod that is followed. `wanted`: only lines of which it says so; the line that it is asked about is one object for all of them. `timeline`: which of its lines stand between; absent: all. */
  view(
    pods: readonly string[] | 'all',
    options?: {
      readonly wanted?: ((line: ViewLine) => boolean) | undefined;
      readonly timeline?: boolean | readonly TimelineEntry['from'][];
    },
  ): LogView;
}

/** What keeps a session up to date. Ends with `signal` of its start or when disposed, whichever is first. */
export interface Feeds extends AsyncDisposable {
  readonly logs: SessionLogs;
  /** Look again now, and try at once whatever waits for its next try. */
  refresh(): void;
  /** While the terminal is not focused, polls are slower. */
  setFocus(focused: boolean): void;
}

/** Background work with a title, shown in the operations panel and kept in the journal. */
export interface Operations {
  /**
   * Runs `work` under an entry of the operations list. Resolves with its result; the entry keeps the last word (`result`) either way.
   * Leaving the screen does not end it; `signal` of `work` aborts only when the session ends.
   */
  track<T>(
    start: Pick<Operation, 'title' | 'kind' | 'jobId'> & { readonly resume?: ResumeNote },
    work: (
      report: { progress(text: string): void; note(note: ResumeNote): void },
      signal: AbortSignal,
    ) => Promise<{ readonly value: T; readonly result: string }>,
  ): Promise<T>;
}

/** What the journal needs to find the result of an operation after detaching. */
export interface ResumeNote {
  readonly jobId: string;
  readonly triggerId: string;
  readonly what: 'savepoint' | 'stop-job' | 'checkpoint';
  /** Newest checkpoint of the job before it: a later savepoint is told from older ones by it. Undefined: not known. */
  readonly lastCheckpointId?: number | undefined;
  /** Where the savepoint is to be written. Undefined: where the cluster writes them. */
  readonly directory?: string | undefined;
}
