import type { Acyclic } from './graph.ts';

/** What stands in a layer: a vertex, or the line of one that passes through to a later layer. */
export interface Node {
  /** The vertex; for a line, the one that it comes from. */
  readonly vertex: number;
  readonly line: boolean;
  readonly layer: number;
}

/** A piece of an arc between neighbouring layers, by the numbers of nodes. */
export interface Link {
  readonly from: number;
  readonly to: number;
}

export interface Layered {
  readonly nodes: readonly Node[];
  /** The nodes of each layer, from top to bottom. */
  readonly layers: readonly (readonly number[])[];
  readonly links: readonly Link[];
  /** The nodes along each arc. */
  readonly ways: readonly (readonly number[])[];
}

/**
 * Each vertex one layer behind the last one that it reads from; a source stands just before the first one that reads from it. An arc over
 * several layers goes through one line in each, which the arcs of a vertex share. `kept`: layers in which vertices stay if their edges allow it.
 */
export function layered({ ids, arcs }: Acyclic, kept: readonly (number | undefined)[] = []): Layered {
  const depth = depthOf(ids.length, arcs, kept);
  const nodes: Node[] = depth.map((layer, vertex) => ({ vertex, line: false, layer }));
  const lines = new Map<string, number>();
  const lineOf = (vertex: number, layer: number): number => {
    const key = `${vertex} ${layer}`;
    const known = lines.get(key) ?? nodes.push({ vertex, line: true, layer }) - 1;
    lines.set(key, known);
    return known;
  };
  const links = new Map<string, Link>();
  const ways = arcs.map(({ from, to }) => {
    const way = [from];
    for (let layer = (depth[from] ?? 0) + 1; layer < (depth[to] ?? 0); layer += 1) way.push(lineOf(from, layer));
    way.push(to);
    for (const [index, next] of way.slice(1).entries()) {
      const link = { from: way[index] ?? from, to: next };
      links.set(`${link.from} ${link.to}`, link);
    }
    return way;
  });
  const layers: number[][] = Array.from({ length: Math.max(0, ...nodes.map(({ layer }) => layer + 1)) }, () => []);
  for (const [node, { layer }] of nodes.entries()) layers[layer]?.push(node);
  return { nodes, layers, links: [...links.values()], ways };
}

function depthOf(count: number, arcs: Acyclic['arcs'], kept: readonly (number | undefined)[]): readonly number[] {
  const depth = Array.from({ length: count }, (_, vertex) => kept[vertex] ?? 0);
  const missing = Array.from({ length: count }, () => 0);
  const after: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of arcs) {
    missing[to] = (missing[to] ?? 0) + 1;
    after[from]?.push(to);
  }
  const sources = [...missing.keys()].filter((vertex) => missing[vertex] === 0);
  const ready = [...sources];
  for (let vertex = ready.shift(); vertex !== undefined; vertex = ready.shift()) {
    for (const next of after[vertex] ?? []) {
      depth[next] = Math.max(depth[next] ?? 0, (depth[vertex] ?? 0) + 1);
      missing[next] = (missing[next] ?? 0) - 1;
      if (missing[next] === 0) ready.push(next);
    }
  }
  for (const source of sources) {
    if (kept[source] !== undefined) continue;
    const next = (after[source] ?? []).map((vertex) => depth[vertex] ?? 1);
    if (next.length > 0) depth[source] = Math.min(...next) - 1;
  }
  return depth;
}
