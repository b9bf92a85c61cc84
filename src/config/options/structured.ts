import { Problem } from '../../support/problem.ts';
import { hashMapOrder } from '../java/java-hash-order.ts';
import type { ConfigValue, ValueSyntax } from './types.ts';
import { readYaml, type YamlValue } from '../yaml/yaml-read.ts';
import { flowText, type Writable } from '../yaml/yaml-text.ts';

interface Token {
  readonly kind: 'quoted' | 'plain' | 'delimiter';
  readonly text: string;
  readonly at: number;
}

function quotedToken(text: string, at: number): { readonly token: Token; readonly next: number } {
  const quote = text.charAt(at);
  let content = '';
  for (let cursor = at + 1; cursor < text.length; cursor += 1) {
    const character = text.charAt(cursor);
    if (character !== quote) content += character;
    else if (text.charAt(cursor + 1) === quote) {
      content += quote;
      cursor += 1;
    } else return { token: { kind: 'quoted', text: content, at }, next: cursor + 1 };
  }
  throw new Problem('invalid', 'Could not split string. Quoting was not closed properly.');
}

function tokens(text: string, delimiter: string): Token[] {
  const found: Token[] = [];
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    if (character === "'" || character === '"') {
      const { token, next } = quotedToken(text, at);
      found.push(token);
      at = next;
    } else if (character === delimiter) {
      found.push({ kind: 'delimiter', text: character, at });
      at += 1;
    } else if (/\s/.test(character)) {
      at += 1;
    } else {
      const end = text.indexOf(delimiter, at);
      found.push({ kind: 'plain', text: text.slice(at, end < 0 ? undefined : end).trim(), at });
      at = end < 0 ? text.length : end;
    }
  }
  return found;
}

/**
 * The pieces between delimiters; a piece that begins with a quote ends at the closing one, and a doubled quote stands for one. Source:
 * `StructuredOptionsSplitter.splitEscaped`, Flink 2.3: a quote counts only at the start of a piece, an empty piece only between two
 * delimiters.
 */
export function splitEscaped(text: string, delimiter: string): string[] {
  const all = tokens(text, delimiter);
  return all.flatMap((token, index) => {
    const next = all[index + 1];
    if (token.kind === 'delimiter') return next?.kind === 'delimiter' ? [''] : [];
    if (token.kind === 'quoted' && next !== undefined && next.kind !== 'delimiter') {
      throw new Problem('invalid', `Could not split string. Illegal quoting at position: ${next.at - 1}.`);
    }
    return [token.text];
  });
}

/** A text unchanged, anything else as YAML on one line. */
const textOf = (value: Writable): string => (typeof value === 'string' ? value : flowText(value));

const isList = (value: unknown): value is readonly ConfigValue[] => Array.isArray(value);

/** Parse only what looks like YAML: a word, a path or `a:b` cannot be a list or map. */
function yamlOf(text: string, syntax: ValueSyntax): YamlValue {
  if (syntax === 'legacy' || !/^\s*(?:[[{&*!]|- |-$|["'?%])|: |:$|\n/m.test(text)) return null;
  try {
    return readYaml(text);
  } catch {
    // Not YAML: the text is then read in the older syntax, which reports its own errors.
    return null;
  }
}

function stringMap(value: YamlValue): Map<string, string> | undefined {
  if (!(value instanceof Map)) return undefined;
  const pairs = new Map<string, string>();
  for (const [key, item] of value as ReadonlyMap<Writable, YamlValue>) {
    const name = key === null ? undefined : textOf(key);
    if (name === undefined || item === null || pairs.has(name)) return undefined;
    pairs.set(name, textOf(item as Writable));
  }
  return pairs;
}

/** In the order of Flink's hash map. */
function asHashMap(pairs: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(hashMapOrder(pairs.keys()).map((key) => [key, pairs.get(key) ?? '']));
}

function legacyMap(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const item of splitEscaped(text, ',')) {
    const [key = '', value = '', ...more] = splitEscaped(item, ':');
    if (more.length > 0 || splitEscaped(item, ':').length !== 2)
      throw new Problem('invalid', "Map item is not a key-value pair (missing ':'?).");
    if (pairs.has(key)) throw new Problem('invalid', `Duplicate key ${key} (attempted merging values ${pairs.get(key)} and ${value}).`);
    pairs.set(key, value);
  }
  return pairs;
}

/** `{a: b, c: d}` or `a:b,c:d`, in the order of Flink's map. Source: `ConfigurationUtils.convertToProperties`, Flink 2.3. */
export function parseMap(value: ConfigValue, syntax: ValueSyntax = 'yaml'): Map<string, string> {
  if (typeof value === 'object' && !isList(value) && Object.getPrototypeOf(value) === Object.prototype) {
    return asHashMap(new Map(Object.entries(value as { readonly [key: string]: ConfigValue }).map(([key, item]) => [key, textOf(item)])));
  }
  const text = textOf(value);
  return asHashMap(stringMap(yamlOf(text, syntax)) ?? legacyMap(text));
}

/** `[a, b]` or `a;b`. Source: `ConfigurationUtils.convertToList`, Flink 2.3. */
export function parseList(value: ConfigValue, syntax: ValueSyntax = 'yaml'): string[] {
  if (isList(value)) return value.map(textOf);
  const text = textOf(value);
  const yaml = yamlOf(text, syntax);
  if (Array.isArray(yaml) && yaml.every((item) => item !== null)) return yaml.map((item) => textOf(item as Writable));
  return splitEscaped(text, ';');
}

/** `[{k: v}, {k: v}]` or `k:v,k:v;k:v`. Source: `ConfigurationUtils.convertToList` of maps, Flink 2.3. */
export function parseListOfMaps(value: ConfigValue, syntax: ValueSyntax = 'yaml'): Map<string, string>[] {
  if (isList(value)) return value.map((item) => parseMap(item, syntax));
  const text = textOf(value);
  const yaml = yamlOf(text, syntax);
  if (Array.isArray(yaml)) {
    const maps = yaml.map(stringMap);
    if (maps.every((map) => map !== undefined)) return maps.map(asHashMap);
  }
  return splitEscaped(text, ';').map((item) => parseMap(item, syntax));
}
