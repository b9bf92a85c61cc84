import { Problem } from '../../support/problem.ts';
import { record, type Json } from './json.ts';

/** The fields of a map in a file, each with its required type: kubectl refuses a file that has another type anywhere. */
export interface Members {
  /** The path of the map: `users[0].user`. Empty for the whole file. */
  readonly path: string;
  /** A string that is not empty. */
  text(name: string): string | undefined;
  flag(name: string): boolean;
  texts(name: string): readonly string[];
  /** Empty if there is none. */
  map(name: string): Members;
  maps(name: string): readonly Members[];
  /** All fields; each must be a string. */
  textMap(name: string): Readonly<Record<string, string>>;
  /** All fields; each must be a list of strings. */
  textsMap(name: string): Readonly<Record<string, readonly string[]>>;
  /** Decoded from Base64. */
  bytes(name: string): Buffer | undefined;
  /** Whether the field exists and has a value. */
  has(name: string): boolean;
  /** Unchecked. */
  raw(name: string): unknown;
}

/**
 * Throws a `Problem` of kind `invalid` whose message says where the wrong type is, but does not name the file. Values are not shown: they
 * may be secret.
 */
export function members(value: unknown, path = ''): Members {
  const own = asMap(value, path);
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const listOf = <T>(name: string, read: (item: unknown, path: string) => T): readonly T[] =>
    asList(own[name], at(name)).map((item, index) => read(item, `${at(name)}[${index}]`));
  return {
    path,
    text: (name) => asText(own[name], at(name)) || undefined,
    flag(name) {
      const flag = own[name] ?? false;
      if (typeof flag === 'boolean') return flag;
      throw wrongType(
        flag,
        at(name),
        'true or false',
        typeof flag === 'string' && /^(?:true|false)$/.test(flag) ? 'Take the quotes away.' : undefined,
      );
    },
    texts: (name) => listOf(name, asText),
    map: (name) => members(own[name], at(name)),
    maps: (name) => listOf(name, members),
    textMap: (name) =>
      Object.fromEntries(Object.entries(asMap(own[name], at(name))).map(([key, item]) => [key, asText(item, `${at(name)}.${key}`)])),
    textsMap: (name) =>
      Object.fromEntries(
        Object.entries(asMap(own[name], at(name))).map(([key, item]) => [
          key,
          asList(item, `${at(name)}.${key}`).map((each) => asText(each, `${at(name)}.${key}`)),
        ]),
      ),
    bytes(name) {
      const text = asText(own[name], at(name)).replaceAll('\n', '');
      if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw new Problem('invalid', `${at(name)} is not Base64.`);
      return text === '' ? undefined : Buffer.from(text, 'base64');
    },
    has: (name) => own[name] !== undefined && own[name] !== null,
    raw: (name) => own[name],
  };
}

function asMap(value: unknown, path: string): Json {
  const given = value ?? {};
  if (typeof given !== 'object' || Array.isArray(given)) throw wrongType(given, path, 'a map');
  return record(given);
}

function asList(value: unknown, path: string): readonly unknown[] {
  const given = value ?? [];
  if (!Array.isArray(given)) throw wrongType(given, path, 'a list');
  return given;
}

function asText(value: unknown, path: string): string {
  const given = value ?? '';
  if (typeof given === 'string') return given;
  throw wrongType(given, path, 'a text', typeof given === 'object' ? undefined : 'Put it in quotes.');
}

function wrongType(value: unknown, path: string, wanted: string, hint?: string): Problem {
  const kind = Array.isArray(value)
    ? 'a list'
    : { string: 'a text', number: 'a number', boolean: 'true or false', object: 'a map' }[typeof value as 'string'];
  return new Problem('invalid', `${path} is ${kind}, and must be ${wanted}.`, { hint });
}
