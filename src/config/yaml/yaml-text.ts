import { double, WholeDouble } from '../java/java-number.ts';
import { resolvePlain } from './yaml-scalar.ts';

/** Anything that can be written: results of `readYaml`, and values of a configuration. */
export type Writable =
  | string
  | number
  | bigint
  | boolean
  | WholeDouble
  | null
  | readonly Writable[]
  | ReadonlyMap<unknown, Writable>
  | { readonly [key: string]: Writable };

/** The traits of a text that decide how it can be written. Source: `Emitter.analyzeScalar`, snakeyaml-engine 2.6. */
interface Analysis {
  readonly plainInBlock: boolean;
  readonly plainInFlow: boolean;
  readonly single: boolean;
  readonly literal: boolean;
}

const isPrintable = (code: number): boolean =>
  code === 0x0a ||
  (code >= 0x20 && code <= 0x7e) ||
  code === 0x85 ||
  (code >= 0xa0 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff) ||
  code >= 0x10000;

/** Texts with another meaning in plain style: a document marker, the start of another kind of node, a key, a comment. */
const blockIndicators = [/^(?:---|\.\.\.)/, /^[#,[\]{}&*!|>'"%@`]/, /^[?:-](?:[ \n]|$)/, /:(?:[ \n]|$)/, /[ \n]#/] as const;
/** The same within `[]` and `{}`. */
const flowIndicators = [...blockIndicators, /[,?[\]{}:]/] as const;
/** Features of a multi-line text that rule out literal style: spaces at its edges, and line breaks that `|` would drop. */
const notLiteral = [/^[ \n]/, / $/, /\n\n$/] as const;

const hasAny = (text: string, patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(text));

function analyze(text: string): Analysis {
  if (text === '') return { plainInBlock: false, plainInFlow: false, single: true, literal: false };
  const special = [...text].some((character) => !isPrintable(character.codePointAt(0) ?? 0));
  const lines = text.includes('\n');
  const spaceBreak = / \n/.test(text) || special;
  const single = !spaceBreak && !/\n /.test(text);
  const unbroken = single && !lines && !/^ | $/.test(text);
  return {
    plainInBlock: unbroken && !hasAny(text, blockIndicators),
    plainInFlow: unbroken && !hasAny(text, flowIndicators),
    single,
    literal: lines && !spaceBreak && !hasAny(text, notLiteral),
  };
}

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function doubleQuoted(text: string): string {
  let out = '"';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const known = escapes[character];
    if (known !== undefined) out += known;
    else if (isPrintable(code)) out += character;
    else out += code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return `${out}"`;
}

const singleQuoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A text on one line: plain if it cannot be misread, otherwise single-quoted, otherwise double-quoted. */
export function scalarText(text: string, flow: boolean): string {
  const found = analyze(text);
  if ((flow ? found.plainInFlow : found.plainInBlock) && typeof resolvePlain(text) === 'string') return text;
  return found.single && !text.includes('\n') ? singleQuoted(text) : doubleQuoted(text);
}

function atom(
  value: Exclude<Writable, string | readonly Writable[] | ReadonlyMap<unknown, Writable> | { readonly [key: string]: Writable }>,
): string {
  if (value === null) return 'null';
  const number = typeof value === 'number' && !Number.isInteger(value) ? double(value) : value;
  if (number instanceof WholeDouble && !Number.isFinite(number.value)) {
    return Number.isNaN(number.value) ? '.nan' : number.value > 0 ? '.inf' : '-.inf';
  }
  return typeof number === 'number' && !Number.isInteger(number) ? new WholeDouble(number).toString() : String(number);
}

const isList = (value: Writable): value is readonly Writable[] => Array.isArray(value);
const isMapping = (value: Writable): value is ReadonlyMap<unknown, Writable> | { readonly [key: string]: Writable } =>
  typeof value === 'object' && value !== null && !isList(value) && !(value instanceof WholeDouble);
const entriesOf = (
  value: ReadonlyMap<unknown, Writable> | { readonly [key: string]: Writable },
): readonly (readonly [Writable, Writable])[] =>
  value instanceof Map ? ([...value] as [Writable, Writable][]) : Object.entries(value as { readonly [key: string]: Writable });

/** A value in flow style on one line, as a configuration keeps a list from its file. Source: `YamlParserUtils.toYAMLString`, Flink 2.3. */
export function flowText(value: Writable): string {
  if (typeof value === 'string') return scalarText(value, true);
  if (isList(value)) return `[${value.map(flowText).join(', ')}]`;
  if (isMapping(value))
    return `{${entriesOf(value)
      .map(([key, item]) => `${flowText(key)}: ${flowText(item)}`)
      .join(', ')}}`;
  return atom(value);
}

function blockLines(value: Writable, indent: string): string[] {
  if (isList(value)) {
    return value.flatMap((item) => {
      const [first = '', ...rest] = nested(item) ? blockLines(item, `${indent}  `) : inline(item, `${indent}  `);
      return [`${indent}- ${nested(item) ? first.slice(indent.length + 2) : first}`, ...rest];
    });
  }
  return entriesOf(value as { readonly [key: string]: Writable }).flatMap(([key, item]) => {
    const name = typeof key === 'string' ? scalarText(key, false) : flowText(key);
    if (nested(item)) return [`${indent}${name}:`, ...blockLines(item, isList(item) ? indent : `${indent}  `)];
    const [first = '', ...rest] = inline(item, `${indent}  `);
    return [`${indent}${name}: ${first}`, ...rest];
  });
}

const nested = (value: Writable): boolean => (isList(value) ? value.length > 0 : isMapping(value) && entriesOf(value).length > 0);

function inline(value: Writable, indent: string): string[] {
  if (typeof value !== 'string') return [flowText(value)];
  if (!value.includes('\n') || !analyze(value).literal) return [scalarText(value, false)];
  const body = value.endsWith('\n') ? value.slice(0, -1) : value;
  return [value.endsWith('\n') ? '|' : '|-', ...body.split('\n').map((line) => (line === '' ? '' : indent + line))];
}

/**
 * A map or list in block style, two spaces per level, list items at the indent of their key; long lines are not folded. Ends with a
 * newline.
 */
export function blockText(value: Writable): string {
  if (!nested(value)) return `${flowText(value)}\n`;
  return `${blockLines(value, '').join('\n')}\n`;
}
