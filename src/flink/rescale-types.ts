import type { Call } from './call.ts';

/** How far the parallelism of a vertex may go; the scheduler takes the most that the slots allow. */
export interface ParallelismBounds {
  readonly least: number;
  readonly most: number;
}

/** A change of a job's parallelism, made or only looked into. */
export interface Rescale {
  readonly id: string;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  /** `UPDATE_REQUIREMENT`, `NEW_RESOURCE_AVAILABLE`, … */
  readonly trigger: string | undefined;
  /** `COMPLETED`, `FAILED` or `IGNORED`; undefined: it is under way. */
  readonly state: string | undefined;
  /** `SUCCEEDED`, `NO_RESOURCES_OR_PARALLELISMS_CHANGE`, … */
  readonly reason: string | undefined;
}

/** When the adaptive scheduler changes a parallelism; undefined: unknown. */
export interface RescaleSettings {
  /** Entries that the history keeps; 0: none. */
  readonly historySize: number | undefined;
  /** After its last (re)start a job keeps its parallelism for this time. */
  readonly cooldownMs: number | undefined;
  /** How long to wait for all the slots that are wanted, before fewer are taken. */
  readonly stabilizationMs: number | undefined;
}

export interface RescaleCalls {
  /** The bounds of each vertex, by its id. Rejects with `conflict` if the scheduler of the job does not change a parallelism. */
  resourceRequirements(id: string, call?: Call): Promise<ReadonlyMap<string, ParallelismBounds>>;
  /** `bounds` must name every vertex. Resolves when it is accepted: the scheduler acts on it later. */
  setResourceRequirements(id: string, bounds: ReadonlyMap<string, ParallelismBounds>, call?: Call): Promise<void>;
  /** Newest first; undefined: this version or scheduler has no history. Since 2.3. */
  rescales(id: string, call?: Call): Promise<readonly Rescale[] | undefined>;
  /** Undefined: this version or scheduler does not say. Since 2.3. */
  rescaleSettings(id: string, call?: Call): Promise<RescaleSettings | undefined>;
}
