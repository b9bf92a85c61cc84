import type { KubernetesObject } from '../../src/kubernetes/model/types.ts';

/** What the servers of a cluster told at one moment. */
export interface Moment {
  readonly at: number;
  /** By the plural of their kind, as the API server lists them. */
  readonly objects: Readonly<Record<string, readonly KubernetesObject[]>>;
  /** By pod, with ` before` for the run before the last restart. */
  readonly logs: Readonly<Record<string, readonly string[]>>;
  /** Flink's answers by path; empty: it did not answer. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** A cluster in trouble, oldest moment first: what was in one and is not in the next has gone. */
export interface Incident {
  readonly clusterId: string;
  readonly namespace: string;
  readonly moments: readonly Moment[];
}
