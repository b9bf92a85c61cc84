import type { LogFileFacts } from '../../session/inspections/log-file.ts';
import { formatBytes, formatTime } from '../../support/format.ts';
import { head, wrapIndented } from '../../support/text-width.ts';
import { highlightAny, marks, matches } from '../state/filter.ts';
import { words, type Look } from '../look/look.ts';
import type { TextState } from '../state/places/text.ts';
import { emptyLines } from './empty.ts';
import { foundFact } from './found.ts';
import type { Scroll } from './scroll.ts';

/** The rows of one line: nothing of a path or a cause is cut off, it continues below, under its beginning. At most `most` rows. */
const rowsOfLine = (line: string, width: number, most: number, look: Look): string[] =>
  wrapIndented(words(look, head(line.replaceAll('\t', '    '), (width - 2) * most)), width - 2).slice(0, most);

/** Marks matches, unless they span two rows. */
const marked = (row: string, text: TextState, { theme }: Look): string =>
  highlightAny(marks(text), row, (hit) => theme.paint('match', hit));

function found({ search, lines, found: at }: TextState, look: Look): string {
  if (search === undefined) return '';
  const hits = lines.flatMap((line, index) => (matches(search, line) ? [index] : []));
  return foundFact(search, at === undefined ? -1 : hits.indexOf(at), hits.length, look);
}

/** The first line to show at the end of the text: the panel is then as full as the text allows. */
export function lastTop(lines: readonly string[], width: number, height: number, look: Look): number {
  let rows = 0;
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    rows += rowsOfLine(lines[index] ?? '', width, height, look).length;
    if (rows > height) return Math.min(index + 1, lines.length - 1);
  }
  return 0;
}

export const textTitle = ({ title, filter }: TextState): string => (filter === undefined ? title : `${title} /${filter.text}`);

/** The facts in the title of a text, with more about where it comes from. */
export function textFacts(text: TextState, look: Look, more: readonly string[] = []): string {
  const { asOf, filter, lines, all, top } = text;
  const facts = [
    ...more,
    asOf === undefined ? '' : `as of ${formatTime(asOf)}`,
    look.theme.paint('accent', found(text, look)),
    filter === undefined ? '' : `${lines.length} of ${all.length} lines`,
    `${Math.min(lines.length, top + 1)}/${lines.length}`,
  ];
  return facts.filter((fact) => fact !== '').join(' · ');
}

/** How much of a file is shown, and what it costs to follow: a file that has grown may not be read again at once. */
export function fileFacts({ end, listed, nextAt }: LogFileFacts): readonly string[] {
  const size = formatBytes(end.bytes);
  return [
    end.from > 0 ? `end of ${size}` : size,
    listed.bytes > end.bytes ? `${formatBytes(listed.bytes)} by now, read again at ${formatTime(nextAt)}` : 'followed',
  ];
}

interface TextRoom {
  readonly width: number;
  readonly height: number;
  /** What stands there if the text has no lines. */
  readonly empty: string;
}

/** The lines of a text from its position on, as far as they fit. */
export function textBody(
  text: TextState,
  { width, height, empty }: TextRoom,
  look: Look,
): { readonly lines: readonly string[]; readonly scroll: Scroll } {
  const { lines, top } = text;
  const rows: string[] = [];
  let shown = 0;
  for (let index = top; index < lines.length && rows.length < height; index += 1) {
    shown += 1;
    const mark = index === text.found ? look.theme.paint('accent', look.glyphs.pointer) : ' ';
    for (const [part, row] of rowsOfLine(lines[index] ?? '', width, height, look).entries())
      rows.push(`${part === 0 ? mark : ' '}${marked(row, text, look)}`);
  }
  const none = lines.length === 0 ? emptyLines(text.filter === undefined ? empty : `No line matches ${text.filter.text}`, width, look) : [];
  return { lines: [...none, ...rows.slice(0, height)], scroll: { top, visible: shown, count: lines.length, from: 0 } };
}
