import { cellOf, type FlameCell } from '../../inside/flame/layout.ts';
import { type Origin, originOf, shortMethod } from '../../inside/flame/names.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatPercent, formatTime } from '../../support/format.ts';
import { pad, truncateStart, width as cells } from '../../support/text-width.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import type { TextFilter } from '../state/filter.ts';
import type { ShownFlame } from '../state/flame.ts';

const originTokens: Readonly<Record<Origin, Token>> = {
  user: 'frame-user',
  flink: 'frame-flink',
  java: 'frame-java',
  native: 'frame-native',
};

/** The rows in view, and below them the selected frame in full. Only what is in view is drawn. */
export function flameLines(shown: ShownFlame, width: number, look: Look): readonly string[] {
  const here = cellOf(shown.flame, shown.rows, shown.selected);
  const rows = Array.from({ length: shown.visible }, (_, row) => rowLine(shown, shown.rows[shown.top + row] ?? [], here, look));
  return [...rows, detailLine(shown, width, look)];
}

function rowLine(shown: ShownFlame, row: readonly FlameCell[], here: FlameCell | undefined, look: Look): string {
  let line = '';
  let end = 0;
  for (const cell of row) {
    line += ' '.repeat(cell.from - end) + frameCell(shown, cell, cell === here, look);
    end = cell.from + cell.width;
  }
  return line;
}

/** `│map        `: an edge, and as much of the name as there is room for; `│×12` are neighbours that are too narrow. */
function frameCell(shown: ShownFlame, cell: FlameCell, isHere: boolean, look: Look): string {
  const { index, width, frames } = cell;
  const name = shown.flame.frames[index]?.name ?? '';
  const label = frames > 1 ? `${look.ascii ? 'x' : '×'}${frames}` : oneLine(shortMethod(name), width);
  const text = (isHere ? look.glyphs.pointer : look.glyphs.vertical) + pad(label, width - 1, 'end', look.glyphs.ellipsis);
  return look.theme.paint(isHere ? 'frame-here' : hasHit(shown, cell) ? 'match' : originTokens[originOf(name)], text);
}

/** One of the frames of a cell matches the search. */
function hasHit({ flame: { frames }, hits }: ShownFlame, cell: FlameCell): boolean {
  if (hits === undefined) return false;
  const depth = frames[cell.first]?.depth;
  let index = cell.first;
  for (let left = cell.frames; left > 0;) {
    const frame = frames[index];
    if (frame === undefined) return false;
    if (frame.depth !== depth) index += 1;
    else if (hits.frames.has(index)) return true;
    else {
      left -= 1;
      index = frame.end;
    }
  }
  return false;
}

/** ` 42%, own 3%  org.apache.flink.streaming.runtime.tasks.StreamTask.invoke:959`. */
function detailLine({ flame, selected }: ShownFlame, width: number, { theme, glyphs }: Look): string {
  const frame = flame.frames[selected];
  if (frame === undefined) return '';
  const share = (samples: number): string => formatPercent(samples / flame.total);
  const shares = ` ${share(frame.total).padStart(4)}, own ${share(frame.own)}  `;
  // Its end says more than its package.
  return theme.paint('muted', shares) + truncateStart(oneLine(frame.name, 1_000), Math.max(1, width - cells(shares)), glyphs.ellipsis);
}

/** `find map: 42% of the samples   zoomed to 60%   1,204 samples   12:03:04`. */
export function flameFacts(shown: ShownFlame, search: TextFilter | undefined, at: number | undefined, look: Look): string {
  const { flame, root, hits } = shown;
  const rootTotal = flame.frames[root]?.total ?? flame.total;
  return [
    ...(search === undefined || hits === undefined
      ? []
      : [look.theme.paint('accent', `find ${search.text}: ${formatPercent(hits.samples / flame.total)} of the samples`)]),
    ...(root === 0 ? [] : [look.theme.paint('accent', `zoomed to ${formatPercent(rootTotal / flame.total)}`)]),
    `${flame.total} samples`,
    ...(at === undefined ? [] : [formatTime(at)]),
  ].join('   ');
}
