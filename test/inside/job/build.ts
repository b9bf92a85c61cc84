import { findBottleneck } from '../../../src/inside/job/bottleneck.ts';
import { nextVertex, nextVertices } from '../../../src/inside/job/figures.ts';
import type { JobInside, VertexInside } from '../../../src/inside/job/types.ts';
import type { JobDetail } from '../../../src/flink/types.ts';
import type { TimeShares } from '../../../src/flink/vertex-types.ts';
import { vertex } from '../../support/job-detail.ts';

/** Shares of 1: `shares(0.9, 0.1)` is busy for 0.9 and back-pressured for 0.1. */
export const shares = (busy: number | undefined, backPressured: number | undefined): TimeShares => ({
  busy,
  backPressured,
  idle: busy === undefined || backPressured === undefined ? undefined : 1 - busy - backPressured,
});

export const unknown: TimeShares = { busy: undefined, backPressured: undefined, idle: undefined };

/** A running vertex, named by its id, that spends its time like this. */
export const loaded = (id: string, load: TimeShares, given: Partial<VertexInside> = {}): VertexInside => ({
  ...nextVertex(undefined, vertex({ id }), 0, undefined),
  load,
  ...given,
});

/** A line of vertices: each feeds the next. */
export const line = (...ids: readonly string[]) =>
  ids.slice(1).map((to, at) => ({ from: ids[at] ?? '', to, shipStrategy: 'HASH', exchange: 'pipelined_bounded' }));

/** The inside of a job of these vertices; default: those of the answer, of which nothing was measured. */
export function insideOf({ vertices: all, ...job }: JobDetail, vertices?: readonly VertexInside[]): JobInside {
  const shown = vertices ?? nextVertices([], { ...job, vertices: all }, new Map());
  return { job, vertices: shown, bottleneck: findBottleneck(job, shown) };
}
