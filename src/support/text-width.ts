import stringWidth from 'string-width';

/**
 * Text measured and cut in terminal cells. SGR sequences (colours) have no width and survive a cut; other control sequences are
 * expected to be gone before.
 */

const ESC = 0x1b;
const sgrPattern = /\u001b\[[\d;:]*m/g;
const resetSequence = '\u001b[0m';

/**
 * Code units beyond ASCII that every terminal draws in one cell and that never join a neighbour: what the screen is made of
 * (Latin-1, punctuation, arrows, box drawing, blocks, geometric shapes without the two that are emoji, Braille).
 */
function isNarrow(code: number): boolean {
  if (code < 0x7f) return code >= 0x20;
  if (code <= 0xff) return code >= 0xa1 && code !== 0xad;
  if (code < 0x2010) return false;
  if (code <= 0x2027) return true;
  if (code >= 0x2190 && code <= 0x21ff) return true;
  if (code >= 0x2500 && code <= 0x25ff) return code !== 0x25fd && code !== 0x25fe;
  if (code >= 0x2800 && code <= 0x28ff) return true;
  return code === 0x2039 || code === 0x203a || code === 0x23ce || code === 0x27f3 || code === 0x2605 || code === 0x2713 || code === 0x2717;
}

/** Index after the SGR sequence that begins at `index`, or `index` when there is none. */
function afterSgr(text: string, index: number): number {
  if (text.charCodeAt(index + 1) !== 0x5b) return index;
  for (let end = index + 2; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x6d) return end + 1;
    if ((code < 0x30 || code > 0x3b)) return index;
  }
  return index;
}

/** True when every character of `text` (SGR apart) takes exactly one cell by itself. */
export function isSimple(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === ESC) {
      const after = afterSgr(text, index);
      if (after === index) return false;
      index = after - 1;
    } else if (!isNarrow(code)) {
      return false;
    }
  }
  return true;
}

/** Cells that `text` takes. */
export function width(text: string): number {
  let cells = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === ESC) {
      const after = afterSgr(text, index);
      if (after === index) return stringWidth(text);
      index = after - 1;
    } else if (isNarrow(code)) {
      cells++;
    } else {
      return stringWidth(text);
    }
  }
  return cells;
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What a reader sees as one character, one after the other. */
export function graphemes(text: string): string[] {
  if (isSimple(text) && !text.includes('\u001b')) return Array.from(text);
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

/**
 * The cells `from` (inclusive) to `to` (exclusive). A wide character that is cut in half becomes a blank. Colours that are active at
 * `from` are opened again, and closed at the end.
 */
export function slice(text: string, from: number, to: number): string {
  if (to <= from) return '';
  if (!text.includes('\u001b')) return slicePlain(text, from, to).text;
  let result = '';
  let styles = '';
  let cell = 0;
  let last = 0;
  const visit = (plain: string): void => {
    const cut = slicePlain(plain, Math.max(0, from - cell), to - cell);
    if (cut.text !== '') result += cut.text;
    cell += width(plain);
  };
  sgrPattern.lastIndex = 0;
  for (let match = sgrPattern.exec(text); match !== null; match = sgrPattern.exec(text)) {
    visit(text.slice(last, match.index));
    last = match.index + match[0].length;
    if (cell >= to) break;
    styles = /\[0*m$/.test(match[0]) ? '' : styles + match[0];
    result += match[0];
  }
  if (cell < to) visit(text.slice(last));
  return styles === '' ? result : result + resetSequence;
}

function slicePlain(text: string, from: number, to: number): { readonly text: string } {
  if (to <= from) return { text: '' };
  if (isSimple(text)) return { text: text.slice(from, to) };
  let result = '';
  let cell = 0;
  for (const part of graphemes(text)) {
    const cells = stringWidth(part);
    const start = cell;
    cell += cells;
    if (cell <= from) continue;
    if (start >= to) break;
    result += start < from || cell > to ? ' '.repeat(Math.min(cell, to) - Math.max(start, from)) : part;
  }
  return { text: result };
}

/** At most `cells` cells; what was longer ends with `mark`. */
export function truncate(text: string, cells: number, mark = '…'): string {
  if (cells <= 0) return '';
  if (width(text) <= cells) return text;
  const markCells = width(mark);
  return cells <= markCells ? slice(text, 0, cells) : slice(text, 0, cells - markCells) + mark;
}

/** Exactly `cells` cells: cut with `mark`, or filled with blanks at the end (`start`: at the beginning, for numbers). */
export function pad(text: string, cells: number, side: 'end' | 'start' = 'end', mark = '…'): string {
  const used = width(text);
  if (used > cells) return pad(truncate(text, cells, mark), cells, side, '');
  const blanks = ' '.repeat(Math.max(0, cells - used));
  return side === 'end' ? text + blanks : blanks + text;
}

/** Without its colours. */
export function plain(text: string): string {
  return text.includes('\u001b') ? text.replace(sgrPattern, '') : text;
}

/** Lines of at most `cells` cells; breaks at blanks where there are some in the second half of a line. */
export function wrap(text: string, cells: number): string[] {
  if (cells <= 0) return [];
  const lines: string[] = [];
  let rest = text;
  while (width(rest) > cells) {
    const head = plain(slice(rest, 0, cells + 1));
    const blank = head.lastIndexOf(' ');
    const at = blank > head.length / 2 ? width(head.slice(0, blank)) : cells;
    lines.push(slice(rest, 0, at));
    const skip = blank > head.length / 2 ? 1 : 0;
    const next = slice(rest, at + skip, width(rest));
    if (width(next) >= width(rest)) break;
    rest = next;
  }
  lines.push(rest);
  return lines;
}
