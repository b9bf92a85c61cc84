import type { Checkpoint, CheckpointStatistics, ClusterOverview, JobException, JobOverview } from '../flink/types.ts';
import type { CheckpointDetail } from '../flink/checkpoint-types.ts';
import type { Ended, PodTrouble } from '../native/pod-trouble.ts';
import type { Pod, PodRole, Warning } from '../native/pod.ts';
import type { Instant } from '../support/clock.ts';
import type { KnownPods } from './failure.ts';
import type { Evidence } from './finding.ts';
import type { Crash } from './last-words.ts';
import type { RefusedWorkers } from './refused-workers.ts';

/** What is known of the cluster without asking for more. */
export interface Site extends KnownPods {
  readonly target: { readonly clusterId: string; readonly namespace: string };
  readonly warnings: ReadonlyMap<string, Warning>;
  readonly leader: string | undefined;
  readonly overview: ClusterOverview | undefined;
  readonly config: { readonly flinkVersion: string } | undefined;
  readonly highAvailability: boolean | undefined;
}

export interface KnownJob extends JobOverview {
  readonly checkpoints: CheckpointStatistics | undefined;
  readonly exceptions: readonly JobException[];
}

/** One thing that went wrong, and may have a cause of its own. */
export type Matter =
  /** A pod that ended or does not start. */
  | { readonly kind: 'pod'; readonly pod: Pod; readonly trouble: PodTrouble | undefined; readonly ended: Ended | undefined }
  /** An exception that a job failed with. */
  | { readonly kind: 'exception'; readonly exception: JobException }
  /** The slots that a job lacks. */
  | { readonly kind: 'slots'; readonly job: KnownJob }
  /** The last checkpoint of a job, which failed. */
  | { readonly kind: 'checkpoint'; readonly job: KnownJob; readonly checkpoint: Checkpoint }
  /** A job that Flink no longer lists; `forgottenBy`: the JobManager that started since. */
  | { readonly kind: 'lost-job'; readonly job: KnownJob; readonly forgottenBy: Pod | undefined }
  /** A JobManager's pod that may not be created. */
  | { readonly kind: 'creation'; readonly refusal: Warning };

/** A text that may name the cause. */
export interface Words {
  /** The innermost cause, in one line. */
  readonly text: string;
  /** All of it: a stack trace with its causes. */
  readonly whole: string;
  /** The process that it is about. */
  readonly role: PodRole;
  /** Where it stands. */
  readonly evidence: Evidence;
}

/** What is asked for only if a rule could apply. */
export type Question =
  /** The end of the log of a container that ended. */
  | { readonly kind: 'crash'; readonly pod: Pod; readonly ended: Ended }
  /** The TaskManagers that the leading JobManager could not create. */
  | { readonly kind: 'refused-workers' }
  /** What the nodes lack for a pod, in a sentence. */
  | { readonly kind: 'room'; readonly pod: Pod }
  /** The configuration that the JobManager runs with. */
  | { readonly kind: 'configuration' }
  /** A checkpoint, operator by operator. */
  | { readonly kind: 'checkpoint'; readonly jobId: string; readonly id: number }
  /** How many slots a job needs. */
  | { readonly kind: 'slots-needed'; readonly jobId: string }
  /** The TaskManagers that are registered at the JobManager. */
  | { readonly kind: 'registered' }
  /** The last lines of the log of a pod that runs. */
  | { readonly kind: 'log-end'; readonly pod: Pod };

/** The log line of the JobManager is evidence, so its pod is named. */
export type RefusedWorkersOf = RefusedWorkers & { readonly pod: Pod };

/** A checkpoint with the names of its operators. */
export interface NamedCheckpoint {
  readonly detail: CheckpointDetail;
  readonly names: ReadonlyMap<string, string>;
}

interface Answered {
  readonly crash: Crash;
  readonly 'refused-workers': RefusedWorkersOf;
  readonly room: string;
  readonly configuration: ReadonlyMap<string, string>;
  readonly checkpoint: NamedCheckpoint;
  readonly 'slots-needed': number;
  readonly registered: ReadonlySet<string>;
  readonly 'log-end': readonly string[];
}

export type AnswerTo<Kind extends Question['kind']> = Answered[Kind];

/** The answers so far; undefined: not asked yet, or there is none. */
export type Answers = <Kind extends Question['kind']>(question: Extract<Question, { readonly kind: Kind }>) => AnswerTo<Kind> | undefined;

/** All that a rule judges by. */
export interface Facts<Kind extends Matter['kind'] = Matter['kind']> {
  readonly site: Site;
  readonly now: Instant;
  readonly matter: Extract<Matter, { readonly kind: Kind }>;
  readonly words: Words | undefined;
  readonly answers: Answers;
}
