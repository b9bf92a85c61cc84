import type { Layered, Link, Node } from './layers.ts';

/** Sweeps over all layers; more of them have not taken away another crossing. */
const mostSweeps = 8;

/**
 * The same layers with their nodes in an order that crosses few lines: the best one of some sweeps by the middle of their neighbours.
 * `placeOf`: the places that nodes had; those that had one keep their order, and the others are put between them.
 */
export function ordered(graph: Layered, placeOf?: (node: Node) => number | undefined): Layered {
  const before = neighbours(graph, 'from');
  if (placeOf !== undefined) return { ...graph, layers: inserted(graph, before, placeOf) };
  const after = neighbours(graph, 'to');
  let layers = graph.layers.map((layer) => [...layer]);
  let best = { layers, crossings: crossingsOf(layers, graph.links) };
  for (let sweep = 0; sweep < mostSweeps && best.crossings > 0; sweep += 1) {
    layers = sweep % 2 === 0 ? swept(layers, before) : swept(layers.toReversed(), after).toReversed();
    const crossings = crossingsOf(layers, graph.links);
    if (crossings < best.crossings) best = { layers, crossings };
  }
  return { ...graph, layers: best.layers };
}

const neighbours = ({ nodes, links }: Layered, side: 'from' | 'to'): readonly (readonly number[])[] => {
  const found: number[][] = nodes.map(() => []);
  for (const { from, to } of links) (side === 'from' ? found[to] : found[from])?.push(side === 'from' ? from : to);
  return found;
};

/** Layer by layer: what was there in its order, and everything new where it crosses the fewest lines from the layer before. */
function inserted(
  { nodes, layers }: Layered,
  before: readonly (readonly number[])[],
  placeOf: (node: Node) => number | undefined,
): readonly (readonly number[])[] {
  const place = new Map<number, number>();
  const placeBefore = (number: number): number | undefined => {
    const node = nodes[number];
    return node === undefined ? undefined : placeOf(node);
  };
  return layers.map((layer) => {
    const sorted = layer
      .filter((node) => placeBefore(node) !== undefined)
      .toSorted((a, b) => (placeBefore(a) ?? 0) - (placeBefore(b) ?? 0));
    const fromOf = (node: number): readonly number[] => (before[node] ?? []).map((from) => place.get(from) ?? 0);
    for (const node of layer) if (placeBefore(node) === undefined) sorted.splice(bestPlace(node, sorted, fromOf), 0, node);
    for (const [index, node] of sorted.entries()) place.set(node, index);
    return sorted;
  });
}

/** The last one of the places at which the lines to a node cross the fewest of the lines to the others. */
function bestPlace(node: number, others: readonly number[], fromOf: (node: number) => readonly number[]): number {
  /** How often the lines to one node come from below those to another one. */
  const fromBelow = (one: number, other: number): number =>
    fromOf(other).reduce((sum, start) => sum + fromOf(one).filter((from) => from > start).length, 0);
  const above = others.map((other) => fromBelow(other, node));
  const below = others.map((other) => fromBelow(node, other));
  let best = { place: 0, crossings: below.reduce((sum, each) => sum + each, 0) };
  let { crossings } = best;
  for (const index of others.keys()) {
    crossings += (above[index] ?? 0) - (below[index] ?? 0);
    if (crossings <= best.crossings) best = { place: index + 1, crossings };
  }
  return best.place;
}

/** Each layer sorted by the middle of its neighbours in the one before it; a node without any keeps its place. */
function swept(layers: readonly (readonly number[])[], neighboursOf: readonly (readonly number[])[]): number[][] {
  const place = new Map<number, number>();
  return layers.map((layer) => {
    const middle = new Map(
      layer.map((node, index) => {
        const places = (neighboursOf[node] ?? []).map((one) => place.get(one) ?? 0);
        return [node, places.length === 0 ? index : places.reduce((sum, each) => sum + each, 0) / places.length];
      }),
    );
    const sorted = layer.toSorted((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
    for (const [index, node] of sorted.entries()) place.set(node, index);
    return sorted;
  });
}

/** How often lines cross between neighbouring layers. */
export function crossingsOf(layers: readonly (readonly number[])[], links: readonly Link[]): number {
  const place = new Map(layers.flatMap((layer, number) => layer.map((node, index) => [node, { number, index }] as const)));
  const byLayer = Map.groupBy(links, ({ from }) => place.get(from)?.number ?? 0);
  let crossings = 0;
  for (const group of byLayer.values()) {
    const ends = group.map(({ from, to }) => [place.get(from)?.index ?? 0, place.get(to)?.index ?? 0] as const);
    for (const [index, [from, to]] of ends.entries()) {
      for (const [otherFrom, otherTo] of ends.slice(index + 1)) if ((from - otherFrom) * (to - otherTo) < 0) crossings += 1;
    }
  }
  return crossings;
}
