import { dateExpression } from './date-format.ts';

/** A part of a layout, in the order in which a line has them. */
export type Step =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'date'; readonly expression: RegExp; readonly width: Width }
  | { readonly kind: 'field'; readonly name: FieldName; readonly width: Width };

/** What a line says in this place; `number` and `other` are only skipped. */
export type FieldName = 'level' | 'logger' | 'thread' | 'message' | 'number' | 'other';

/** `%-5p`: at least five characters, padded at the end. */
export interface Width {
  readonly least: number;
  readonly padded: 'start' | 'end';
}

const noWidth: Width = { least: 0, padded: 'start' };

/** `wrapper`: around a pattern; `perhaps`: around one that is left out if it is empty; `nothing`: not in the first line of an entry. */
type Meaning = FieldName | 'date' | 'wrapper' | 'perhaps' | 'nothing';

/** Conversion words of log4j 2.25 (PatternLayout) and logback 1.5 (PatternLayout), and Spring's `clr`. */
const meanings: Readonly<Record<string, Meaning>> = {
  ...all('date', 'd date'),
  ...all('level', 'p le level'),
  ...all('logger', 'c lo logger'),
  ...all('thread', 't tn thread threadName'),
  ...all('message', 'm msg message'),
  ...all('number', 'L line r relative T tid threadId tp threadPriority sn sequenceNumber pid processId N nano nanoTime lsn kvp micros'),
  ...all(
    'other',
    'C class F file l location M method x NDC X mdc MDC K map MAP u uuid marker markerSimpleName caller cn contextName property fqcn endOfBatch',
  ),
  ...all('nothing', 'n ex exception throwable xEx xThrowable xException rEx rThrowable rException nopex nopexception wEx wex'),
  ...all('wrapper', 'highlight style maxLen maxLength replace enc encode clr'),
  ...all('perhaps', 'notEmpty varsNotEmpty variablesNotEmpty'),
  ...all('wrapper', 'black red green yellow blue magenta cyan white gray faint'),
  ...all('wrapper', 'boldRed boldGreen boldYellow boldBlue boldMagenta boldCyan boldWhite'),
};

function all(meaning: Meaning, words: string): Readonly<Record<string, Meaning>> {
  return Object.fromEntries(words.split(' ').map((word) => [word, meaning]));
}

const longestWord = Math.max(...Object.keys(meanings).map(({ length }) => length));

/** Nobody nests colours deeper. */
const deepest = 8;

/** The steps of a pattern of log4j or logback; undefined if it has a word that is not known, or no message. */
export function stepsOf(pattern: string): readonly Step[] | undefined {
  const steps = parse(pattern, 0);
  return steps?.some((step) => step.kind === 'field' && step.name === 'message') === true ? joined(steps) : undefined;
}

function parse(pattern: string, depth: number): readonly Step[] | undefined {
  if (depth > deepest) return undefined;
  const steps: Step[] = [];
  let at = 0;
  while (at < pattern.length) {
    if (pattern[at] !== '%') {
      const { text, end } = literalAt(pattern, at);
      steps.push({ kind: 'text', text });
      at = end;
      continue;
    }
    if (pattern[at + 1] === '%') {
      steps.push({ kind: 'text', text: '%' });
      at += 2;
      continue;
    }
    const one = conversionAt(pattern, at, depth);
    if (one === undefined) return undefined;
    steps.push(...one.steps);
    at = one.end;
  }
  return steps;
}

/** Text up to the next conversion word. A backslash takes away the meaning of the character after it. */
function literalAt(pattern: string, from: number): { readonly text: string; readonly end: number } {
  let text = '';
  let at = from;
  while (at < pattern.length && pattern[at] !== '%') {
    if (pattern[at] === '\\' && at + 1 < pattern.length) {
      at += 1;
      text += pattern[at] === 't' ? '\t' : pattern[at] === 'n' || pattern[at] === 'r' ? '' : (pattern[at] ?? '');
    } else text += pattern[at] ?? '';
    at += 1;
  }
  return { text, end: at };
}

interface Parsed {
  readonly steps: readonly Step[];
  readonly end: number;
}

function conversionAt(pattern: string, from: number, depth: number): Parsed | undefined {
  const head = /^%(-?)0?(\d{0,4})(?:\.-?\d{1,6})?/.exec(pattern.slice(from, from + 24));
  if (head === null) return undefined;
  const width: Width = head[2] === '' ? noWidth : { least: Number(head[2]), padded: head[1] === '-' ? 'end' : 'start' };
  let at = from + head[0].length;
  if (pattern[at] === '(') return wrapped(pattern, at, depth);
  const word = wordAt(pattern, at);
  if (word === undefined) return undefined;
  const meaning = meanings[word] as Meaning;
  at += word.length;
  if (meaning === 'wrapper') return wrapped(pattern, at, depth);
  if (meaning === 'perhaps') return perhaps(wrapped(pattern, at, depth));
  const options: string[] = [];
  while (pattern[at] === '{') {
    const end = closing(pattern, at);
    if (end < 0) return undefined;
    options.push(pattern.slice(at + 1, end));
    at = end + 1;
  }
  return { steps: stepOf(meaning, options, width), end: at };
}

function stepOf(meaning: Exclude<Meaning, 'wrapper' | 'perhaps'>, [first = '']: readonly string[], width: Width): readonly Step[] {
  if (meaning === 'nothing') return [];
  // logback writes the format as in SimpleDateFormat, and may quote it if it contains a comma.
  if (meaning === 'date') return [{ kind: 'date', expression: dateExpression(first.replace(/^"(.*)"$/, '$1')), width }];
  return [{ kind: 'field', name: meaning, width }];
}

/** log4j takes the longest word that it knows: in `%pid` it is not `p`. */
function wordAt(pattern: string, from: number): string | undefined {
  for (let length = longestWord; length > 0; length -= 1) {
    const word = pattern.slice(from, from + length);
    if (word.length === length && Object.hasOwn(meanings, word)) return word;
  }
  return undefined;
}

/** `%highlight{%p}{…}` of log4j, `%highlight(%p)` of logback: the pattern in it is what is written, perhaps in a colour. */
function wrapped(pattern: string, from: number, depth: number): Parsed | undefined {
  const end = pattern[from] === '{' || pattern[from] === '(' ? closing(pattern, from) : -1;
  if (end < 0) return undefined;
  const steps = parse(pattern.slice(from + 1, end), depth + 1);
  let at = end + 1;
  while (pattern[at] === '{') {
    const close = closing(pattern, at);
    if (close < 0) return undefined;
    at = close + 1;
  }
  return steps === undefined ? undefined : { steps, end: at };
}

/** Whatever stands there is skipped: it may be nothing. */
function perhaps(found: Parsed | undefined): Parsed | undefined {
  if (found === undefined || found.steps.some((step) => step.kind === 'field' && step.name === 'message')) return found;
  return { steps: [{ kind: 'field', name: 'other', width: noWidth }], end: found.end };
}

/** Index of the bracket that closes the one at `from`; -1: it stays open. */
function closing(pattern: string, from: number): number {
  const open = pattern[from];
  const close = open === '{' ? '}' : ')';
  let depth = 0;
  for (let at = from; at < pattern.length; at += 1) {
    if (pattern[at] === '\\') at += 1;
    else if (pattern[at] === open) depth += 1;
    else if (pattern[at] === close && (depth -= 1) === 0) return at;
  }
  return -1;
}

/** Neighbouring texts are one; spaces at the end of the last one are not in a line. */
function joined(steps: readonly Step[]): readonly Step[] {
  const all: Step[] = [];
  for (const step of steps) {
    const last = all.at(-1);
    if (step.kind === 'text' && last?.kind === 'text') all[all.length - 1] = { kind: 'text', text: last.text + step.text };
    else if (step.kind !== 'text' || step.text !== '') all.push(step);
  }
  const last = all.at(-1);
  return last?.kind === 'text' && last.text.trim() === '' ? all.slice(0, -1) : all;
}
