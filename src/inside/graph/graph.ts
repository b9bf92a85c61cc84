/** A job graph as Flink sends it: anything may be missing or wrong. */
export interface Graph {
  readonly vertices: readonly { readonly id: string }[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
}

/** An edge between the vertices with these numbers, drawn from left to right. */
export interface Arc {
  readonly from: number;
  readonly to: number;
  /** It closes a circle, so it is drawn against its direction: its arrow is on the left. */
  readonly back: boolean;
}

/** A graph without circles, whose vertices are numbered in the order of the answer. */
export interface Acyclic {
  readonly ids: readonly string[];
  /** No two join the same vertices. */
  readonly arcs: readonly Arc[];
}

/** Leaves out edges that lead nowhere, to their own start, or that are there already, and turns those that close a circle. */
export function acyclic(graph: Graph): Acyclic {
  const ids = [...new Set(graph.vertices.map(({ id }) => id))];
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const targets: number[][] = ids.map(() => []);
  for (const { from, to } of graph.edges) {
    const [start, end] = [numbers.get(from), numbers.get(to)];
    if (start === undefined || end === undefined || start === end) continue;
    const known = targets[start];
    if (known?.includes(end) === false) known.push(end);
  }
  const closing = backArcs(targets);
  const arcs = targets.flatMap((ends, from) =>
    ends.map((to): Arc => (closing.has(`${from} ${to}`) ? { from: to, to: from, back: true } : { from, to, back: false })),
  );
  // A circle of two becomes one line: both of its edges join the same vertices now.
  const first = new Map<string, Arc>();
  for (const arc of arcs) if (!first.has(`${arc.from} ${arc.to}`)) first.set(`${arc.from} ${arc.to}`, arc);
  return { ids, arcs: [...first.values()] };
}

/** The edges that lead back to a vertex that is still open in a depth-first walk, by a list instead of recursion. */
function backArcs(targets: readonly (readonly number[])[]): ReadonlySet<string> {
  const back = new Set<string>();
  const state: ('new' | 'open' | 'done')[] = targets.map(() => 'new');
  for (const root of targets.keys()) {
    if (state[root] !== 'new') continue;
    const walk: { readonly at: number; next: number }[] = [{ at: root, next: 0 }];
    state[root] = 'open';
    for (let step = walk.at(-1); step !== undefined; step = walk.at(-1)) {
      const to = targets[step.at]?.[step.next];
      step.next += 1;
      if (to === undefined) {
        state[step.at] = 'done';
        walk.pop();
      } else if (state[to] === 'open') back.add(`${step.at} ${to}`);
      else if (state[to] === 'new') {
        state[to] = 'open';
        walk.push({ at: to, next: 0 });
      }
    }
  }
  return back;
}
