/**
 * What drey changed in a logging file, as a comment above the changed lines: whoever reads the file sees it, and every drey can take it back,
 * also on another machine.
 */
export interface Mark {
  /** The logger whose level was set, or `interval`. */
  readonly of: string;
  /** ISO 8601. */
  readonly at: string;
  /** When it was to be taken back; undefined: when somebody asks for it. */
  readonly until?: string | undefined;
  /** The number of lines below the mark that stand in place of `was`. */
  readonly lines: number;
  /** The lines that stood there, with their ends; empty: they were added. */
  readonly was: string;
}

/** How a file writes comments. */
export type CommentStyle = '#' | '<!--';

export const intervalMark = 'interval';

/** Whole lines of a text that become others. */
export interface LineEdit {
  readonly of: string;
  /** At the beginning of a line. */
  readonly from: number;
  readonly to: number;
  readonly now: string;
}

/** The text with these lines changed, and a mark above them. */
export function marked(text: string, edit: LineEdit, { at, until }: Pick<Mark, 'at' | 'until'>, style: CommentStyle): string {
  const { of, to, now } = edit;
  const added = edit.from === to;
  // A mark and its lines stay together.
  const above = text.lastIndexOf('\n', edit.from - 2) + 1;
  const from = added && markOf(text.slice(above, edit.from)) !== undefined ? above : edit.from;
  const mark: Mark = { of, at, until, lines: linesIn(now).length, was: added ? '' : text.slice(from, to) };
  // The file stays ASCII, which is what Java reads in any encoding; two hyphens would end a comment of XML.
  const json = JSON.stringify(mark)
    .replaceAll(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .replaceAll('--', '-\\u002d');
  return `${text.slice(0, from)}${style} drey: ${json}${style === '#' ? '' : ' -->'}${lineEndOf(text)}${now}${text.slice(added ? from : to)}`;
}

export const isMarkLine = (line: string): boolean => markOf(line) !== undefined;

export const marksIn = (text: string): readonly Mark[] =>
  linesIn(text)
    .map(markOf)
    .filter((mark) => mark !== undefined);

/** The text as it was before the changes of these loggers. */
export function unmarked(text: string, wanted: (of: string) => boolean): string {
  const lines = linesIn(text);
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const mark = markOf(line);
    if (mark === undefined || !wanted(mark.of)) {
      kept.push(line);
      continue;
    }
    kept.push(mark.was);
    at += mark.lines;
  }
  return kept.join('');
}

const linesIn = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

export const lineEndOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

function markOf(line: string): Mark | undefined {
  const json = /^(?:#|<!--) drey: (\{.*\})(?: -->)?\r?\n?$/.exec(line)?.[1];
  if (json === undefined) return undefined;
  try {
    const { of, at, until, lines, was } = JSON.parse(json) as Readonly<Record<keyof Mark, unknown>>;
    if (typeof of !== 'string' || typeof at !== 'string' || typeof lines !== 'number' || typeof was !== 'string') return undefined;
    return { of, at, lines, was, ...(typeof until === 'string' ? { until } : {}) };
  } catch {
    // Somebody wrote a comment that only looks like a mark.
    return undefined;
  }
}
