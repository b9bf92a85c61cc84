import type { JsonObject } from '../api/objects.ts';

/** A cluster at one moment of the past, as far as it is known. */
export interface Still {
  readonly clusterId: string;
  readonly namespace: string;
  /** Epoch milliseconds: ages are those of then. */
  readonly at: number;
  /** Whole objects of Kubernetes; those of kinds that the API server does not know are left out. */
  readonly objects: readonly JsonObject[];
  /** What Flink's REST endpoint answered, by path. */
  readonly answers: ReadonlyMap<string, unknown>;
  /** The log of a container up to that moment; undefined: it is not known. */
  logOf(podUid: string, container: string): Promise<readonly StillLine[] | undefined>;
}

export interface StillLine {
  readonly at: number;
  readonly text: string;
}

/** Why something cannot be done. */
export const unchangeable = 'this is a recording: nothing can be changed in it';
