export type Ship = 'HASH' | 'REBALANCE' | 'FORWARD' | 'BROADCAST';

export interface GraphInput {
  /** Index of the vertex before it, which comes earlier in the list. */
  readonly from: number;
  readonly ship: Ship;
}

/** A task that gets more than its share of the records. */
export interface HotTask {
  readonly subtask: number;
  /** Times the share of the others. */
  readonly share: number;
  /** How far its watermark is behind that of the others; milliseconds. */
  readonly behindMs: number;
}

export interface GraphVertex {
  readonly name: string;
  /** As in the plan, with `<br/>`. */
  readonly description: string;
  /** Absent for a source. */
  readonly inputs?: readonly GraphInput[];
  /** Runs with one task whatever the job's parallelism. */
  readonly single?: boolean;
  /** Records a second that a task of a source emits if nothing holds it up. */
  readonly rate?: number;
  /** Milliseconds that a task works on a record. */
  readonly cost: number;
  /** Records that it emits for one that it reads; default 1. A sink emits none. */
  readonly gain?: number;
  readonly hot?: HotTask;
}

/** The job that a program builds in its `main`. */
export interface JobGraph {
  readonly name: string;
  readonly type: 'STREAMING' | 'BATCH';
  readonly vertices: readonly GraphVertex[];
  /** Milliseconds between checkpoints; undefined: off. */
  readonly checkpointEvery: number | undefined;
  /** Milliseconds after which a bounded input has been read. */
  readonly finishesAfter?: number;
  /** Milliseconds of running after which a task throws, each time. */
  readonly failsAfter?: number;
  /** Restarts before the job fails for good. */
  readonly restarts: number;
}
