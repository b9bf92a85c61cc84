import type { Instant } from '../support/clock.ts';

export type PodRole = 'jobmanager' | 'taskmanager';

export type PodSeverity = 'ok' | 'busy' | 'warn' | 'error' | 'done';

/** What drey keeps of a pod. Slim on purpose: 5,000 of them must fit. */
export interface Pod {
  readonly name: string;
  /** The name without the cluster id, and for JobManagers without the Deployment's hash: `taskmanager-1-3`, `jobmanager-x2b7k`. */
  readonly shortName: string;
  readonly uid: string;
  readonly role: PodRole;
  readonly createdAt: Instant;
  /** When its deletion was asked for, or when it was missed for the first time. */
  readonly deletedAt: Instant | undefined;
  readonly node: string | undefined;
  readonly ip: string | undefined;
  readonly ready: number;
  readonly containers: readonly PodContainer[];
  readonly restarts: number;
  /** The real reason in one word or line: `Running`, `CrashLoopBackOff`, `OOMKilled (137)`, `ImagePullBackOff`, `Unschedulable: 0/3 nodes …`, `Terminating`. */
  readonly state: string;
  /** How urgently that state needs attention. */
  readonly severity: PodSeverity;
  /** A longer explanation, if the server gave one. */
  readonly message: string | undefined;
  readonly cpuLimit: number | undefined;
  readonly memoryLimit: number | undefined;
}

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly state: 'waiting' | 'running' | 'terminated' | 'unknown';
  readonly reason: string | undefined;
  readonly exitCode: number | undefined;
  readonly startedAt: Instant | undefined;
  /** When it ended, if it did. */
  readonly endedAt: Instant | undefined;
  /** How the run before this one ended: it was started again since. */
  readonly before: ContainerEnd | undefined;
  readonly restarts: number;
  /** It ends before the others start. A sidecar among the init containers does not, and is not one. */
  readonly init: boolean;
}

export interface ContainerEnd {
  readonly reason: string | undefined;
  readonly exitCode: number | undefined;
  readonly at: Instant | undefined;
}

/** A warning of Kubernetes about an object of the cluster. Some reasons stand nowhere else: a secret that is missing, an account that is not there. */
export interface Warning {
  readonly object: { readonly kind: string; readonly name: string };
  readonly reason: string;
  readonly message: string;
  /** The last time. */
  readonly at: Instant;
  readonly count: number;
}
