import { formatDouble } from '../../config/java/java-number.ts';
import { parseQuantity } from '../../kubernetes/model/quantity.ts';
import { Problem } from '../../support/problem.ts';
import { membersOf } from './pod-model.ts';
import { TemplateNumber, type TemplateScalar, type TemplateValue } from './template-text.ts';
import type { Json, JsonObject } from './types.ts';

const isMap = (value: TemplateValue): value is ReadonlyMap<TemplateScalar, TemplateValue> => value instanceof Map;
const isList = (value: TemplateValue): value is readonly TemplateValue[] => Array.isArray(value);

/** Fields that the model does not know are kept unchanged. */
function untyped(value: TemplateValue, where: string): Json {
  if (isList(value)) return value.map((item) => untyped(item, where));
  if (isMap(value)) return Object.fromEntries(entries(value, where).map(([key, item]) => [key, untyped(item, `${where}.${key}`)]));
  if (!(value instanceof TemplateNumber)) return value;
  return Number.isFinite(value.value) ? value.value : value.text;
}

function wrong(where: string, wanted: string, value: TemplateValue): Problem {
  return new Problem(
    'invalid',
    `${where} should be ${wanted}, and is ${isMap(value) ? 'a map' : isList(value) ? 'a list' : `'${String(value)}'`}.`,
  );
}

function text(value: TemplateValue, where: string): string {
  if (isMap(value) || isList(value)) throw wrong(where, 'a text', value);
  return String(value);
}

function quantity(value: TemplateValue, where: string): string {
  const written = value instanceof TemplateNumber && !value.whole ? formatDouble(value.value) : text(value, where);
  if (parseQuantity(written) === undefined) throw wrong(where, 'a quantity like 500m or 2Gi', value);
  return written;
}

/** Accepts text made of digits; with a leading zero it is octal, as in file modes. */
function integer32(value: TemplateValue, where: string): number {
  const digits = value instanceof TemplateNumber && value.whole ? value.text : value;
  if (typeof digits !== 'string' || !/^[+-]?(?:\d+|0o[0-7]+)$/.test(digits)) throw wrong(where, 'a whole number', value);
  const number = /^0o?[0-7]+$/.test(digits) ? Number.parseInt(digits.replace('o', ''), 8) : Number(digits);
  if (number < -(2 ** 31) || number >= 2 ** 31) throw wrong(where, 'a whole number of 32 bits', value);
  return number;
}

function integer64(value: TemplateValue, where: string): number | undefined {
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const number =
    value instanceof TemplateNumber
      ? Math.trunc(value.value)
      : typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)
        ? Number(value)
        : Number.NaN;
  if (!(Math.abs(number) < 2 ** 63)) throw wrong(where, 'a whole number', value);
  return number;
}

const words: Readonly<Record<string, boolean>> = { true: true, True: true, TRUE: true, false: false, False: false, FALSE: false };

function truth(value: TemplateValue, where: string): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value instanceof TemplateNumber && value.whole) return value.value !== 0;
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const word = typeof value === 'string' ? words[value.trim()] : undefined;
  if (word === undefined) throw wrong(where, 'true or false', value);
  return word;
}

function port(value: TemplateValue, where: string): string | number {
  if (typeof value === 'string') return value;
  if (value instanceof TemplateNumber && value.whole && Math.abs(value.value) < 2 ** 31) return value.value;
  throw wrong(where, 'a number or the name of a port', value);
}

function scalar(value: TemplateValue, type: string, where: string): Json | undefined {
  switch (type) {
    case 's':
      return text(value, where);
    case 'i':
      return integer32(value, where);
    case 'l':
      return integer64(value, where);
    case 'b':
      return truth(value, where);
    case 'Quantity':
      return quantity(value, where);
    case 'IntOrString':
      return port(value, where);
    default:
      return untyped(value, where);
  }
}

function entries(value: TemplateValue, where: string): readonly (readonly [string, TemplateValue])[] {
  if (!isMap(value)) throw wrong(where, 'a map', value);
  return [...value].map(([key, item]) => {
    if (key === null) throw new Problem('invalid', `${where} has an entry without a key.`);
    return [String(key), item];
  });
}

const present = (pairs: readonly (readonly [string, Json | undefined])[]): JsonObject =>
  Object.fromEntries(pairs.filter((pair): pair is readonly [string, Json] => pair[1] !== undefined));

/** The values that fabric8 fills in if a template does not set them. */
const defaults: Readonly<Record<string, JsonObject>> = { OwnerReference: { apiVersion: 'v1', kind: 'OwnerReference' } };

/**
 * A value of a template, converted to its type in the model: numbers in text fields become text, empty lists and maps are dropped, empty
 * objects and unknown fields stay. Undefined for null. Throws a `Problem` of kind `invalid` that names the place: `where` is its path.
 */
export function asType(value: TemplateValue, type: string, where: string): Json | undefined {
  if (value === null) return undefined;
  if (type.startsWith('[')) {
    if (!isList(value)) throw wrong(where, 'a list', value);
    const items = value.map((item, index) => asType(item, type.slice(1, -1), `${where}[${index}]`) ?? null);
    return items.length === 0 ? undefined : items;
  }
  if (type.startsWith('{')) {
    const map = Object.fromEntries(
      entries(value, where).map(([key, item]) => [key, asType(item, type.slice(1, -1), `${where}.${key}`) ?? null]),
    );
    return Object.keys(map).length === 0 ? undefined : map;
  }
  const model = membersOf(type);
  if (model === undefined) return scalar(value, type, where);
  return {
    ...defaults[type],
    ...present(entries(value, where).map(([key, item]) => [key, asType(item, model.get(key) ?? 'any', `${where}.${key}`)])),
  };
}
