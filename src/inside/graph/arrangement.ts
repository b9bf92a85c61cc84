import { type Acyclic, acyclic, type Graph } from './graph.ts';
import { type Layered, layered, type Node } from './layers.ts';
import { ordered } from './order.ts';

/** In which layer each vertex stands, and which order a layer has. The size of the boxes changes neither. */
export interface Arrangement {
  readonly graph: Graph;
  /** Undefined: it has too many vertices or edges to be drawn. */
  readonly drawable: Drawable | undefined;
}

export interface Drawable {
  readonly plain: Acyclic;
  readonly sorted: Layered;
}

/** Beyond this nobody reads a graph, and a table tells more. */
const mostVertices = 200;
const mostEdges = 1_000;
/** Pieces of lines between neighbouring layers: the time that a layout takes grows with their square. */
const mostLinks = 1_000;

/**
 * `before`: the arrangement that the user has seen. If the graph has only grown, as that of a batch job does whose stages are planned while it
 * runs, everything that was there keeps its layer, as far as new edges allow, and its order within the layer.
 */
export function arranged(graph: Graph, before?: Arrangement): Arrangement {
  if (graph.vertices.length > mostVertices || graph.edges.length > mostEdges) return { graph, drawable: undefined };
  const plain = acyclic(graph);
  const kept = keptOf(plain, before?.drawable);
  const inLayers = layered(plain, kept?.layers);
  if (inLayers.links.length > mostLinks) return { graph, drawable: undefined };
  const placeOf = kept === undefined ? undefined : (node: Node): number | undefined => kept.places.get(keyOf(plain, node));
  return { graph, drawable: { plain, sorted: ordered(inLayers, placeOf) } };
}

interface Kept {
  /** The layer of each vertex; undefined: it is new. */
  readonly layers: readonly (number | undefined)[];
  /** The place of each vertex and of each line in its layer. */
  readonly places: ReadonlyMap<string, number>;
}

/** A vertex, or the line of one in a layer. */
const keyOf = ({ ids }: Acyclic, { vertex, line, layer }: Node): string => `${ids[vertex] ?? ''}${line ? ` ${layer}` : ''}`;

const arcsOf = ({ ids, arcs }: Acyclic): readonly string[] => arcs.map(({ from, to, back }) => `${ids[from]} ${ids[to]} ${back}`);

/** Undefined: something is gone, so it is another graph. */
function keptOf(plain: Acyclic, before: Drawable | undefined): Kept | undefined {
  if (before === undefined) return undefined;
  const arcs = new Set(arcsOf(plain));
  const ids = new Set(plain.ids);
  if (!before.plain.ids.every((id) => ids.has(id)) || !arcsOf(before.plain).every((arc) => arcs.has(arc))) return undefined;
  const { nodes, layers } = before.sorted;
  const layerOf = new Map(before.plain.ids.map((id, vertex) => [id, nodes[vertex]?.layer]));
  const places = layers.flatMap((layer) =>
    layer.flatMap((number, place) => {
      const node = nodes[number];
      return node === undefined ? [] : [[keyOf(before.plain, node), place] as const];
    }),
  );
  return { layers: plain.ids.map((id) => layerOf.get(id)), places: new Map(places) };
}
