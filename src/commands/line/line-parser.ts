import { singleQuoted } from '../../support/shell-word.ts';
/** One word of a line, unquoted, with its position. */
export interface Word {
  readonly text: string;
  /** Offsets in the line, quotes included. */
  readonly from: number;
  readonly to: number;
}

export interface SplitLine {
  readonly words: readonly Word[];
  /** An unclosed quote, or a backslash at the end of the line, with its offset. The words are still those up to here. */
  readonly open: { readonly sign: "'" | '"' | '\\'; readonly at: number } | undefined;
}

const blank = /\s/;

/**
 * Splits a line into words like a POSIX shell: single quotes keep everything, double quotes know `\"`, `\\`, `\$` and `` \` ``, a backslash
 * outside quotes keeps the next character. Nothing is expanded.
 */
export function splitLine(line: string): SplitLine {
  const words: Word[] = [];
  let open: SplitLine['open'];
  let at = 0;
  while (at < line.length) {
    if (blank.test(line[at] ?? '')) {
      at += 1;
      continue;
    }
    const from = at;
    let text = '';
    while (at < line.length && !blank.test(line[at] ?? '')) {
      const sign = line[at];
      if (sign === "'" || sign === '"') {
        const quoted = readQuoted(line, at, sign);
        text += quoted.text;
        if (!quoted.closed) open = { sign, at };
        at = quoted.next;
      } else if (sign === '\\') {
        if (at + 1 === line.length) open = { sign, at };
        text += line[at + 1] ?? '';
        at += 2;
      } else {
        text += sign;
        at += 1;
      }
    }
    words.push({ text, from, to: Math.min(at, line.length) });
  }
  return { words, open };
}

function readQuoted(
  line: string,
  start: number,
  sign: "'" | '"',
): { readonly text: string; readonly next: number; readonly closed: boolean } {
  let text = '';
  let at = start + 1;
  while (at < line.length) {
    const next = line[at + 1];
    if (line[at] === sign) return { text, next: at + 1, closed: true };
    if (sign === '"' && line[at] === '\\' && next !== undefined && '"\\$`'.includes(next)) {
      text += next;
      at += 2;
    } else {
      text += line[at];
      at += 1;
    }
  }
  return { text, next: at, closed: false };
}

/** The word as it has to be typed so that `splitLine` returns it. */
export function quoteWord(word: string): string {
  if (/^[\w@%+=:,./~^-]+$/.test(word)) return word;
  return singleQuoted(word);
}
