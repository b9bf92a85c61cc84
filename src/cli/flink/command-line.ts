import { Problem } from '../../support/problem.ts';
import { unquoted } from '../../config/dynamic-properties.ts';

/**
 * One option of a table. `opt` and `long` are the names after the hyphens; both forms are accepted with one hyphen or two if Java's parser
 * does so.
 */
export interface OptionRow {
  readonly opt?: string;
  readonly long?: string;
  /** How many values it takes. `rest`: all that follow; `property`: `key=value` like `-D`. Absent: a switch. */
  readonly takes?: 'one' | 'optional' | 'rest' | 'property';
  /** The placeholder of the value in the help. */
  readonly value?: string;
  readonly summary: string;
  /** Accepted, but not shown in the help. */
  readonly hidden?: boolean;
  /** Not an option of Flink: it never makes an abbreviation of one of Flink's options ambiguous. */
  readonly own?: boolean;
}

export interface ParsedLine {
  /** True if the option was given. Named by its long name, or by its short one if it has no other. */
  has(name: string): boolean;
  /** The first value; undefined if the option was not given, or given without its optional value. */
  value(name: string): string | undefined;
  /** All values in order. */
  values(name: string): readonly string[];
  /** `key=value` pairs in order; a key alone is `true`. */
  readonly properties: readonly (readonly [key: string, value: string])[];
  /** The words that belong to no option. */
  readonly words: readonly string[];
}

interface Given {
  readonly row: OptionRow;
  readonly values: string[];
}

const nameOf = (row: OptionRow): string => row.long ?? row.opt ?? '';

const limits = { one: 1, optional: 1, rest: Number.POSITIVE_INFINITY, property: 2 } as const;

const mostValues = (row: OptionRow): number => (row.takes === undefined ? 0 : limits[row.takes]);

const accepts = ({ row, values }: Given): boolean => values.length < mostValues(row);

const lacksValue = (given: Given): boolean =>
  given.row.takes !== 'optional' &&
  (given.row.takes === 'rest' || given.row.takes === 'property' ? given.values.length === 0 : accepts(given));

/**
 * Parses a command line as Flink's client does, traps included: options may be anywhere, may be abbreviated, and take their value as the
 * next word, after `=` or attached; an option with an optional value swallows the next word. With `stopAtWord`, the first word that is not
 * an option ends the options: the rest belongs to the program. Source: `DefaultParser` of commons-cli 1.5, which Flink 2.3 ships. Throws a
 * `Problem` of kind `usage`.
 */
export function parseCommandLine(table: readonly OptionRow[], argv: readonly string[], stopAtWord: boolean): ParsedLine {
  const parser = new Parser(table, stopAtWord);
  for (const token of argv) parser.take(token);
  return parser.end();
}

class Parser {
  readonly #table: readonly OptionRow[];
  readonly #stopAtWord: boolean;
  readonly #given: Given[] = [];
  readonly #words: string[] = [];
  #open: Given | undefined;
  #onlyWords = false;

  constructor(table: readonly OptionRow[], stopAtWord: boolean) {
    this.#table = table;
    this.#stopAtWord = stopAtWord;
  }

  take(token: string): void {
    if (this.#onlyWords) this.#words.push(token);
    else if (token === '--') this.#onlyWords = true;
    else if (this.#open !== undefined && accepts(this.#open) && !this.#isOption(token)) this.#add(this.#open, unquoted(token));
    else if (token.startsWith('--')) this.#long(token);
    else if (token.startsWith('-') && token !== '-') this.#short(token);
    else this.#word(token);
    if (this.#open !== undefined && !accepts(this.#open)) this.#open = undefined;
  }

  end(): ParsedLine {
    this.#closeOpen();
    const find = (name: string) => this.#given.filter(({ row }) => nameOf(row) === name);
    return {
      has: (name) => find(name).length > 0,
      value: (name) => find(name)[0]?.values[0],
      values: (name) => find(name).flatMap(({ values }) => values),
      properties: this.#given
        .filter(({ row }) => row.takes === 'property')
        .map(({ values }) => [values[0] ?? '', values[1] ?? 'true'] as const),
      words: this.#words,
    };
  }

  /** A value of a property is split at its first `=`. */
  #add(given: Given, value: string): void {
    const equals = value.indexOf('=');
    if (given.row.takes === 'property' && given.values.length === 0 && equals >= 0)
      given.values.push(value.slice(0, equals), value.slice(equals + 1));
    else given.values.push(value);
  }

  #long(token: string): void {
    const { name, value } = split(token.replace(/^--?/, ''));
    const row = this.#matching(name, token);
    if (row === undefined || (value !== undefined && mostValues(row) === 0)) this.#unknown(token);
    else this.#start(row, value);
  }

  #short(token: string): void {
    const { name, value } = split(token.slice(1));
    const exact = this.#byShort(name);
    const property = this.#byShort(name.slice(0, 1));
    if (value === undefined) {
      if (exact !== undefined) return this.#start(exact, undefined);
      if (name.length > 1) {
        const long = this.#matching(name, token);
        if (long !== undefined) return this.#start(long, undefined);
        return this.#glued(token, name);
      }
      return this.#unknown(token);
    }
    if (name.length === 1 && exact !== undefined && mostValues(exact) > 0) return this.#start(exact, value);
    if (name.length > 1 && property?.takes === 'property') return this.#start(property, `${name.slice(1)}=${value}`);
    return this.#long(token);
  }

  /** `-p4`, `-parallelism4`, `-Dkey`, `-xyz`: a value attached to its option, or several options in one word. */
  #glued(token: string, name: string): void {
    const prefix = this.#table.find((row) => row.long !== undefined && name.startsWith(row.long) && mostValues(row) > 0);
    if (prefix?.long !== undefined) return this.#start(prefix, name.slice(prefix.long.length));
    for (let at = 0; at < name.length; at += 1) {
      const row = this.#byShort(name.charAt(at));
      if (row === undefined) return this.#unknown(this.#stopAtWord && at > 0 ? name.slice(at) : token);
      const rest = name.slice(at + 1);
      if (mostValues(row) > 0 && rest !== '') return this.#start(row, rest);
      this.#start(row, undefined);
    }
  }

  #start(row: OptionRow, value: string | undefined): void {
    this.#closeOpen();
    const given: Given = { row, values: [] };
    this.#given.push(given);
    this.#open = mostValues(row) > 0 && value === undefined ? given : undefined;
    if (value !== undefined) this.#add(given, value);
  }

  #closeOpen(): void {
    if (this.#open !== undefined && lacksValue(this.#open))
      throw new Problem('usage', `Missing argument for option: ${this.#open.row.opt ?? this.#open.row.long}`);
    this.#open = undefined;
  }

  #unknown(token: string): void {
    if (!this.#stopAtWord) throw new Problem('usage', `Unrecognized option: ${token}`);
    this.#word(token);
  }

  #word(token: string): void {
    this.#words.push(token);
    if (this.#stopAtWord) this.#onlyWords = true;
  }

  #byShort(name: string): OptionRow | undefined {
    return this.#table.find((row) => row.opt === name);
  }

  /** An abbreviation counts if only one long name begins with it. */
  #matching(name: string, token: string): OptionRow | undefined {
    const exact = this.#table.find((row) => row.long === name);
    if (exact !== undefined || name === '') return exact;
    const fitting = this.#table.filter((row) => row.long?.startsWith(name));
    const flinks = fitting.filter((row) => row.own !== true);
    const found = flinks.length > 0 ? flinks : fitting;
    if (found.length > 1)
      throw new Problem('usage', `Ambiguous option: '${token}'  (could be: ${found.map((row) => `'${row.long}'`).join(', ')})`);
    return found[0];
  }

  /** A word that looks like an option is not taken as a value; a negative number is. */
  #isOption(token: string): boolean {
    if (!token.startsWith('-') || token.length === 1 || /^-\d+(\.\d+)?$/.test(token)) return false;
    const { name } = split(token.replace(/^--?/, ''));
    if (this.#table.some((row) => row.long !== undefined && name !== '' && row.long.startsWith(name))) return true;
    if (token.startsWith('--')) return false;
    return (
      this.#byShort(name) !== undefined ||
      this.#byShort(name.slice(0, 1)) !== undefined ||
      this.#table.some((row) => row.long !== undefined && name.startsWith(row.long))
    );
  }
}

function split(text: string): { readonly name: string; readonly value: string | undefined } {
  const equals = text.indexOf('=');
  return equals < 0 ? { name: text, value: undefined } : { name: text.slice(0, equals), value: text.slice(equals + 1) };
}
