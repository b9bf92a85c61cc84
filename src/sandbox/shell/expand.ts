import { sumOf } from './arithmetic.ts';
import type { Disk } from './disk.ts';
import type { Running } from './input.ts';
import { expressionOf, isPattern, literal, pathsOf, plain } from './pattern.ts';
import type { Change, Part, Script, Word } from './syntax.ts';

/** What words are expanded with. */
export interface Values {
  readonly disk: Disk;
  readonly folder: string;
  readonly positional: readonly string[];
  /** Undefined: it is not set. `$1`, `$#` and `$?` are variables, too. */
  variable(name: string): string | undefined;
  set(name: string, value: string): void;
  /** What a script prints, without the ends of its last lines. */
  output(script: Script): Running<string>;
}

/** A field as a pattern: what was quoted in it is literal. */
type Field = { pattern: string; quoted: boolean };

/** The words that a command is given. */
export function* fieldsOf(words: readonly Word[], values: Values): Running<readonly string[]> {
  const found: string[] = [];
  for (const word of words) {
    for (const { pattern, quoted } of yield* divided(word, values)) {
      if (pattern === '' && !quoted) continue;
      const paths = isPattern(pattern) ? pathsOf(values.disk, values.folder, pattern) : [];
      found.push(...(paths.length > 0 ? paths : [plain(pattern)]));
    }
  }
  return found;
}

/** A word that is one text, whatever is in it. */
export function* textOf(word: Word, values: Values): Running<string> {
  return plain(yield* patternOf(word, values));
}

/** A word as a pattern. */
export function* patternOf(word: Word, values: Values): Running<string> {
  let pattern = '';
  for (const part of word) pattern += yield* partOf(part, values);
  return pattern;
}

function* divided(word: Word, values: Values): Running<readonly Field[]> {
  const [first] = word;
  const home = first?.kind === 'text' && !first.quoted && first.text === '~' ? values.variable('HOME') : undefined;
  const fields: Field[] = [{ pattern: '', quoted: false }];
  const last = (): Field => fields[fields.length - 1] as Field;
  for (const part of word) {
    if (part === first && home !== undefined && isPathAfter(word)) last().pattern += literal(home);
    else if (part.kind === 'variable' && part.name === '@' && part.quoted) {
      values.positional.forEach((value, index) => {
        if (index > 0) fields.push({ pattern: '', quoted: true });
        last().pattern += literal(value);
        last().quoted = true;
      });
    } else if (part.kind === 'text' || part.quoted) {
      last().pattern += yield* partOf(part, values);
      last().quoted ||= part.quoted;
    } else {
      const value = plain(yield* partOf(part, values));
      if (/^\s/.test(value)) fields.push({ pattern: '', quoted: false });
      value
        .trim()
        .split(/\s+/)
        .forEach((piece, index) => {
          if (index > 0) fields.push({ pattern: '', quoted: false });
          last().pattern += piece.replace(/\\/g, '\\\\');
        });
      if (/\S\s+$/.test(value)) fields.push({ pattern: '', quoted: false });
    }
  }
  return fields;
}

/** `~` stands alone, or before a path. */
function isPathAfter([, next]: Word): boolean {
  return next === undefined || (next.kind === 'text' && next.text.startsWith('/'));
}

function* partOf(part: Part, values: Values): Running<string> {
  switch (part.kind) {
    case 'text':
      return part.quoted ? literal(part.text) : part.text;
    case 'output':
      return literal(yield* values.output(part.of));
    case 'sum':
      return String(sumOf(yield* textOf(part.word, values), (name) => values.variable(name) ?? ''));
    case 'variable':
      if (part.name.startsWith('#') && part.name !== '#') return String((values.variable(part.name.slice(1)) ?? '').length);
      return literal(yield* changed(part.name, part.change, values));
  }
}

function* changed(name: string, change: Change | undefined, values: Values): Running<string> {
  const value = values.variable(name);
  if (change === undefined) return value ?? '';
  const { how, word } = change;
  const isMissing = value === undefined || (how.startsWith(':') && value === '');
  switch (how) {
    case '-':
    case ':-':
      return isMissing ? yield* textOf(word, values) : value;
    case '+':
    case ':+':
      return isMissing ? '' : yield* textOf(word, values);
    case ':=': {
      if (!isMissing) return value;
      const given = yield* textOf(word, values);
      values.set(name, given);
      return given;
    }
    default:
      return withoutEnd(value ?? '', how, yield* patternOf(word, values));
  }
}

/** Without the shortest or the longest beginning or end that matches. */
function withoutEnd(value: string, how: '%' | '%%' | '#' | '##', pattern: string): string {
  const expression = new RegExp(`^(?:${expressionOf(pattern)})$`);
  const cuts = Array.from({ length: value.length + 1 }, (_, index) => index);
  const fromFront = how === '#' || how === '%%';
  const ordered = fromFront ? cuts : cuts.toReversed();
  const atEnd = how.startsWith('%');
  const cut = ordered.find((at) => expression.test(atEnd ? value.slice(at) : value.slice(0, at)));
  if (cut === undefined) return value;
  return atEnd ? value.slice(0, cut) : value.slice(cut);
}
