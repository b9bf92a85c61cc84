import { graphemes, width } from '../../support/text-width.ts';

/** A line that is being typed. `cursor` is a UTF-16 offset on the boundary of a grapheme. */
export interface LineText {
  readonly text: string;
  readonly cursor: number;
}

export const lineOf = (text: string): LineText => ({ text, cursor: text.length });

/** Inserts typed or pasted text as one insertion; line breaks become spaces, so that a paste never runs anything. */
export function insert({ text, cursor }: LineText, typed: string): LineText {
  const clean = typed.replace(/\r\n|[\r\n\t]/g, ' ').replace(/\p{Cc}/gu, '');
  return { text: text.slice(0, cursor) + clean + text.slice(cursor), cursor: cursor + clean.length };
}

export function replace({ text }: LineText, from: number, to: number, by: string): LineText {
  return { text: text.slice(0, from) + by + text.slice(to), cursor: from + by.length };
}

function before({ text, cursor }: LineText): number {
  // A grapheme is rarely longer than this; segmenting the whole of a long paste for each key would be slow.
  const from = Math.max(0, cursor - 64);
  return cursor - (graphemes(text.slice(from, cursor)).at(-1)?.length ?? 0);
}

function after({ text, cursor }: LineText): number {
  return cursor + (graphemes(text.slice(cursor, cursor + 64))[0]?.length ?? 0);
}

const isWordSign = (sign: string | undefined): boolean => sign !== undefined && /[\p{L}\p{N}_]/u.test(sign);

function wordBefore({ text, cursor }: LineText): number {
  let at = cursor;
  while (at > 0 && !isWordSign(text[at - 1])) at--;
  while (at > 0 && isWordSign(text[at - 1])) at--;
  return at;
}

function wordAfter({ text, cursor }: LineText): number {
  let at = cursor;
  while (at < text.length && !isWordSign(text[at])) at++;
  while (at < text.length && isWordSign(text[at])) at++;
  return at;
}

const moved = (line: LineText, cursor: number): LineText => (cursor === line.cursor ? line : { ...line, cursor });

/** The edits of keys, as in Emacs and readline. */
export const edits = {
  left: (line: LineText) => moved(line, before(line)),
  right: (line: LineText) => moved(line, after(line)),
  'word-left': (line: LineText) => moved(line, wordBefore(line)),
  'word-right': (line: LineText) => moved(line, wordAfter(line)),
  'line-start': (line: LineText) => moved(line, 0),
  'line-end': (line: LineText) => moved(line, line.text.length),
  'delete-left': (line: LineText) => replace(line, before(line), line.cursor, ''),
  'delete-right': (line: LineText) => ({ ...line, text: line.text.slice(0, line.cursor) + line.text.slice(after(line)) }),
  'delete-word': (line: LineText) => {
    // As in a shell, Ctrl+W deletes back to a space.
    const from = line.text.slice(0, line.cursor).replace(/\S*\s*$/u, '').length;
    return replace(line, from, line.cursor, '');
  },
  'delete-word-left': (line: LineText) => replace(line, wordBefore(line), line.cursor, ''),
  'delete-word-right': (line: LineText) => ({ ...line, text: line.text.slice(0, line.cursor) + line.text.slice(wordAfter(line)) }),
  'delete-to-end': (line: LineText) => ({ ...line, text: line.text.slice(0, line.cursor) }),
  'delete-to-start': (line: LineText) => ({ text: line.text.slice(line.cursor), cursor: 0 }),
} satisfies Record<string, (line: LineText) => LineText>;

export type Edit = keyof typeof edits;

const isEdit = (name: string): name is Edit => Object.hasOwn(edits, name);

/** The edit of an action in the key table: `left` for `edit.left`. */
export function editOf(action: string): Edit | undefined {
  const name = action.replace(/^edit\./, '');
  return action !== name && isEdit(name) ? name : undefined;
}

/** The offset of the character at a cell of the field, which has `room` cells; beyond the end, it is the end. */
export function offsetAt(line: LineText, cell: number, room: number): number {
  const { text, from } = visiblePart(line, room);
  let offset = from;
  let cells = 0;
  for (const part of graphemes(text)) {
    cells += width(part);
    if (cells > cell) return offset;
    offset += part.length;
  }
  return offset;
}

/** The part of the line that fits into `room` cells around the cursor, and the cell of the cursor in it. */
export function visiblePart(
  { text, cursor }: LineText,
  room: number,
): { readonly text: string; readonly cell: number; readonly from: number } {
  if (room <= 1) return { text: '', cell: 0, from: 0 };
  // Measure only around the cursor: a pasted line can be long.
  let from = Math.max(0, cursor - room);
  if (/[\uDC00-\uDFFF]/.test(text[from] ?? '')) from++;
  const boundary = graphemes(text.slice(from, cursor));
  let cell = width(boundary.join(''));
  while (cell > room - 1) {
    const first = boundary.shift();
    if (first === undefined) break;
    from += first.length;
    cell -= width(first);
  }
  let shown = '';
  let cells = 0;
  for (const part of graphemes(text.slice(from, from + room * 4))) {
    const next = cells + width(part);
    if (next > room) break;
    shown += part;
    cells = next;
  }
  return { text: shown, cell, from };
}
