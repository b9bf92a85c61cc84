import { type Cursor, readWord } from './read-word.ts';
import { type Chain, type Clause, type Command, type Pipeline, type Redirection, type Script, SyntaxProblem, type Word } from './syntax.ts';

/** Reads a script of the POSIX shell, without here-documents and jobs in the background. Throws a `SyntaxProblem`. */
export function readScript(text: string): Script {
  const cursor = { text, at: 0 };
  const script = scriptOf(cursor);
  if (cursor.at < text.length) throw new SyntaxProblem(`"${nextWord(cursor)}" unexpected`, false);
  return script;
}

const closing = /^(?:then|elif|else|fi|do|done|esac|\})(?![^\s;&|<>()])/;
const closes = (cursor: Cursor): boolean => {
  const rest = cursor.text.slice(cursor.at, cursor.at + 5);
  return rest.startsWith(')') || rest.startsWith(';;') || closing.test(rest);
};

/** Reads up to the end of the text, or to what ends the command around it. */
function scriptOf(cursor: Cursor): Script {
  const chains: Chain[] = [];
  for (;;) {
    skip(cursor, /(?:[ \t\n]|\\\n|#[^\n]*)+/y);
    if (cursor.at >= cursor.text.length || closes(cursor)) return chains;
    chains.push(chainOf(cursor));
    skipBlanks(cursor);
    if (!cursor.text.startsWith(';;', cursor.at)) skip(cursor, /[;&]/y);
  }
}

function chainOf(cursor: Cursor): Chain {
  const pipelines: Chain['pipelines'][number][] = [{ after: undefined, pipeline: pipelineOf(cursor) }];
  for (;;) {
    const after = taken(cursor, /&&|\|\|/y);
    if (after !== '&&' && after !== '||') return { pipelines };
    skip(cursor, /\s+/y);
    pipelines.push({ after, pipeline: pipelineOf(cursor) });
  }
}

function pipelineOf(cursor: Cursor): Pipeline {
  const not = keyword(cursor, '!');
  const commands = [commandOf(cursor)];
  while (taken(cursor, /\|(?!\|)/y) !== undefined) {
    skip(cursor, /\s+/y);
    commands.push(commandOf(cursor));
  }
  return { not, commands };
}

function commandOf(cursor: Cursor): Command {
  skipBlanks(cursor);
  const name = taken(cursor, /[A-Za-z_]\w*(?=\(\))/y);
  if (name !== undefined) {
    cursor.at += 2;
    skip(cursor, /\s+/y);
    return { kind: 'define', name, body: commandOf(cursor) };
  }
  const compound = compoundOf(cursor);
  if (compound === undefined) return simpleOf(cursor);
  const redirections: Redirection[] = [];
  for (let next = redirectionOf(cursor); next !== undefined; next = redirectionOf(cursor)) redirections.push(next);
  return { ...compound, redirections };
}

type Compound<C = Exclude<Command, { kind: 'simple' | 'define' }>> = C extends unknown ? Omit<C, 'redirections'> : never;

function compoundOf(cursor: Cursor): Compound | undefined {
  if (keyword(cursor, 'if')) return branches(cursor);
  if (keyword(cursor, 'while')) return { kind: 'loop', until: false, clause: loopOf(cursor) };
  if (keyword(cursor, 'until')) return { kind: 'loop', until: true, clause: loopOf(cursor) };
  if (keyword(cursor, 'for')) return forOf(cursor);
  if (keyword(cursor, 'case')) return caseOf(cursor);
  if (keyword(cursor, '{')) return { kind: 'group', apart: false, body: upTo(cursor, '}') };
  if (taken(cursor, /\(/y) === undefined) return undefined;
  const body = scriptOf(cursor);
  if (taken(cursor, /\)/y) === undefined) throw unexpected(cursor);
  return { kind: 'group', apart: true, body };
}

function branches(cursor: Cursor): Compound {
  const clauses: Clause[] = [];
  do clauses.push({ condition: upTo(cursor, 'then'), body: scriptOf(cursor) });
  while (keyword(cursor, 'elif'));
  const otherwise = keyword(cursor, 'else') ? scriptOf(cursor) : undefined;
  expect(cursor, 'fi');
  return { kind: 'if', clauses, otherwise };
}

const loopOf = (cursor: Cursor): Clause => ({ condition: upTo(cursor, 'do'), body: upTo(cursor, 'done') });

function forOf(cursor: Cursor): Compound {
  skipBlanks(cursor);
  const name = taken(cursor, /[A-Za-z_]\w*/y);
  if (name === undefined) throw unexpected(cursor);
  skip(cursor, /\s+/y);
  const words = keyword(cursor, 'in') ? wordsOf(cursor) : undefined;
  skip(cursor, /[\s;]+/y);
  expect(cursor, 'do');
  return { kind: 'for', name, words, body: upTo(cursor, 'done') };
}

function wordsOf(cursor: Cursor): readonly Word[] {
  const words: Word[] = [];
  for (let word = wordOf(cursor); word !== undefined; word = wordOf(cursor)) words.push(word);
  return words;
}

function caseOf(cursor: Cursor): Compound {
  const subject = wordOf(cursor);
  skip(cursor, /\s+/y);
  if (subject === undefined || !keyword(cursor, 'in')) throw unexpected(cursor);
  const cases: { readonly patterns: readonly Word[]; readonly body: Script }[] = [];
  for (;;) {
    skip(cursor, /\s+/y);
    if (keyword(cursor, 'esac')) return { kind: 'case', subject, cases };
    taken(cursor, /\(/y);
    const patterns = wordsOf(cursor);
    const all = [...patterns];
    while (taken(cursor, /\|/y) !== undefined) all.push(...wordsOf(cursor));
    if (all.length === 0 || taken(cursor, /\)/y) === undefined) throw unexpected(cursor);
    cases.push({ patterns: all, body: scriptOf(cursor) });
    taken(cursor, /;;/y);
  }
}

function simpleOf(cursor: Cursor): Command {
  const variables: { readonly name: string; readonly value: Word }[] = [];
  const words: Word[] = [];
  const redirections: Redirection[] = [];
  for (;;) {
    const redirection = redirectionOf(cursor);
    if (redirection !== undefined) {
      redirections.push(redirection);
      continue;
    }
    const name = words.length === 0 ? taken(cursor, /[A-Za-z_]\w*(?==)/y) : undefined;
    if (name !== undefined) {
      cursor.at += 1;
      variables.push({ name, value: readWord(cursor, scriptOf) ?? [] });
      continue;
    }
    const word = wordOf(cursor);
    if (word === undefined) break;
    words.push(word);
  }
  if (words.length + variables.length + redirections.length === 0) throw unexpected(cursor);
  return { kind: 'simple', variables, words, redirections };
}

function redirectionOf(cursor: Cursor): Redirection | undefined {
  skipBlanks(cursor);
  const [found, stream, how] = /^(\d?)(>>|>&|<(?!<)|>\|?)/.exec(cursor.text.slice(cursor.at, cursor.at + 3)) ?? [];
  if (found === undefined || how === undefined) return undefined;
  cursor.at += found.length;
  const target = wordOf(cursor);
  if (target === undefined) throw unexpected(cursor);
  return { stream: Number(stream === '' ? (how === '<' ? 0 : 1) : stream), how: how === '>|' ? '>' : (how as Redirection['how']), target };
}

function wordOf(cursor: Cursor): Word | undefined {
  skipBlanks(cursor);
  return readWord(cursor, scriptOf);
}

function upTo(cursor: Cursor, word: string): Script {
  const script = scriptOf(cursor);
  expect(cursor, word);
  return script;
}

function expect(cursor: Cursor, word: string): void {
  if (!keyword(cursor, word)) throw unexpected(cursor);
}

/** A word of the language, if it stands here. */
function keyword(cursor: Cursor, word: string): boolean {
  skipBlanks(cursor);
  const end = cursor.at + word.length;
  if (!cursor.text.startsWith(word, cursor.at) || /[^\s;&|<>()]/.test(cursor.text.charAt(end))) return false;
  cursor.at = end;
  return true;
}

function taken(cursor: Cursor, pattern: RegExp): string | undefined {
  skipBlanks(cursor);
  pattern.lastIndex = cursor.at;
  const [found] = pattern.exec(cursor.text) ?? [];
  cursor.at += found?.length ?? 0;
  return found;
}

const skipBlanks = (cursor: Cursor): void => skip(cursor, /(?:[ \t]|\\\n|(?<![^\s;&|()])#[^\n]*)+/y);

function skip(cursor: Cursor, pattern: RegExp): void {
  pattern.lastIndex = cursor.at;
  cursor.at += pattern.exec(cursor.text)?.[0].length ?? 0;
}

const nextWord = (cursor: Cursor): string => /^(?:\n|[;&|<>()]+|[^\s;&|<>()]+)/.exec(cursor.text.slice(cursor.at))?.[0] ?? 'end of file';

const unexpected = (cursor: Cursor): SyntaxProblem =>
  new SyntaxProblem(
    cursor.at >= cursor.text.length ? 'end of file unexpected' : `"${nextWord(cursor).replace('\n', 'newline')}" unexpected`,
    cursor.at >= cursor.text.length,
  );
