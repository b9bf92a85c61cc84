import { arranged, type Arrangement } from '../../inside/graph/arrangement.ts';
import { drawnIn, fitted, type BoxContent, type Detail, type GraphView, panTo, type Room } from '../../inside/graph/fit.ts';
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

interface Last {
  readonly job: string;
  readonly structure: string;
  readonly arrangement: Arrangement;
  /** The room and the zoom. */
  readonly look: string;
  readonly view: GraphView;
}

/** The last layout: the same for every frame until the job, the room or the zoom is another one. A job that grows grows from it. */
let last: Last | undefined;

function viewOf(inside: JobInside, room: Room, detail: Detail | undefined): GraphView {
  const job = inside.job.id;
  const structure = structureOf(inside);
  const look = `${room.columns} ${room.rows} ${detail ?? ''}`;
  const before = last?.job === job ? last : undefined;
  if (before?.structure === structure && before.look === look) return before.view;
  const arrangement = before?.structure === structure ? before.arrangement : arrangementOf(inside, before?.arrangement);
  const drawn = detail === undefined ? undefined : drawnIn(arrangement, room, content, detail);
  const view: GraphView =
    drawn === undefined || detail === undefined ? fitted(arrangement, room, content) : { kind: 'graph', detail, drawn };
  last = { job, structure, arrangement, look, view };
  return view;
}

const arrangementOf = ({ vertices, job }: JobInside, before: Arrangement | undefined): Arrangement =>
  arranged({ vertices: vertices.map(({ vertex }) => vertex), edges: job.edges }, before);

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
