import { WholeDouble } from '../../config/java-number.ts';
import type { YamlValue } from '../../config/yaml-read.ts';
import { flowText, type Writable } from '../../config/yaml-text.ts';
import { Problem } from '../../support/problem.ts';
import { membersOf } from './pod-model.ts';
import type { Json, JsonObject } from './types.ts';

const isMap = (value: YamlValue): value is ReadonlyMap<never, YamlValue> => value instanceof Map;
const isList = (value: YamlValue): value is readonly YamlValue[] => Array.isArray(value);

/** A value outside of the model, as JSON has it. */
function untyped(value: YamlValue): Json {
  if (isList(value)) return value.map(untyped);
  if (isMap(value)) return Object.fromEntries([...(value as ReadonlyMap<Writable, YamlValue>)].map(([key, item]) => [textOf(key as YamlValue), untyped(item)]));
  if (value instanceof WholeDouble) return value.value;
  return typeof value === 'bigint' ? Number(value) : (value as Exclude<typeof value, ReadonlyMap<unknown, unknown>>);
}

/** A scalar as a text: numbers in Java's notation. */
const textOf = (value: YamlValue): string => (typeof value === 'string' ? value : flowText(value as Writable));

function wrong(where: string, wanted: string, value: YamlValue): Problem {
  return new Problem('invalid', `${where} should be ${wanted}, and is ${isMap(value) ? 'a map' : isList(value) ? 'a list' : `'${textOf(value)}'`}.`);
}

function text(value: YamlValue, where: string): string {
  if (isMap(value) || isList(value)) throw wrong(where, 'a text', value);
  return textOf(value);
}

function integer(value: YamlValue, where: string): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof WholeDouble) return value.value;
  if (typeof value === 'string' && value.trim() === '') return undefined;
  if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)) return Number(value);
  throw wrong(where, 'a whole number', value);
}

function truth(value: YamlValue, where: string): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim() : undefined;
  if (word === '') return undefined;
  if (word !== undefined && /^(?:true|True|TRUE)$/.test(word)) return true;
  if (word !== undefined && /^(?:false|False|FALSE)$/.test(word)) return false;
  throw wrong(where, 'true or false', value);
}

function scalar(value: YamlValue, type: string, where: string): Json | undefined {
  if (type === 's') return text(value, where);
  if (type === 'i') return integer(value, where);
  if (type === 'b') return truth(value, where);
  if (type === 'Quantity') return text(value, where);
  if (type === 'IntOrString') return typeof value === 'number' ? value : text(value, where);
  return untyped(value);
}

function list(value: YamlValue, item: string, where: string): Json | undefined {
  if (!isList(value)) throw wrong(where, 'a list', value);
  const items = value.map((entry, index) => asType(entry, item, `${where}[${index}]`)).filter((entry) => entry !== undefined);
  return items.length === 0 ? undefined : items;
}

function entries(value: YamlValue, where: string): readonly (readonly [string, YamlValue])[] {
  if (!isMap(value)) throw wrong(where, 'a map', value);
  return [...(value as ReadonlyMap<Writable, YamlValue>)].map(([key, item]) => [textOf(key as YamlValue), item]);
}

const members = (pairs: readonly (readonly [string, Json | undefined])[]): JsonObject => Object.fromEntries(pairs.filter((pair): pair is readonly [string, Json] => pair[1] !== undefined));

/**
 * A value of a template as its type in the model has it: numbers in text members become texts, empty lists and maps go, empty objects and
 * unknown members stay. Undefined for null. Throws a `Problem` of kind `invalid` that says where. `where` is the path for it.
 */
export function asType(value: YamlValue, type: string, where: string): Json | undefined {
  if (value === null) return undefined;
  if (type.startsWith('[')) return list(value, type.slice(1, -1), where);
  if (type.startsWith('{')) {
    const map = members(entries(value, where).map(([key, item]) => [key, asType(item, type.slice(1, -1), `${where}.${key}`)]));
    return Object.keys(map).length === 0 ? undefined : map;
  }
  const model = membersOf(type);
  if (model === undefined) return scalar(value, type, where);
  return members(entries(value, where).map(([key, item]) => [key, asType(item, model.get(key) ?? 'any', `${where}.${key}`)]));
}
