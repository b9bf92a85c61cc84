import { type Change, type Part, type Script, SyntaxProblem, type Word } from './syntax.ts';

/** The text of a script, and how far it is read. */
export interface Cursor {
  readonly text: string;
  at: number;
}

/** Reads a script up to a closing parenthesis. */
export type ReadScript = (cursor: Cursor) => Script;

const changes = ['%%', '##', ':-', ':=', ':+', '%', '#', '-', '+'] as const;
const special = /[0-9@*#?$!]/;

/** Reads one word; undefined if none begins here. */
export function readWord(cursor: Cursor, script: ReadScript): Word | undefined {
  const begin = cursor.at;
  const parts = new WordReader(cursor, script).parts(/[\s;&|<>()]/);
  return cursor.at === begin ? undefined : parts;
}

class WordReader {
  readonly #cursor: Cursor;
  readonly #script: ReadScript;

  constructor(cursor: Cursor, script: ReadScript) {
    this.#cursor = cursor;
    this.#script = script;
  }

  /** The parts up to a sign that ends them, or to the end of the text. */
  parts(end: RegExp): Part[] {
    const parts: Part[] = [];
    for (let sign = this.#sign(); sign !== '' && !end.test(sign); sign = this.#sign()) {
      if (sign === '"') parts.push(...this.#doubleQuoted());
      else if (sign === "'") parts.push(text(this.#singleQuoted(), true));
      else if (sign === '\\') parts.push(...this.#escaped(/[^]/));
      else if (sign === '$' || sign === '`') parts.push(this.#expansion(false));
      else parts.push(text(this.#next(), false));
    }
    return parts;
  }

  #sign(): string {
    return this.#cursor.text.charAt(this.#cursor.at);
  }

  #next(): string {
    const sign = this.#sign();
    if (sign === '') throw new SyntaxProblem('unexpected end of file', true);
    this.#cursor.at += 1;
    return sign;
  }

  #singleQuoted(): string {
    this.#next();
    const end = this.#cursor.text.indexOf("'", this.#cursor.at);
    if (end < 0) throw new SyntaxProblem('Unterminated quoted string', true);
    const inside = this.#cursor.text.slice(this.#cursor.at, end);
    this.#cursor.at = end + 1;
    return inside;
  }

  #doubleQuoted(): readonly Part[] {
    this.#next();
    // An empty text is a word, too.
    const parts: Part[] = [text('', true)];
    for (;;) {
      const sign = this.#sign();
      if (sign === '') throw new SyntaxProblem('Unterminated quoted string', true);
      if (sign === '"') break;
      if (sign === '\\') parts.push(...this.#escaped(/[$`"\\\n]/));
      else if (sign === '$' || sign === '`') parts.push(this.#expansion(true));
      else parts.push(text(this.#next(), true));
    }
    this.#next();
    return parts;
  }

  /** A backslash: before these signs it makes them literal, before the end of a line it joins two. */
  #escaped(escapes: RegExp): readonly Part[] {
    this.#next();
    const sign = this.#next();
    if (sign === '\n') return [];
    return [text(escapes.test(sign) ? sign : `\\${sign}`, true)];
  }

  #expansion(quoted: boolean): Part {
    if (this.#next() === '`') return this.#backquoted(quoted);
    const { text: all, at } = this.#cursor;
    if (all.startsWith('((', at)) return this.#sum(quoted);
    if (all.startsWith('(', at)) {
      this.#cursor.at += 1;
      const of = this.#script(this.#cursor);
      this.#expect(')');
      return { kind: 'output', of, quoted };
    }
    if (all.startsWith('{', at)) return this.#braced(quoted);
    const name = this.#name();
    return name === '' ? text('$', quoted) : { kind: 'variable', name, change: undefined, quoted };
  }

  #backquoted(quoted: boolean): Part {
    const { text: all, at } = this.#cursor;
    const end = all.indexOf('`', at);
    if (end < 0) throw new SyntaxProblem('EOF in backquote substitution', true);
    this.#cursor.at = end + 1;
    return { kind: 'output', of: this.#script({ text: all.slice(at, end), at: 0 }), quoted };
  }

  #sum(quoted: boolean): Part {
    this.#cursor.at += 2;
    const word: Part[] = [];
    for (let depth = 0; depth > 0 || !this.#cursor.text.startsWith('))', this.#cursor.at);) {
      word.push(...this.parts(/[()]/));
      if (this.#cursor.text.startsWith('))', this.#cursor.at) && depth === 0) break;
      const sign = this.#next();
      depth += sign === '(' ? 1 : -1;
      word.push(text(sign, true));
    }
    this.#cursor.at += 2;
    return { kind: 'sum', word, quoted };
  }

  #braced(quoted: boolean): Part {
    this.#cursor.at += 1;
    if (/^#\w/.test(this.#cursor.text.slice(this.#cursor.at, this.#cursor.at + 2))) {
      this.#cursor.at += 1;
      const name = `#${this.#name()}`;
      this.#expect('}');
      return { kind: 'variable', name, change: undefined, quoted };
    }
    const name = this.#name();
    const how = changes.find((each) => this.#cursor.text.startsWith(each, this.#cursor.at));
    let change: Change | undefined;
    if (how !== undefined) {
      this.#cursor.at += how.length;
      change = { how, word: this.parts(/\}/) };
    }
    this.#expect('}', name);
    return { kind: 'variable', name, change, quoted };
  }

  #name(): string {
    const rest = this.#cursor.text.slice(this.#cursor.at);
    const name = special.test(rest.charAt(0)) ? rest.charAt(0) : (/^[A-Za-z_]\w*/.exec(rest)?.[0] ?? '');
    this.#cursor.at += name.length;
    return name;
  }

  #expect(sign: string, name = 'x'): void {
    if (this.#sign() === '') throw new SyntaxProblem('unexpected end of file', true);
    if (this.#next() !== sign || name === '') throw new SyntaxProblem('Bad substitution', false);
  }
}

const text = (of: string, quoted: boolean): Part => ({ kind: 'text', text: of, quoted });
