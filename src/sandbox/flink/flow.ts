import type { GraphInput, GraphVertex, HotTask } from './graph-types.ts';

/** How records flow through one vertex of a graph when everything has settled. */
export interface VertexFlow {
  /** Records a second that an average task reads. */
  readonly in: number;
  /** Records a second that an average task emits. */
  readonly out: number;
  /** Part of its time that an average task works. */
  readonly load: number;
  /** A vertex behind it is too slow: it waits. */
  readonly held: boolean;
  /** How far the slowest watermark is behind that comes out of it; milliseconds. */
  readonly behindMs: number;
}

/** A task that works this much of its time cannot take more. */
const FULL = 0.97;

/**
 * Sources emit what they have, unless a vertex behind them cannot take it: then they emit what that one takes, and everything between them
 * waits. A vertex is as fast as its busiest task, since the others have nothing to read while records for that one wait.
 */
export function flowsOf(vertices: readonly GraphVertex[], parallelism: readonly number[]): readonly VertexFlow[] {
  const tasks = (index: number): number => parallelism[index] ?? 1;
  const wanted = through(vertices, parallelism, () => 1);
  // The part of what is wanted that passes, from the last vertex to the sources.
  const part = vertices.map((vertex, index) => {
    const reads = (wanted[index]?.in ?? 0) / tasks(index);
    return reads === 0 ? 1 : Math.min(1, 1000 / vertex.cost / greatest(vertex.hot, tasks(index)) / reads);
  });
  const before = (index: number): readonly GraphInput[] => vertices[index]?.inputs ?? [];
  for (let index = vertices.length - 1; index >= 0; index -= 1)
    for (const { from } of before(index)) part[from] = Math.min(part[from] ?? 1, part[index] ?? 1);
  const real = through(vertices, parallelism, (index) => part[index] ?? 1);
  const load = vertices.map((vertex, index) => {
    const { in: reads, out } = real[index] ?? { in: 0, out: 0 };
    return Math.min(1, ((vertex.inputs === undefined ? out : reads) * vertex.cost) / 1000 / tasks(index));
  });
  const held = vertices.map(() => false);
  for (let index = vertices.length - 1; index >= 0; index -= 1) {
    const full = (load[index] ?? 0) * greatest(vertices[index]?.hot, tasks(index)) >= FULL;
    for (const { from } of before(index)) held[from] ||= full || held[index] === true;
  }
  const behind: number[] = [];
  return vertices.map((vertex, index) => {
    const late = Math.max(0, ...before(index).map(({ from }) => behind[from] ?? 0), hotOf(vertex, tasks(index))?.behindMs ?? 0);
    behind.push(late);
    const sink = !vertices.some((_, later) => before(later).some(({ from }) => from === index));
    return {
      in: (real[index]?.in ?? 0) / tasks(index),
      out: sink ? 0 : (real[index]?.out ?? 0) / tasks(index),
      load: load[index] ?? 0,
      held: held[index] ?? false,
      behindMs: late,
    };
  });
}

/** What all tasks of each vertex read and emit, if the sources emit this part of what they have. */
function through(
  vertices: readonly GraphVertex[],
  parallelism: readonly number[],
  part: (index: number) => number,
): readonly { readonly in: number; readonly out: number }[] {
  const made: { readonly in: number; readonly out: number }[] = [];
  for (const [index, vertex] of vertices.entries()) {
    const reads = (vertex.inputs ?? []).reduce(
      (sum, { from, ship }) => sum + (made[from]?.out ?? 0) * (ship === 'BROADCAST' ? (parallelism[index] ?? 1) : 1),
      0,
    );
    const emits = vertex.inputs === undefined ? (vertex.rate ?? 0) * (parallelism[index] ?? 1) * part(index) : reads * (vertex.gain ?? 1);
    made.push({ in: reads, out: emits });
  }
  return made;
}

/** Its hot task, if it has that many tasks. */
const hotOf = ({ hot }: GraphVertex, tasks: number): HotTask | undefined => (hot !== undefined && hot.subtask < tasks ? hot : undefined);

/** The largest share of a task; 1 is the average. */
const greatest = (hot: HotTask | undefined, tasks: number): number =>
  hot === undefined || hot.subtask >= tasks ? 1 : (hot.share * tasks) / (tasks - 1 + hot.share);

/** The share of the records of its vertex that a task gets; 1 is the average. */
export function shareOf(vertex: GraphVertex, tasks: number, subtask: number): number {
  const hot = hotOf(vertex, tasks);
  if (hot === undefined) return 1;
  const most = greatest(hot, tasks);
  return subtask === hot.subtask ? most : most / hot.share;
}

/** How far the watermark is behind that a task reads; milliseconds. Records that are not shuffled stay with the same task. */
export function behindOf(
  vertices: readonly GraphVertex[],
  flows: readonly VertexFlow[],
  at: { readonly vertex: number; readonly subtask: number },
): number {
  const vertex = vertices[at.vertex];
  if (vertex === undefined) return 0;
  const own = vertex.hot?.subtask === at.subtask ? vertex.hot.behindMs : 0;
  const brought = (vertex.inputs ?? []).map(({ from, ship }) =>
    ship === 'FORWARD' ? behindOf(vertices, flows, { vertex: from, subtask: at.subtask }) : (flows[from]?.behindMs ?? 0),
  );
  return Math.max(own, ...brought);
}
