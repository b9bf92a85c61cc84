import { head, wrap } from '../../support/text-width.ts';
import type { TextFilter } from '../filter.ts';
import { words, type Look } from '../look.ts';
import type { Frame } from '../ui.ts';
import type { PanelDrawing } from './panel.ts';

/** The rows of one line: nothing of a path or a cause is cut off, it goes on below. At most `most` of them. */
const rowsOfLine = (line: string, width: number, most: number, look: Look): string[] =>
  wrap(words(look, head(line.replaceAll('\t', '    '), (width - 2) * most)), width - 2).slice(0, most);

/** What matches is marked, as far as it stands on one row. */
function marked(row: string, search: TextFilter | undefined, { theme }: Look): string {
  if (search === undefined) return row;
  return row.replace(new RegExp(search.pattern.source, `${search.pattern.flags.replace('g', '')}g`), (hit) => theme.paint('match', hit));
}

/** The first line that is shown when the end of the text is: a panel that is full as far as there is text. */
export function lastTop(lines: readonly string[], width: number, height: number, look: Look): number {
  let rows = 0;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    rows += rowsOfLine(lines[index] ?? '', width, height, look).length;
    if (rows > height) return Math.min(index + 1, lines.length - 1);
  }
  return 0;
}

/** A text that is read: help, the description of a pod or a job. */
export function drawText({ ui, look }: Frame): PanelDrawing {
  const text = ui.text;
  if (text === undefined) return { title: '', facts: '', lines: () => [] };
  return {
    title: text.title,
    facts: `${text.search === undefined ? '' : `${look.theme.paint('accent', `find ${text.search.text}`)} · `}${Math.min(text.lines.length, text.top + 1)}/${text.lines.length}`,
    lines(width, height) {
      const rows: string[] = [];
      for (let index = text.top; index < text.lines.length && rows.length < height; index += 1) {
        const mark = index === text.found ? look.theme.paint('accent', look.glyphs.pointer) : ' ';
        for (const [part, row] of rowsOfLine(text.lines[index] ?? '', width, height, look).entries()) rows.push(`${part === 0 ? mark : ' '}${marked(row, text.search, look)}`);
      }
      return rows.slice(0, height);
    },
  };
}
