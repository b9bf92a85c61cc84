import { asciiDrawing, boxDrawing, type Drawing, type EdgeLabel, type Piece, piecesOf } from '../../inside/graph/drawing.ts';
import type { Detail, Room } from '../../inside/graph/fit.ts';
import type { Area } from '../../inside/graph/layout.ts';
import type { TreeRow } from '../../inside/graph/tree.ts';
import { shareOf } from '../../inside/job/bottleneck.ts';
import type { JobInside, VertexInside } from '../../inside/job/types.ts';
import { tasksUp } from '../../inside/job/words.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatPercent, formatRate } from '../../support/format.ts';
import { pad, slice, truncateMiddle, width as cells } from '../../support/text-width.ts';
import { type Look, words } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import type { ShownGraph } from '../state/graph.ts';
import { bar } from './bar.ts';
import { jobState } from './jobs.ts';
import { sparkline } from './sparkline.ts';

/** A vertex as it is drawn. */
interface Drawn {
  readonly vertex: VertexInside;
  readonly selected: boolean;
  readonly bottleneck: boolean;
}

/** The lines of the panel: the graph as far as it is in view, or a tree, or a sentence. */
export function graphLines({ inside, view, room, offset }: ShownGraph, selected: string | undefined, look: Look): readonly string[] {
  const drawnOf = (id: string): Drawn | undefined => {
    const vertex = inside.vertices.find((each) => each.vertex.id === id);
    const { bottleneck } = inside;
    return vertex && { vertex, selected: id === selected, bottleneck: bottleneck.kind === 'found' && bottleneck.id === id };
  };
  switch (view.kind) {
    case 'table':
      return ['', ` ${words(look, 'The graph has no room here: the table has its vertices, and + draws it all the same.')}`];
    case 'tree':
      return view.rows.map((row) => treeLine(row, drawnOf(row.id), room.columns, look));
    case 'graph': {
      const labels = view.detail === 'lines' ? labelsOf(inside) : [];
      // Rows of a small graph stand in the middle of the panel.
      const above = Math.max(0, (room.rows - view.drawn.layout.height) >> 1);
      const rows = Array.from({ length: Math.min(room.rows, view.drawn.layout.height) }, (_, row) =>
        graphRow(view, row + offset.y, labels, drawnOf, look),
      );
      return [...Array.from({ length: above }, () => ''), ...rows.map((row) => ` ${slice(row, offset.x, offset.x + room.columns)}`)];
    }
  }
}

/** Where the first cell of the graph stands within the panel: a click is looked up with it. */
export const graphOrigin = ({ view, room, offset }: Pick<ShownGraph, 'view' | 'offset'> & { readonly room: Room }) => ({
  x: 1 - offset.x,
  y: (view.kind === 'graph' ? Math.max(0, (room.rows - view.drawn.layout.height) >> 1) : 0) - offset.y,
});

/** What flows out of each vertex: its records per second. */
const labelsOf = ({ vertices }: JobInside): readonly EdgeLabel[] =>
  vertices.flatMap(({ vertex, rates: { recordsOut } }) =>
    recordsOut === undefined ? [] : [{ from: vertex.id, text: `${formatRate(recordsOut)}/s` }],
  );

function graphRow(
  { drawn, detail }: { readonly drawn: Drawing; readonly detail: Detail },
  y: number,
  labels: readonly EdgeLabel[],
  drawnOf: (id: string) => Drawn | undefined,
  look: Look,
): string {
  let line = '';
  let x = 0;
  for (const piece of piecesOf(drawn, y, look.ascii ? asciiDrawing : boxDrawing, labels)) {
    line += ' '.repeat(Math.max(0, piece.x - x));
    const text = pieceText(piece, drawn, detail, drawnOf, look);
    line += text;
    x = piece.x + cells(text);
  }
  return line;
}

function pieceText(piece: Piece, { layout }: Drawing, detail: Detail, drawnOf: (id: string) => Drawn | undefined, look: Look): string {
  if (piece.kind !== 'box') return look.theme.paint(piece.kind === 'label' ? 'busy' : 'muted', piece.text);
  const area = layout.boxes.get(piece.id);
  const drawn = drawnOf(piece.id);
  if (area === undefined || drawn === undefined) return '';
  return detail === 'bare' ? bareBox(drawn, area, look) : boxRow(drawn, area, piece.row, look);
}

const borderToken = ({ selected, bottleneck }: Drawn): Token => (selected ? 'accent' : bottleneck ? 'error' : 'border');

/** `[▶ Enrich]`: a vertex in one row. */
function bareBox(drawn: Drawn, area: Area, look: Look): string {
  const edge = (text: string): string => look.theme.paint(borderToken(drawn), text);
  return `${edge('[')}${nameLine(drawn, area.width - 2, look)}${edge(']')}`;
}

function boxRow(drawn: Drawn, area: Area, row: number, look: Look): string {
  const { theme, glyphs } = look;
  const [topLeft, topRight, bottomLeft, bottomRight] = glyphs.corners;
  const token = borderToken(drawn);
  const inner = area.width - 2;
  if (row === 0) return theme.paint(token, `${topLeft}${glyphs.horizontal.repeat(inner)}${topRight}`);
  if (row === area.height - 1) {
    const mark = drawn.bottleneck && inner >= 14 ? ' bottleneck ' : '';
    return theme.paint(token, `${bottomLeft}${glyphs.horizontal}${mark}${glyphs.horizontal.repeat(inner - 1 - mark.length)}${bottomRight}`);
  }
  const side = theme.paint(token, glyphs.vertical);
  return `${side}${lineOf(drawn, row, inner, look)}${side}`;
}

/** A row between the borders: the name, then state and tasks, busy, back-pressured. */
function lineOf(drawn: Drawn, row: number, room: number, look: Look): string {
  const { vertex } = drawn.vertex;
  switch (row) {
    case 1:
      return nameLine(drawn, room, look);
    case 2:
      return pad(
        ` ${jobState(vertex.state, 'ok', look)} ${tasksUp(drawn.vertex)}/${vertex.parallelism}`,
        room,
        'end',
        look.glyphs.ellipsis,
      );
    case 3:
      return loadLine(drawn, 'busy', room, look);
    default:
      return loadLine(drawn, 'backPressured', room, look);
  }
}

function nameLine({ vertex: { vertex }, selected, bottleneck }: Drawn, room: number, { theme, glyphs }: Look): string {
  const sign = selected ? glyphs.pointer : bottleneck ? glyphs.bottleneck : ' ';
  const text = pad(`${sign}${truncateMiddle(oneLine(vertex.name), room - 1, glyphs.ellipsis)}`, room, 'end', glyphs.ellipsis);
  return theme.paint(selected ? 'selected' : bottleneck ? 'error' : 'strong', text);
}

const loadWords = { busy: 'busy', backPressured: 'back' } as const;
const loadTokens = { busy: 'busy', backPressured: 'warn' } as const;
/** ` busy  97% `: what stands before the bar. */
const loadCells = 11;
/** More cells show no more of a share. */
const mostBarCells = 8;

/** ` busy  97% █████░ ▁▂▅▇█`: the share of the busiest subtask, and the mean of the last minutes. */
function loadLine({ vertex, bottleneck }: Drawn, what: keyof typeof loadWords, room: number, { theme, glyphs }: Look): string {
  const share = shareOf(vertex, what);
  const number = (share === undefined ? '-' : formatPercent(share)).padStart(4);
  const token = bottleneck && what === 'busy' ? 'error' : loadTokens[what];
  const free = room - loadCells - 1;
  const barCells = Math.min(mostBarCells, Math.ceil(free / 2));
  const past = vertex.past.map(({ load }) => load[what]);
  const drawnBar = share === undefined || barCells < 1 ? '' : theme.paint(token, bar(share, 1, barCells, glyphs));
  const spark = free - barCells < 2 ? '' : theme.paint('muted', sparkline(past, free - barCells - 1, glyphs));
  return pad(` ${loadWords[what]} ${number} ${drawnBar} ${spark}`, room, 'end', '');
}

const branches = { through: '│ ', blank: '  ', fork: '├ ', last: '└ ' } as const;

/** `├ Enrich ▶ 4/4 busy 97%`: a vertex below one that it reads from. */
function treeLine({ branches: before, again }: TreeRow, drawn: Drawn | undefined, room: number, look: Look): string {
  if (drawn === undefined) return '';
  const { theme } = look;
  const { vertex } = drawn.vertex;
  const tree = theme.paint('muted', words(look, before.map((each) => branches[each]).join('')));
  const share = shareOf(drawn.vertex, 'busy');
  const facts = again
    ? 'see above'
    : `${jobState(vertex.state, 'ok', look)} ${tasksUp(drawn.vertex)}/${vertex.parallelism}  busy ${share === undefined ? '-' : formatPercent(share)}`;
  const free = room - before.length * 2 - cells(facts) - 2;
  return ` ${tree}${nameLine(drawn, Math.max(8, free), look)}  ${again ? theme.paint('muted', facts) : facts}`;
}
