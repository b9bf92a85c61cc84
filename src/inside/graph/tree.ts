import { acyclic, type Graph } from './graph.ts';

/** A row of a graph as a tree: the branches before a vertex, and the vertex. */
export interface TreeRow {
  readonly id: string;
  readonly branches: readonly ('through' | 'blank' | 'fork' | 'last')[];
  /** It stands in an earlier row as well, with what reads from it. */
  readonly again: boolean;
}

/** Each vertex below one that it reads from, for screens that are too narrow for lines. */
export function treeOf(graph: Graph): readonly TreeRow[] {
  const { ids, arcs } = acyclic(graph);
  const targets: number[][] = ids.map(() => []);
  const isRead = ids.map(() => false);
  for (const { from, to } of arcs) {
    targets[from]?.push(to);
    isRead[to] = true;
  }
  const rows: TreeRow[] = [];
  const shown = new Set<number>();
  /** Still to be shown, the next one last: a list instead of recursion. */
  const open: { readonly vertex: number; readonly branches: TreeRow['branches'] }[] = [...ids.keys()]
    .filter((vertex) => isRead[vertex] === false)
    .toReversed()
    .map((vertex) => ({ vertex, branches: [] }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { vertex, branches } = next;
    const again = shown.has(vertex);
    rows.push({ id: ids[vertex] ?? '', branches, again });
    shown.add(vertex);
    if (again) continue;
    const below = branches.map((each) => (each === 'fork' ? 'through' : each === 'last' ? 'blank' : each));
    const after = targets[vertex] ?? [];
    for (const [index, target] of after.toReversed().entries())
      open.push({ vertex: target, branches: [...below, index === 0 ? 'last' : 'fork'] });
  }
  return rows;
}
