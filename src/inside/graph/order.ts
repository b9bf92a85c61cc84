import type { Layered, Link } from './layers.ts';

/** Sweeps over all layers; more of them have not taken away another crossing. */
const mostSweeps = 8;

/** The same layers with their nodes in an order that crosses few lines: the best one of some sweeps by the middle of their neighbours. */
export function ordered(graph: Layered): Layered {
  const before = neighbours(graph, 'from');
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
