import type { Layered } from './layers.ts';

/** The row of each node, and the rows at which lines enter it. */
export interface Places {
  /** The first row of each node. */
  readonly top: readonly number[];
  /** The row at which the lines of a node leave it. */
  readonly out: readonly number[];
  /** The row at which the line from one node enters another one. */
  readonly enter: (from: number, to: number) => number;
  /** Rows of the whole. */
  readonly rows: number;
}

/** Rows of a box, and those of them at which lines may enter. */
export interface BoxShape {
  readonly height: number;
  readonly ports: number;
}

/** Passes over all layers; later ones move nothing any more. */
const passes = 6;
/** A line that passes through is bent only if there is no other way. */
const lineWeight = 4;

export function placed(graph: Layered, box: BoxShape): Places {
  const { nodes, layers, links } = graph;
  const height = nodes.map(({ line }) => (line ? 1 : box.height));
  const middle = height.map((rows) => (rows - 1) >> 1);
  const sources: number[][] = nodes.map(() => []);
  const targets: number[][] = nodes.map(() => []);
  const order = new Map(layers.flatMap((layer) => layer.map((node, index) => [node, index] as const)));
  for (const { from, to } of links) {
    sources[to]?.push(from);
    targets[from]?.push(to);
  }
  for (const before of sources) before.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const port = (from: number, to: number): number => {
    const before = sources[to] ?? [];
    const room = nodes[to]?.line === true ? 1 : Math.max(1, box.ports);
    const first = (middle[to] ?? 0) - ((Math.min(before.length, room) - 1) >> 1);
    return first + Math.min(before.indexOf(from), room - 1);
  };
  const top = nodes.map(() => 0);
  for (const layer of layers) stack(layer, top, height, (node) => ({ wanted: top[node] ?? 0, weight: 1 }));
  const wish = (node: number, side: 'before' | 'after'): Wish => {
    const rows =
      side === 'before'
        ? (sources[node] ?? []).map((from) => (top[from] ?? 0) + (middle[from] ?? 0) - port(from, node))
        : (targets[node] ?? []).map((to) => (top[to] ?? 0) + port(node, to) - (middle[node] ?? 0));
    if (rows.length === 0) return { wanted: top[node] ?? 0, weight: 0.1 };
    return { wanted: rows.reduce((sum, row) => sum + row, 0) / rows.length, weight: nodes[node]?.line === true ? lineWeight : 1 };
  };
  for (let pass = 0; pass < passes; pass += 1) {
    const side = pass % 2 === 0 ? 'before' : 'after';
    for (const layer of side === 'before' ? layers : layers.toReversed()) stack(layer, top, height, (node) => wish(node, side));
  }
  const least = top.length === 0 ? 0 : Math.min(...top);
  const moved = top.map((row) => row - least);
  return {
    top: moved,
    out: moved.map((row, node) => row + (middle[node] ?? 0)),
    enter: (from, to) => (moved[to] ?? 0) + port(from, to),
    rows: Math.max(0, ...moved.map((row, node) => row + (height[node] ?? 0))),
  };
}

interface Wish {
  readonly wanted: number;
  readonly weight: number;
}

/**
 * Gives the nodes of a layer the rows that are closest to their wishes without changing their order: neighbours that want the same rows
 * share the mean of their wishes (pool adjacent violators).
 */
function stack(layer: readonly number[], top: number[], height: readonly number[], wish: (node: number) => Wish): void {
  const pools: { nodes: number[]; sum: number; weight: number }[] = [];
  const offset = new Map<number, number>();
  let used = 0;
  for (const [index, node] of layer.entries()) {
    const before = layer[index - 1];
    // Lines of their own may run side by side; anything else needs an empty row.
    if (before !== undefined) used += (height[before] ?? 1) + (height[before] === 1 && height[node] === 1 ? 0 : 1);
    offset.set(node, used);
    const { wanted, weight } = wish(node);
    let pool = { nodes: [node], sum: (wanted - used) * weight, weight };
    for (let last = pools.at(-1); last !== undefined && last.sum / last.weight >= pool.sum / pool.weight; last = pools.at(-1)) {
      pools.pop();
      pool = { nodes: [...last.nodes, ...pool.nodes], sum: last.sum + pool.sum, weight: last.weight + pool.weight };
    }
    pools.push(pool);
  }
  for (const { nodes, sum, weight } of pools) for (const node of nodes) top[node] = Math.round(sum / weight) + (offset.get(node) ?? 0);
}
