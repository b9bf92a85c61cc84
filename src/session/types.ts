import type { SetLevel } from '../config/logging/set-level.ts';
import type { EntryHead } from '../inside/log/layout.ts';
import type { Troubles } from '../inside/log/templates/minutes.ts';
import type { TemplateReading, ViewEntry } from '../inside/log/templates/reading.ts';
import type { CheckpointStatistics, ClusterOverview, DashboardConfig, JobException, JobOverview } from '../flink/types.ts';
import type { ContainerLogState, ContainerOfPod, LogCounters } from './log-state.ts';
import type { Inspection, Subject } from './inspections/inspections.ts';
import type { Unreadable } from '../kubernetes/model/types.ts';
import type { Pod, Warning } from '../native/pod.ts';
import type { Operation } from './operation-types.ts';
import type { Instant } from '../support/clock.ts';
import type { Problem } from '../support/problem.ts';

export type { KeptSavepoint, OpenRestart, Operation, OperationReport, Operations, OperationState } from './operation-types.ts';
export type { Pod, PodContainer, PodRole, Warning } from '../native/pod.ts';

/** The cluster of a session. The cluster id never changes during a session; the rest is known once there is a connection. */
export interface Target {
  readonly clusterId: string;
  readonly namespace: string;
  readonly context: string | undefined;
  /** The kubeconfig that was asked for; undefined: where kubectl looks. */
  readonly kubeconfig?: string | undefined;
  readonly server: string;
  /** Refuse commands that change the cluster. */
  readonly readOnly?: boolean;
  /** The API server's certificate is not checked, so the server may be anyone. */
  readonly tlsUnverified?: boolean;
  /** No port of a pod can be forwarded: requests to Flink go through the API server's proxy. */
  readonly restProxied?: boolean;
  /** A recording of the cluster is replayed: there is no connection, and nothing is now. */
  readonly replayed?: boolean;
}

/** CPU in cores, memory in bytes. `heap`: the figures come from Flink's metrics, not from metrics.k8s.io. */
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
  /** When a restarted job last became RUNNING; absent: when it started. */
  readonly runningSince?: Instant | undefined;
  readonly exceptions: readonly JobException[];
}

/** `log:` is followed by the name of the pod. */
export type SourceName = 'pods' | 'events' | 'deployment' | 'leader' | 'flink' | 'usage' | `log:${string}`;

/** `starting`: a JobManager that started a moment ago and does not answer yet; `stale`: the server is overdue, or answers without data. */
export type SourceState = 'connecting' | 'starting' | 'live' | 'stale' | 'denied' | 'lost';

export interface SourceStatus {
  readonly state: SourceState;
  /** When it became live, or when it was last heard before that ended; for `starting`, when the JobManager started. */
  readonly since: Instant;
  /** When the server was last heard; undefined: never. */
  readonly dataAt: Instant | undefined;
  /** Why it is not live. A `stale` source without a reason may only be slow. */
  readonly problem: Problem | undefined;
  readonly nextTryAt: Instant | undefined;
}

/** A job that ran and that Flink no longer lists. */
export interface LostJob {
  readonly job: Job;
  /** When it was missed. */
  readonly at: Instant;
  /** The JobManager that started after the job was last seen and does not know it; undefined: unknown. */
  readonly forgottenBy: string | undefined;
}

/** One entry of the timeline: a Kubernetes event, a change of a pod or a job, a command given here. */
export interface TimelineEntry {
  readonly at: Instant;
  readonly from: 'k8s' | 'flink' | 'drey';
  readonly severity: 'info' | 'warn' | 'error';
  /** Name of the pod or id of the job that it is about. */
  readonly subject: string | undefined;
  readonly text: string;
}

/** The Deployment of a cluster: another Deployment under the same name is another cluster. */
export interface DeploymentFacts {
  readonly uid: string;
  readonly createdAt: Instant | undefined;
  /** It was deleted; its pods may still exist. */
  readonly gone: boolean;
}

/** Everything known about the attached cluster at one moment. Immutable; an unchanged object stays the same object. */
export interface Session {
  readonly target: Target;
  /** By name. */
  readonly pods: ReadonlyMap<string, Pod>;
  /** A complete list of pods was seen: if there is no pod, none exists. */
  readonly podsKnown: boolean;
  /** The events of the past hour were read: a pod without a warning has none. */
  readonly eventsKnown: boolean;
  /** The names in the current list so far; undefined between lists. */
  readonly listing: ReadonlySet<string> | undefined;
  /** Pods that were seen and are gone, newest last, bounded; their logs are kept. */
  readonly gone: readonly Pod[];
  /** Name of the leading JobManager's pod. */
  readonly leader: string | undefined;
  /** The last leader, and until when, while there is none. */
  readonly ledBefore: { readonly pod: string; readonly until: Instant } | undefined;
  /**
   * JobManagers elect their leader in Kubernetes, and a new leader continues the jobs of the previous one; undefined: unknown, or elections
   * cannot be seen.
   */
  readonly highAvailability: boolean | undefined;
  /** The cluster's Deployment as last seen; undefined: never. */
  readonly deployment: DeploymentFacts | undefined;
  readonly usage: ReadonlyMap<string, Usage>;
  /** By start time, newest first. */
  readonly jobs: readonly Job[];
  /** A list of jobs was seen: if there is no job, none exists. */
  readonly jobsKnown: boolean;
  /** When that was: anything earlier is not news. */
  readonly jobsKnownAt: Instant | undefined;
  /** Oldest first, bounded; without jobs that came back. */
  readonly lostJobs: readonly LostJob[];
  readonly overview: ClusterOverview | undefined;
  readonly config: DashboardConfig | undefined;
  readonly sources: ReadonlyMap<SourceName, SourceStatus>;
  /** Objects of a source that cannot be read, and are missing in what is shown. */
  readonly unreadable: ReadonlyMap<SourceName, Unreadable>;
  readonly logs: ReadonlyMap<string, LogCounters>;
  /** How the processes write to their consoles, as the cluster's logging files say; empty: not known. */
  readonly logPatterns: readonly string[];
  /** Log levels that drey set in those files, now or in an earlier session. */
  readonly setLevels: readonly SetLevel[];
  /** By object and reason, in the order of their first occurrence; bounded. */
  readonly warnings: ReadonlyMap<string, Warning>;
  /** Oldest first, bounded. */
  readonly timeline: readonly TimelineEntry[];
  /** The number of all entries that the timeline has ever had, including dropped ones. */
  readonly timelineCount: number;
  readonly operations: readonly Operation[];
  /** What was read of the subjects that a place showed, by their keys; bounded, the one that was read last comes last. */
  readonly inspections: ReadonlyMap<string, Inspection>;
  /** The folder to which followed logs are written, as it is shown; undefined: they are not. */
  readonly spool: string | undefined;
  /** The Deployment is gone: the cluster was stopped. */
  readonly stopped: boolean;
  /** The moment of the past at which the cluster was like this; absent: this is now. */
  readonly past?: Instant;
  /** The past goes on, this many times as fast as it did; absent: it stands still. */
  readonly playing?: number | undefined;
}

/** What feeds report. Serialisable: a session can be recorded and replayed. Nothing else changes a session. */
export type Change =
  | { readonly kind: 'pods-listed'; readonly at: Instant; readonly pods: readonly Pod[]; readonly first: boolean; readonly last: boolean }
  | { readonly kind: 'pods-seen'; readonly at: Instant; readonly pods: readonly Pod[] }
  | { readonly kind: 'pods-gone'; readonly at: Instant; readonly pods: readonly Pod[] }
  /** Pods that went in earlier sessions and whose logs are kept, oldest first; `gone`: their end was seen. */
  | { readonly kind: 'pods-kept'; readonly at: Instant; readonly pods: readonly { readonly pod: Pod; readonly gone: boolean }[] }
  | { readonly kind: 'spool'; readonly at: Instant; readonly folder: string | undefined }
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
  | { readonly kind: 'log-patterns'; readonly at: Instant; readonly patterns: readonly string[] }
  | { readonly kind: 'log-levels'; readonly at: Instant; readonly levels: readonly SetLevel[] }
  | { readonly kind: 'events-listed'; readonly at: Instant }
  | { readonly kind: 'warning'; readonly at: Instant; readonly warning: Warning }
  | { readonly kind: 'timeline'; readonly at: Instant; readonly line: TimelineEntry }
  | { readonly kind: 'operation'; readonly at: Instant; readonly operation: Operation }
  | { readonly kind: 'source'; readonly at: Instant; readonly source: SourceName; readonly status: SourceStatus }
  | { readonly kind: 'unreadable'; readonly at: Instant; readonly source: SourceName; readonly objects: Unreadable | undefined }
  | { readonly kind: 'stopped'; readonly at: Instant }
  | { readonly kind: 'inspection'; readonly at: Instant; readonly inspection: Inspection }
  /** The screen is shown before the kubeconfig is read: context, server and namespace follow once they are known. */
  | { readonly kind: 'target'; readonly at: Instant; readonly target: Target };

/** The only store. Reads are snapshots; `until` waits for something that a server will report. */
export interface SessionStore {
  get(): Session;
  /** Called once per batch of changes; returns the function that unsubscribes. */
  subscribe(listener: (session: Session, before: Session) => void): () => void;
  /** To be called only by feeds and operations. */
  tell(changes: readonly Change[]): void;
  /** Called with every batch of changes before it is applied; returns the function that ends this. */
  tap(listener: (changes: readonly Change[]) => void): () => void;
  /** The first session that fulfils `condition`, now or later; rejects with an `AbortError`. */
  until(condition: (session: Session) => boolean, signal: AbortSignal): Promise<Session>;
}

/** A window on the lines of one or several logs, merged by time. Reading decodes only the requested lines. */
export interface LogView {
  /** Grows whenever lines arrive or are dropped. */
  readonly version: number;
  /** Lines that can be read now. */
  readonly count: number;
  /** Lines that were not checked yet: if a filter has to look at each line, this is done in small portions. */
  readonly pending: number;
  /** Lines are being read: that there are none means nothing yet. */
  readonly reading?: boolean;
  /** Checks some of them, the newest first. This does not change the numbers of newer lines. */
  advance(): void;
  /** Lines dropped from the ring since the start. */
  readonly dropped: number;
  /** Line `index` of 0..count-1, oldest first; undefined if it was just dropped. */
  line(index: number): ViewLine | undefined;
  /** The same number as before if the same lines stand at `from` up to, but not including, `to`, also if others were dropped: a checksum. */
  fingerprint(from: number, to: number): number;
  /** Entries in each of so many minutes from `first` (`minuteOf`) on, of all its logs: counted as they come, whatever the filter. */
  troublesFrom(first: number, minutes: number): Troubles;
  readonly reader: LogReader;
}

/** How the lines of a cluster's logs are read; both functions are bound. */
export interface LogReader {
  /** The first line of an entry, as the cluster's logging files say it is written; undefined: the line is none. */
  readonly head: (line: string) => EntryHead | undefined;
  /** A message with names where it has ids. */
  readonly plainWords: (message: string) => string;
}

export interface ViewLine {
  readonly at: Instant;
  /** Name of the pod; `undefined` for an entry of the timeline. */
  readonly pod: string | undefined;
  /** Harmless for a terminal; may contain SGR colours. */
  readonly text: string;
  /** From the log4j pattern; a continuation (stack frame) has the level of its first line. */
  readonly level: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | undefined;
  /** The level is the line's own: it begins an entry of the log. */
  readonly begins?: boolean;
  readonly timeline: TimelineEntry | undefined;
  /** The entry that it belongs to: the same object for all of its lines. Only while the line is checked. */
  readonly entry?: ViewEntry;
}

export interface ViewOptions {
  readonly wanted?: ((line: ViewLine) => boolean) | undefined;
  readonly timeline?: boolean | readonly TimelineEntry['from'][];
  /** No later lines. */
  readonly until?: Instant | undefined;
}

export interface ContainerLog extends ContainerOfPod, Disposable {
  readonly state: ContainerLogState;
  view(options?: ViewOptions): LogView;
}

/** What lies before the lines that are held of some logs. */
export interface EarlierLines {
  /** On disk; undefined: nothing is. `isMost`: there may be fewer, because two drey kept the same ones. */
  readonly kept: { readonly lines: number; readonly from: Instant; readonly isMost: boolean } | undefined;
  /** Lines that fell out of memory and are not on disk. */
  readonly fellOut: number;
  /** The number of last lines with which drey began to read a log; undefined: it was read from its first line, or from the disk on. */
  readonly beganWith: number | undefined;
}

/** Logs as they are on disk around a moment, with what is held in memory of that time. */
export interface KeptWindow {
  readonly pods: readonly string[] | 'all';
  /** All lines of this time that were wanted are in it; infinite: there are none beyond. */
  readonly from: Instant;
  readonly to: Instant;
  view(options?: ViewOptions): LogView;
}

export interface KeptRequest {
  readonly pods: readonly string[] | 'all';
  /** As in `ViewOptions`; undefined: all lines are wanted. */
  readonly wanted?: ((line: ViewLine) => boolean) | undefined;
  /** The first and the last moment of which lines are wanted; undefined: of any. */
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
  readonly signal: AbortSignal;
}

/** A line of a log on disk, or in memory. */
export type KeptLine = Pick<ViewLine, 'at' | 'text'> & { readonly pod: string };

/** The logs on disk, which have the lines that are held in memory as well. Whatever is read leaves keys and frames their turns. */
export interface KeptLines {
  /** The wanted lines before a moment and those from it on, as many as are scrolled through; `-Infinity`: the first lines of all. */
  window(request: KeptRequest & { readonly at: Instant }): Promise<KeptWindow>;
  /** The nearest wanted line after or before a moment; undefined: there is none. */
  next(request: KeptRequest & { readonly from: Instant; readonly direction: 'next' | 'previous' }): Promise<KeptLine | undefined>;
  /** When the wanted lines were written that are not held any more, the oldest of a log first. */
  moments(request: KeptRequest): AsyncIterable<readonly Instant[]>;
  /** Every line, those that are held as well, in the order of time. */
  all(request: Pick<KeptRequest, 'pods' | 'signal'>): AsyncIterable<readonly KeptLine[]>;
}

/** The logs of a session. */
export interface SessionLogs {
  /** Follow this pod's log until the session ends (its lines are kept after the pod is gone). Idempotent. */
  follow(pod: string): void;
  unfollow(pod: string): void;
  readonly reader: LogReader;
  /**
   * `pods`: names, or `all` = every followed pod. `wanted`: accepts or rejects each line; its argument is the same object for all lines.
   * `timeline`: which of its entries to include; default: all.
   */
  view(pods: readonly string[] | 'all', options?: ViewOptions): LogView;
  /** Reads the log of a container that is not Flink's, until it is disposed. `changed`: there is something new. */
  container(which: ContainerOfPod, changed: () => void): ContainerLog;
  /** Resolves once what came so far is on disk, or cannot be written. Absent: nothing is written. */
  flush?(): Promise<void>;
  /** In the past: changes with the moment that is shown, unless that goes on. Views that were made for another one have other lines. */
  readonly moment?: number | undefined;
  /** In the past: resolves once the lines of these logs are read. */
  read?(pods: readonly string[] | 'all'): Promise<void>;
  /** What lies before the held lines of these logs. */
  earlier(pods: readonly string[] | 'all'): Promise<EarlierLines>;
  /** Undefined: logs are not kept on disk. */
  readonly kept: KeptLines | undefined;
  /** The entries of these logs by their templates. The last one that was asked for goes on where it was; any other begins anew. */
  templates(pods: readonly string[] | 'all'): TemplateReading;
}

/** Keeps a session up to date. Ends with the `signal` of its start or when disposed, whichever is first. */
export interface Feeds extends AsyncDisposable {
  readonly logs: SessionLogs;
  /** Look again now, and immediately retry whatever is waiting for its next try. */
  refresh(): void;
  /** Polls are slower while the terminal is not focused. */
  setFocus(focused: boolean): void;
  /** Reads these subjects from now on, and no others: what is not looked at is not asked for. */
  inspect(subjects: readonly Subject[]): void;
}
