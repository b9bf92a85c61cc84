import { formatTime } from '../../support/format.ts';
import { head, wrapIndented } from '../../support/text-width.ts';
import { highlightAny, marks, matches } from '../filter.ts';
import { words, type Look } from '../look.ts';
import type { Frame, TextState } from '../ui.ts';
import { emptyLines, foundFact, type PanelDrawing } from './panel.ts';

/** The rows of one line: nothing of a path or a cause is cut off, it goes on below, under its beginning. At most `most` of them. */
const rowsOfLine = (line: string, width: number, most: number, look: Look): string[] =>
  wrapIndented(words(look, head(line.replaceAll('\t', '    '), (width - 2) * most)), width - 2).slice(0, most);

/** What matches is marked, as far as it stands on one row. */
const marked = (row: string, text: TextState, { theme }: Look): string => highlightAny(marks(text), row, (hit) => theme.paint('match', hit));

function found({ search, lines, found: at }: TextState, look: Look): string {
  if (search === undefined) return '';
  const hits = lines.flatMap((line, index) => (matches(search, line) ? [index] : []));
  return foundFact(search, at === undefined ? -1 : hits.indexOf(at), hits.length, look);
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
  const facts = [text.asOf === undefined ? '' : `as of ${formatTime(text.asOf)}`, look.theme.paint('accent', found(text, look)), text.filter === undefined ? '' : `${text.lines.length} of ${text.all.length} lines`, `${Math.min(text.lines.length, text.top + 1)}/${text.lines.length}`];
  let shown = 0;
  return {
    title: text.filter === undefined ? text.title : `${text.title} /${text.filter.text}`,
    facts: facts.filter((fact) => fact !== '').join(' · '),
    lines(width, height) {
      if (text.lines.length === 0) return emptyLines(`No line matches ${text.filter?.text ?? ''}`, width, look);
      const rows: string[] = [];
      for (let index = text.top; index < text.lines.length && rows.length < height; index += 1) {
        shown += 1;
        const mark = index === text.found ? look.theme.paint('accent', look.glyphs.pointer) : ' ';
        for (const [part, row] of rowsOfLine(text.lines[index] ?? '', width, height, look).entries()) rows.push(`${part === 0 ? mark : ' '}${marked(row, text, look)}`);
      }
      return rows.slice(0, height);
    },
    scroll: () => ({ top: text.top, visible: shown, count: text.lines.length, from: 0 }),
  };
}
