/**
 * What the subtasks of a vertex did since they were started, summed over all of them. Undefined: not reported, or not yet by every subtask.
 * Metrics are up to ten seconds old (`metrics.fetcher.update-interval`, Flink 2.3).
 */
export interface VertexTotals {
  /** Only what is exchanged inside Flink is counted: a source has read nothing, and a sink has written nothing. */
  readonly recordsIn: number | undefined;
  readonly recordsOut: number | undefined;
  readonly bytesIn: number | undefined;
  readonly bytesOut: number | undefined;
  /** In milliseconds. Since 1.16; the busy time of a source of the old interface is unknown. */
  readonly busyMs: number | undefined;
  readonly backPressuredMs: number | undefined;
  readonly idleMs: number | undefined;
}

/** How records get from one vertex to the next. */
export interface JobEdge {
  readonly from: string;
  readonly to: string;
  /** `HASH`, `REBALANCE`, `FORWARD`, … */
  readonly shipStrategy: string | undefined;
  /** `pipelined_bounded`, `blocking`, … */
  readonly exchange: string | undefined;
}

/** An operator that is not in a vertex yet: a batch job plans its later stages when the earlier ones have ended (since 2.0). */
export interface PendingOperator {
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
}
