import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RE2JS } from 're2js';
import { requiredText } from './required-text.ts';

/**
 * Regular expressions of a user, in time linear in the text, whatever was typed: JavaScript's own engine runs forever on some (`(a+)+$`),
 * and cannot be stopped then.
 */
export interface Pattern {
  readonly test: (text: string) => boolean;
  /** False: no line of the text matches. True: one may; which one is then for `test` to say. Many lines are left out at once. */
  readonly mayMatch: (lines: string) => boolean;
  /** All matches, from left to right; none is empty. */
  readonly hits: (text: string) => readonly Hit[];
}

/** From `start` up to, but not including, `end`, in UTF-16 code units. */
export interface Hit {
  readonly start: number;
  readonly end: number;
}

export type Compiled =
  | { readonly kind: 'pattern'; readonly pattern: Pattern }
  | { readonly kind: 'wrong'; readonly reason: string }
  | { readonly kind: 'loading' };

let engine: typeof RE2JS | undefined;
let loading: Promise<void> | undefined;

/** Loads the engine. Neither a first frame nor first data should wait for that: it is for whoever begins to type an expression. */
export function loadPatterns(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  const { RE2JS: loaded } = await import('re2js');
  // Keys come between loading and warming up.
  await nextTurn();
  // The first expression takes 20 ms more than the second: that time is spent here, before one is typed.
  linearPattern('(a|[bc])+.*\\d$', loaded, loaded.CASE_INSENSITIVE).hits('an expression that finds 1');
  engine = loaded;
}

/**
 * Literal characters, `.`, `\d`, `\w`, `\b`, `^`, `$`, simple classes and a choice between such texts. Nothing in it repeats, so
 * JavaScript's own engine is linear as well, and ten times as fast.
 */
const steady = /^(?:[\w\s\u00a0-\ud7ff#%&',/:;<=>@`~!"^$.|-]|\\[dwbDWB.*+?()[\]{}|^$/\\-]|\[\^?(?:[\w ,:;=@#%/.-])+\])*$/;

/** Compiles the expression in `source`; `loading` until `loadPatterns` has resolved. */
export function compilePattern(source: string, { ignoreCase }: { readonly ignoreCase: boolean }): Compiled {
  if (steady.test(source)) {
    const native = nativeExpression(source, ignoreCase);
    if (native !== undefined) return { kind: 'pattern', pattern: nativePattern(native) };
  }
  if (engine === undefined) return { kind: 'loading' };
  try {
    return { kind: 'pattern', pattern: linearPattern(source, engine, ignoreCase ? engine.CASE_INSENSITIVE : 0) };
  } catch (error) {
    return { kind: 'wrong', reason: reasonOf(source, error) };
  }
}

/** Undefined: not an expression after all (`[z-a]`); the other engine gives the reason. */
function nativeExpression(source: string, ignoreCase: boolean): RegExp | undefined {
  try {
    return new RegExp(source, ignoreCase ? 'i' : '');
  } catch {
    return undefined;
  }
}

function nativePattern(expression: RegExp): Pattern {
  const every = new RegExp(expression, `${expression.flags}g`);
  const anyLine = new RegExp(expression, `${expression.flags}m`);
  return {
    test: (text) => expression.test(text),
    mayMatch: (lines) => anyLine.test(lines),
    hits: (text) =>
      Array.from(text.matchAll(every), ({ index, 0: { length } }) => ({ start: index, end: index + length })).filter(
        ({ start, end }) => end > start,
      ),
  };
}

function linearPattern(source: string, engine: typeof RE2JS, flags: number): Pattern {
  const expression = engine.compile(source, flags);
  // Only who searches many lines pays for these.
  let anyLine: RE2JS | undefined;
  let required: RegExp | undefined;
  return {
    test: (text) => expression.test(text),
    mayMatch(lines) {
      // With the cases of Unicode, as the other engine has them.
      required ??= new RegExp(requiredText(source).replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`), 'iu');
      return required.test(lines) && (anyLine ??= engine.compile(source, flags | engine.MULTILINE)).test(lines);
    },
    hits(text) {
      const hits: Hit[] = [];
      const matcher = expression.matcher(text);
      while (matcher.find()) if (matcher.end() > matcher.start()) hits.push({ start: matcher.start(), end: matcher.end() });
      return hits;
    },
  };
}

/** Constructs that need backtracking, which linear engines do not support. */
const looksAround = /(?<!\\)(?:\\\\)*(?:\(\?<?[=!]|\\[1-9])/;

function reasonOf(source: string, error: unknown): string {
  if (looksAround.test(source)) return 'look-ahead, look-behind and back-references are not supported';
  const message = error instanceof Error ? error.message : String(error);
  // The expression in the message includes the flag that ignores case.
  return message
    .replace(/^error parsing regexp: /, '')
    .replaceAll('`', '')
    .replace(source.startsWith('(?i)') ? '' : '(?i)', '');
}
