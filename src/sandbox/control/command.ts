import type { Denial } from '../api/access.ts';
import type { WorkersRefused } from '../base/faults.ts';

/**
 * Fault switches and test hooks of the sandbox. Durations are real milliseconds whatever the sandbox's speed.
 * Over HTTP: `POST <control url>/sandbox/control` with one command as JSON.
 */
export type ControlCommand =
  /** The API server refuses connections for a while, having cut the open ones, then listens on the same port again. */
  | { readonly kind: 'api-restart'; readonly forMs: number }
  /** Half-open: connections are taken, nothing is answered, streams fall silent. */
  | { readonly kind: 'api-pause'; readonly forMs: number }
  /** Answers with this status, `times` requests long or for a while; `path` is a piece of the paths that are hit. */
  | {
      readonly kind: 'api-answer';
      readonly status: 400 | 401 | 403 | 409 | 410 | 429 | 500 | 503;
      readonly times?: number;
      readonly forMs?: number;
      readonly path?: string;
      readonly retryAfterSeconds?: number;
    }
  | { readonly kind: 'api-slow'; readonly delayMs: number; readonly forMs?: number }
  /** Cuts watches, logs and upgraded connections now, or every `everyMs` from now on (0: no more). */
  | { readonly kind: 'streams-cut'; readonly everyMs?: number }
  /** Every open watch ends with 410, and so does everyone that resumes from before now. Half-read lists end too. */
  | { readonly kind: 'watches-expire' }
  | { readonly kind: 'bookmarks'; readonly on: boolean }
  /** Log streams are reset; with `midLine` when half a line is out. */
  | { readonly kind: 'logs-reset'; readonly midLine: boolean }
  /** Log streams end cleanly although the container runs. */
  | { readonly kind: 'logs-end' }
  /** A log that is asked for since a time begins this many lines earlier (0: no more). */
  | { readonly kind: 'logs-repeat'; readonly lines: number }
  /** The pod writes `lines` numbered lines (`<prefix> 1`, `<prefix> 2`, ...), all at once or at a rate. Answers when all are written. */
  | { readonly kind: 'logs-write'; readonly pod: string; readonly lines: number; readonly perSecond?: number; readonly prefix?: string }
  /** `close` cuts the open forwards once; until `work`, `stall` lets no byte through, `refuse` takes no new one, and `gateway` upgrades no connection. */
  | { readonly kind: 'port-forward'; readonly mode: 'close' | 'stall' | 'refuse' | 'gateway' | 'work' }
  /** Removes a pod at once, as `kubectl delete --force`. */
  | { readonly kind: 'pod-kill'; readonly pod: string }
  /** Its main container ends: `OOMKilled` with 137, `Error` with 1. */
  | { readonly kind: 'pod-crash'; readonly pod: string; readonly exitCode: number; readonly reason: string }
  /** Removes the leading JobManager pod at once; the Deployment replaces it. */
  | { readonly kind: 'jobmanager-kill' }
  /** Each JobManager that starts from now on dies at once; the one that leads dies now. `reason` is what its log names. */
  | { readonly kind: 'jobmanager-crash-loop'; readonly reason?: string }
  /** A pod is deleted and ends in its own time: as Flink releases a TaskManager, and as `kubectl delete pod`. */
  | { readonly kind: 'pod-delete'; readonly pod: string }
  /** Somebody else deletes the cluster: its Deployment, and what it owns. */
  | { readonly kind: 'cluster-delete' }
  /** Flink may create no more TaskManager pods. */
  | { readonly kind: 'taskmanagers-refuse'; readonly how: WorkersRefused }
  /** No pod that is created from now on finds a place on the node. */
  | { readonly kind: 'node-full' }
  /** Checkpoints and savepoints begin, and do not come to an end. */
  | { readonly kind: 'checkpoints-stick' }
  /** A TaskManager is killed for its memory; without `pod` the first one. */
  | { readonly kind: 'taskmanager-oom'; readonly pod?: string }
  /** Pods of TaskManagers that run nowhere, for scale; created `ageMs` ago. */
  | { readonly kind: 'pods-create'; readonly count: number; readonly clusterId?: string; readonly ageMs?: number }
  | { readonly kind: 'pods-churn'; readonly perSecond: number; readonly forMs: number }
  | { readonly kind: 'pods-remove' }
  /** REST answers 503: an election goes on. */
  | { readonly kind: 'rest-election'; readonly forMs: number }
  /** REST answers break off in the middle, `times` long. */
  | { readonly kind: 'rest-cut'; readonly path?: string; readonly times?: number }
  /** REST answers with this text in the place of its own. */
  | { readonly kind: 'rest-shape'; readonly path?: string; readonly body: string; readonly status?: number; readonly times?: number }
  | { readonly kind: 'rest-slow'; readonly delayMs: number; readonly path?: string; readonly forMs?: number }
  /** Does what is asked for, then drops the connection in the place of an answer. */
  | { readonly kind: 'rest-lose-answer'; readonly of: 'upload' | 'run' | 'trigger'; readonly times?: number }
  /** Takes a right away: 403, and `allowed: false` in access reviews. */
  | { readonly kind: 'deny'; readonly right: Denial }
  | { readonly kind: 'allow-all' }
  /** From now on requests need the bearer token that the kubeconfig holds. */
  | { readonly kind: 'token-require' }
  /** A new token is needed from now on; it stands in the file that the context `token-file` reads. With `hide`, not even there. */
  | { readonly kind: 'token-rotate'; readonly hide?: boolean }
  | { readonly kind: 'token-off' }
  /** A task of the job throws; `job` is its id or name, absent: the first running one. With `final` it does not restart. */
  | { readonly kind: 'job-fail'; readonly job?: string; readonly message?: string; readonly final?: boolean }
  | { readonly kind: 'job-finish'; readonly job?: string }
  /** Every switch back to normal, pods that run nowhere gone. What was killed stays killed. */
  | { readonly kind: 'heal' }
  /** Answers `writes`: what clients asked to change since the start, at the API server and at REST. */
  | { readonly kind: 'writes' }
  /** What the sandbox counts: answers the members of `SandboxState`. */
  | { readonly kind: 'state' };

export interface SandboxState {
  readonly jobs: readonly { readonly id: string; readonly name: string; readonly status: string }[];
  readonly pods: readonly string[];
  /** Open watches, logs and upgraded connections. */
  readonly streams: number;
  /** Requests that came in since the start, without those of the control. */
  readonly requests: number;
  /** Open TCP connections to the API server. */
  readonly connections: number;
}

export type ControlAnswer = Readonly<Record<string, unknown>>;
