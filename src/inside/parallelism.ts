import type { ParallelismBounds } from '../flink/rescale-types.ts';
import type { Vertex } from '../flink/types.ts';
import { Problem } from '../support/problem.ts';
import { findVertex, vertexName } from './find-vertex.ts';

/** `4`: at most 4; `2-4`: at least 2 and at most 4. Without a vertex it is meant for all of them. */
export interface ParallelismWish {
  readonly vertex: string | undefined;
  readonly least: number | undefined;
  readonly most: number;
}

/** `Short.MAX_VALUE + 1`: the most key groups, and so subtasks, that a vertex can have. Source: `KeyGroupRangeAssignment`, Flink 2.3. */
const mostSubtasks = 32_768;

/** Reads `N`, `N-M`, `VERTEX=N` or `VERTEX=N-M`; the name of a vertex may hold anything. */
export function parallelismWish(word: string): ParallelismWish {
  const [, vertex, first, second] = /^(?:(.*)=)?(\d+)(?:-(\d+))?$/s.exec(word) ?? [];
  const numbers = [first, second].filter((text) => text !== undefined).map(Number);
  const [low, high = low] = numbers;
  if (low === undefined || high === undefined || vertex === '')
    throw new Problem('usage', `"${word}" is not a parallelism.`, { hint: 'Write N, N-M, VERTEX=N or VERTEX=N-M.' });
  if (low < 1 || high > mostSubtasks || low > high)
    throw new Problem(
      'usage',
      `"${word}" is not a parallelism from 1 to ${mostSubtasks}${low > high ? ': the smaller number comes first' : ''}.`,
    );
  return { vertex, least: second === undefined ? undefined : low, most: high };
}

/** What a vertex may have: its parallelism now, the bounds of now, and those that are wished for. */
export interface VertexRescale {
  readonly vertex: Vertex;
  readonly before: ParallelismBounds;
  readonly bounds: ParallelismBounds;
}

/**
 * The new bounds of every vertex. A wish for all vertices stops at the most that a vertex can have, such as 1 for one that cannot run in
 * parallel; a wish for one vertex must fit. The later wish wins.
 */
export function rescaled(
  vertices: readonly Vertex[],
  before: ReadonlyMap<string, ParallelismBounds>,
  wishes: readonly ParallelismWish[],
): readonly VertexRescale[] {
  const wished = new Map<string, ParallelismBounds>();
  for (const { vertex: word, least, most } of wishes) {
    const meant = word === undefined ? vertices : [findVertex(word, vertices)];
    for (const vertex of meant) {
      const limit = mostOf(vertex);
      if (word !== undefined && most > limit)
        throw new Problem('invalid', `${vertexName(vertex)} cannot have a parallelism of ${most}: its maximum is ${limit}.`, {
          hint: 'The maximum is part of its state; it cannot be changed without losing that.',
        });
      const high = Math.min(most, limit);
      wished.set(vertex.id, { least: Math.min(least ?? before.get(vertex.id)?.least ?? 1, high), most: high });
    }
  }
  return vertices.map((vertex) => {
    const known = before.get(vertex.id) ?? { least: 1, most: vertex.parallelism };
    return { vertex, before: known, bounds: wished.get(vertex.id) ?? known };
  });
}

const mostOf = ({ maxParallelism }: Vertex): number => (maxParallelism > 0 ? maxParallelism : mostSubtasks);

export const isSame = (a: ParallelismBounds, b: ParallelismBounds): boolean => a.least === b.least && a.most === b.most;

/** `4`, or `2-4`. */
export const boundsText = ({ least, most }: ParallelismBounds): string => (least === most ? String(most) : `${least}-${most}`);

/** The slots of a job: those of the largest vertex of each group that shares them. Undefined: which vertices share is not known (before 1.20). */
export function slotsFor(vertices: readonly Vertex[], parallelism: (vertex: Vertex) => number): number | undefined {
  const groups = new Map<string, number>();
  for (const vertex of vertices) {
    if (vertex.slotSharingGroup === undefined) return undefined;
    groups.set(vertex.slotSharingGroup, Math.max(groups.get(vertex.slotSharingGroup) ?? 0, parallelism(vertex)));
  }
  return [...groups.values()].reduce((sum, slots) => sum + slots, 0);
}
