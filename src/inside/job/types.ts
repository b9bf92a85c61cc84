import type { JobDetail, Vertex } from '../../flink/types.ts';
import type { TimeShares } from '../../flink/vertex-types.ts';

/** Per second, over all subtasks. */
export interface Rates {
  readonly recordsIn: number | undefined;
  readonly recordsOut: number | undefined;
  readonly bytesIn: number | undefined;
  readonly bytesOut: number | undefined;
}

/** One point of the past of a vertex, as sparklines show it. */
export interface PastLoad {
  readonly at: number;
  readonly load: TimeShares;
  readonly recordsIn: number | undefined;
  readonly recordsOut: number | undefined;
}

/** The totals of a vertex when the server reported new ones. */
export interface Mark {
  /** The server's clock. */
  readonly at: number;
  readonly startTime: number;
  readonly running: number;
  readonly totals: Vertex['totals'];
}

/** What a vertex is and does. */
export interface VertexInside {
  readonly vertex: Vertex;
  /** The mean of its subtasks. */
  readonly load: TimeShares;
  /** The subtask that has the most of each: the three are not one subtask's, and do not add up. */
  readonly peak: TimeShares;
  readonly rates: Rates;
  /** Oldest first, bounded. */
  readonly past: readonly PastLoad[];
  /** Oldest first, bounded: the differences between them are the load and the rates. */
  readonly marks: readonly Mark[];
  /** When its peak was asked for, by the server's clock; undefined: never. */
  readonly askedAt: number | undefined;
}

/** A vertex and one of its shares. */
export interface Share {
  readonly id: string;
  readonly share: number;
}

/** The vertex that the others wait for. */
export type Bottleneck =
  | { readonly kind: 'found'; readonly id: string; readonly busy: number; readonly waiting: readonly Share[] }
  /** No vertex is back-pressured. */
  | { readonly kind: 'none'; readonly busiest: Share | undefined }
  /** Vertices are back-pressured, but none behind them is busy. */
  | { readonly kind: 'unproved'; readonly waiting: readonly Share[]; readonly busiest: Share | undefined }
  /** The server has not reported the figures of so many vertices yet. */
  | { readonly kind: 'unknown'; readonly missing: number }
  | { readonly kind: 'not-running' };

/** The inside of a job at one moment: plain data. */
export interface JobInside {
  readonly job: Omit<JobDetail, 'vertices'>;
  /** In the order of the data flow. */
  readonly vertices: readonly VertexInside[];
  readonly bottleneck: Bottleneck;
}
