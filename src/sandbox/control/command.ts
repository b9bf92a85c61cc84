import type { Denial } from '../api/access.ts';
import type { WorkersRefused } from '../base/faults.ts';

/**
 * Fault switches and test hooks of the sandbox. Durations are real milliseconds whatever the sandbox's speed.
 * Over HTTP: `POST <control url>/sandbox/control` with one command as JSON.
 */
export type ControlCommand =
  /** The API server cuts its connections and refuses new ones for a while, then listens on the same port again. */
  | { readonly kind: 'api-restart'; readonly forMs: number }
  /** Connections are accepted, but nothing is answered and streams fall silent. */
  | { readonly kind: 'api-pause'; readonly forMs: number }
  /** Answers with this status, for `times` requests or for a while; `path` is a part of the paths to hit. */
  | {
      readonly kind: 'api-answer';
      readonly status: 400 | 401 | 403 | 409 | 410 | 429 | 500 | 503;
      readonly times?: number;
      readonly forMs?: number;
      readonly path?: string;
      readonly retryAfterSeconds?: number;
    }
  | { readonly kind: 'api-slow'; readonly delayMs: number; readonly forMs?: number }
  /** Cuts watches, logs and upgraded connections now, or every `everyMs` from now on (0: no longer). */
  | { readonly kind: 'streams-cut'; readonly everyMs?: number }
  /** Every open watch ends with 410, and so does every one that resumes from before now. Half-read lists end as well. */
  | { readonly kind: 'watches-expire' }
  | { readonly kind: 'bookmarks'; readonly on: boolean }
  /** Log streams are reset; with `midLine` after half a line. */
  | { readonly kind: 'logs-reset'; readonly midLine: boolean }
  /** Log streams end cleanly although the container runs. */
  | { readonly kind: 'logs-end' }
  /** A log requested since a certain time begins this many lines earlier (0: no longer). */
  | { readonly kind: 'logs-repeat'; readonly lines: number }
  /** The pod writes `lines` numbered lines (`<prefix> 1`, `<prefix> 2`, ...), all at once or at a rate. Answers when all are written. */
  | { readonly kind: 'logs-write'; readonly pod: string; readonly lines: number; readonly perSecond?: number; readonly prefix?: string }
  /** `close` cuts the open forwards once. The others hold until `work`: `stall` lets no byte through, `refuse` accepts no new forward, `gateway` upgrades no connection. */
  | { readonly kind: 'port-forward'; readonly mode: 'close' | 'stall' | 'refuse' | 'gateway' | 'work' }
  /** Removes a pod at once, as `kubectl delete --force` does. */
  | { readonly kind: 'pod-kill'; readonly pod: string }
  /** Its main container ends: `OOMKilled` with 137, `Error` with 1. */
  | { readonly kind: 'pod-crash'; readonly pod: string; readonly exitCode: number; readonly reason: string }
  /** Removes the leading JobManager pod at once; the Deployment replaces it. */
  | { readonly kind: 'jobmanager-kill' }
  /** Each JobManager that starts from now on dies at once; the one that leads dies now. `reason` is what its log names. */
  | { readonly kind: 'jobmanager-crash-loop'; readonly reason?: string }
  /** Deletes a pod, which ends in its own time: as when Flink releases a TaskManager, and as with `kubectl delete pod`. */
  | { readonly kind: 'pod-delete'; readonly pod: string }
  /** Somebody else deletes the cluster: its Deployment and everything that it owns. */
  | { readonly kind: 'cluster-delete' }
  /** Flink can no longer create TaskManager pods. */
  | { readonly kind: 'taskmanagers-refuse'; readonly how: WorkersRefused }
  /** No pod that is created from now on finds a place on the node. */
  | { readonly kind: 'node-full' }
  /** Checkpoints and savepoints begin and do not complete. */
  | { readonly kind: 'checkpoints-stick' }
  /** Flame graphs and profilers, on or off. */
  | { readonly kind: 'sampling'; readonly on: boolean }
  /** Jobs are scheduled by the adaptive scheduler, so that they can be rescaled, or by the default one. */
  | { readonly kind: 'scheduler'; readonly adaptive: boolean }
  /** A job of forty vertices that has been running for a while, with its TaskManagers; for tests of scale. */
  | { readonly kind: 'job-large'; readonly parallelism: number }
  /** Two threads of each TaskManager wait for each other. */
  | { readonly kind: 'deadlock' }
  /** Checkpoints and savepoints fail at their end; `reason` is their message. */
  | { readonly kind: 'checkpoints-fail'; readonly reason?: string }
  /** A TaskManager runs out of memory and is killed; without `pod` the first one. */
  | { readonly kind: 'taskmanager-oom'; readonly pod?: string }
  /** TaskManager pods without processes, for tests of scale; created `ageMs` ago. */
  | { readonly kind: 'pods-create'; readonly count: number; readonly clusterId?: string; readonly ageMs?: number }
  | { readonly kind: 'pods-churn'; readonly perSecond: number; readonly forMs: number }
  | { readonly kind: 'pods-remove' }
  /** REST answers 503: an election is under way. */
  | { readonly kind: 'rest-election'; readonly forMs: number }
  /** REST answers break off in the middle, `times` times. */
  | { readonly kind: 'rest-cut'; readonly path?: string; readonly times?: number }
  /** REST answers with this text instead of its own. */
  | { readonly kind: 'rest-shape'; readonly path?: string; readonly body: string; readonly status?: number; readonly times?: number }
  | { readonly kind: 'rest-slow'; readonly delayMs: number; readonly path?: string; readonly forMs?: number }
  /** Handles the request, then drops the connection instead of answering. */
  | { readonly kind: 'rest-lose-answer'; readonly of: 'upload' | 'run' | 'trigger'; readonly times?: number }
  /** Takes a right away: 403, and `allowed: false` in access reviews. */
  | { readonly kind: 'deny'; readonly right: Denial }
  | { readonly kind: 'allow-all' }
  /** From now on requests need the bearer token that the kubeconfig holds. */
  | { readonly kind: 'token-require' }
  /** Requests need a new token from now on. It is in the file that the context `token-file` reads; with `hide`, not even there. */
  | { readonly kind: 'token-rotate'; readonly hide?: boolean }
  | { readonly kind: 'token-off' }
  /** A task of the job throws. `job` is an id or a name; absent: the first running job. With `final` it does not restart. */
  | { readonly kind: 'job-fail'; readonly job?: string; readonly message?: string; readonly final?: boolean }
  | { readonly kind: 'job-finish'; readonly job?: string }
  /** Every fault off, pods without processes gone. What was killed stays killed. */
  | { readonly kind: 'heal' }
  /** Answers `writes`: what clients have asked the API server and REST to change since the start. */
  | { readonly kind: 'writes' }
  /** Answers a `SandboxState`. */
  | { readonly kind: 'state' };

export interface SandboxState {
  readonly jobs: readonly { readonly id: string; readonly name: string; readonly status: string }[];
  readonly pods: readonly string[];
  /** Open watches, logs and upgraded connections. */
  readonly streams: number;
  /** Requests since the start, without those to the control. */
  readonly requests: number;
  /** Open TCP connections to the API server. */
  readonly connections: number;
}

export type ControlAnswer = Readonly<Record<string, unknown>>;
