import type { TimeShares } from '../../flink/vertex-types.ts';
import { bottleneckSentence } from '../../inside/job/bottleneck.ts';
import type { JobInside } from '../../inside/job/types.ts';
import type { VertexRow } from '../../session/tables/vertices.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { truncateMiddle } from '../../support/text-width.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import { bar } from './bar.ts';
import { jobState } from './jobs.ts';
import { sparkline } from './sparkline.ts';
import type { PaintCells } from './table-lines.ts';

/** What a share means: who works is well, who is held up is not. */
const tones: Readonly<Record<keyof TimeShares, Token>> = { busy: 'busy', backPressured: 'warn', idle: 'muted' };

const barCells = 6;
const sparkCells = 8;
/** `100%` */
const textCells = 4;

/** `█████░ ▁▂▅▇██▇▇  97%`: the share as a bar, its past, and the number; what has no room goes, the past first. */
function shareCell(row: VertexRow, what: keyof TimeShares, text: string, room: number, { theme, glyphs }: Look): string {
  const share = row.load[what];
  if (share === undefined) return text;
  const painted = row.bottleneck && what === 'busy' ? theme.paint('error', text) : text;
  if (room < barCells + 1 + textCells) return painted;
  const number = `${' '.repeat(Math.max(0, textCells - text.length))}${painted}`;
  const full = `${theme.paint(tones[what], bar(share, 1, barCells, glyphs))} `;
  if (room < barCells + 1 + sparkCells + 1 + textCells) return full + number;
  const past = sparkline(
    row.past.map(({ load }) => load[what]),
    sparkCells,
    glyphs,
  );
  return `${full}${theme.paint('muted', past)} ${number}`;
}

function nameCell({ vertex, bottleneck }: VertexRow, text: string, room: number, { theme, glyphs }: Look): string {
  return bottleneck
    ? `${truncateMiddle(oneLine(vertex.name), room - 2, glyphs.ellipsis)} ${theme.paint('error', glyphs.bottleneck)}`
    : text;
}

/** The cells of a vertex that are more than plain text. */
export const vertexCells = (look: Look): PaintCells<VertexRow> => ({
  NAME: (row, text, room) => nameCell(row, text, room, look),
  STATE: ({ vertex }) => jobState(vertex.state, 'ok', look),
  BUSY: (row, text, room) => shareCell(row, 'busy', text, room, look),
  BACK: (row, text, room) => shareCell(row, 'backPressured', text, room, look),
});

/** So that the sentence has room in the border at 120 columns. */
const sentenceName = 16;

/** The bottleneck, in the colour of trouble if there is one. */
export function bottleneckFact(inside: JobInside, { theme }: Look): string {
  const tone: Token = inside.bottleneck.kind === 'found' ? 'error' : inside.bottleneck.kind === 'unproved' ? 'warn' : 'muted';
  return theme.paint(tone, bottleneckSentence(inside, sentenceName));
}
