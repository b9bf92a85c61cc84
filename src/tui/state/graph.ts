import { drawnIn, fitted, type BoxContent, type Detail, type GraphView, panTo, type Room } from '../../inside/graph/fit.ts';
import type { Graph } from '../../inside/graph/graph.ts';
import type { JobInside } from '../../inside/job/types.ts';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import { nearest } from './trail.ts';
import type { Frame } from './ui.ts';

/** State, busy and back-pressured; more than 30 cells make no bar longer. */
const content: BoxContent = { lines: 3, width: 30 };

/** The graph as it is shown. */
export interface ShownGraph {
  readonly inside: JobInside;
  readonly view: GraphView;
  readonly room: Room;
  /** The offset with the selected vertex in view. */
  readonly offset: { readonly x: number; readonly y: number };
}

/** What the layout depends on: figures change every second, and move nothing. */
const structureOf = ({ vertices, job }: JobInside): string =>
  `${vertices.map(({ vertex }) => vertex.id).join(' ')} | ${job.edges.map(({ from, to }) => `${from}>${to}`).join(' ')}`;

/** The last layout: the same for every frame until the job, the room or the zoom is another one. */
let last: { readonly key: string; readonly view: GraphView } | undefined;

function viewOf(inside: JobInside, room: Room, detail: Detail | undefined): GraphView {
  const key = `${room.columns} ${room.rows} ${detail ?? ''} ${structureOf(inside)}`;
  if (last?.key !== key) {
    const graph: Graph = { vertices: inside.vertices.map(({ vertex }) => vertex), edges: inside.job.edges };
    const drawn = detail === undefined ? undefined : drawnIn(graph, room, content, detail);
    last = { key, view: drawn === undefined || detail === undefined ? fitted(graph, room, content) : { kind: 'graph', detail, drawn } };
  }
  return last.view;
}

/** Undefined: there is no job here, nothing is known of it yet, or the panel has no room. */
export function shownGraph({ session, ui, layout }: Pick<Frame, 'session' | 'ui' | 'layout'>): ShownGraph | undefined {
  const subject = nearest(ui.trail, 'job');
  const inside = subject === undefined ? undefined : inspectionOf(session, subject)?.facts;
  const area = layout.panels.find(({ name }) => name === 'graph')?.area;
  if (inside === undefined || area === undefined) return undefined;
  const room = { columns: Math.max(1, area.width - 4), rows: Math.max(1, area.height - 2) };
  const view = viewOf(inside, room, ui.graph.detail);
  const offset = view.kind === 'graph' ? panTo(view.drawn, ui.lists.vertices.selected, room, ui.graph) : { x: 0, y: 0 };
  return { inside, view, room, offset };
}
