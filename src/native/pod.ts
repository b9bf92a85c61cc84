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
  /** Undefined: the object does not say. */
  readonly createdAt: Instant | undefined;
  /** When its deletion was requested, or when it was first missed. */
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
  /** How the previous run ended, if the container was restarted. */
  readonly before: ContainerEnd | undefined;
  readonly restarts: number;
  /** It ends before the others start. False for a sidecar among the init containers, which does not end. */
  readonly init: boolean;
}

export interface ContainerEnd {
  readonly reason: string | undefined;
  readonly exitCode: number | undefined;
  readonly at: Instant | undefined;
}

/** A warning of Kubernetes about an object of the cluster. Some reasons appear nowhere else, such as a missing secret or account. */
export interface Warning {
  readonly object: { readonly kind: string; readonly name: string };
  readonly reason: string;
  readonly message: string;
  /** When it last happened. */
  readonly at: Instant;
  readonly count: number;
}
