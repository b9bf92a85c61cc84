import { nameBeside } from '../../config/secrets/documents.ts';
import { maskText, maskValue, maskWords } from '../../config/secrets/redact.ts';
import { LayeredMap } from '../layered-map.ts';
import { Problem, type ProblemKind } from '../../support/problem.ts';

/** A problem without its cause, which can be anything. */
interface WrittenProblem {
  readonly kind: ProblemKind;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** How values that JSON does not have are written: as an object with one member. */
const signs = { map: '$map', set: '$set', problem: '$problem', number: '$number', members: '$members' } as const;
const numbers: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity };

type Fields = Readonly<Record<string, unknown>>;

export const isMap = (value: unknown): value is ReadonlyMap<string, unknown> => value instanceof Map || value instanceof LayeredMap;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** The same names, ids and states are written every few seconds: to look for secrets in each of them again would take longer than the rest. */
class Masked {
  readonly #shown = new Map<string, string>();
  static readonly #most = 20_000;
  static readonly #longest = 500;

  of(key: string, text: string): string {
    if (text.length > Masked.#longest) return maskValue(key, text);
    const name = `${key}\n${text}`;
    let shown = this.#shown.get(name);
    if (shown !== undefined) return shown;
    if (this.#shown.size >= Masked.#most) this.#shown.clear();
    shown = maskValue(key, text);
    this.#shown.set(name, shown);
    return shown;
  }
}

const masked = new Masked();

const isTexts = (values: readonly unknown[]): values is readonly string[] => values.every((each) => typeof each === 'string');

function writtenFields(fields: Fields): unknown {
  const members = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, written(value, key === 'value' ? nameBeside(fields) : key)] as const],
  );
  // Names come from servers: one of them may look like a sign.
  return members.some(([key]) => key.startsWith('$')) ? { [signs.members]: members } : Object.fromEntries(members);
}

const writtenList = (values: readonly unknown[]): unknown => (isTexts(values) ? maskWords(values) : values.map((each) => written(each)));

/** Data of a session as JSON has it, without its secrets. `key`: what the value is called. */
function written(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return masked.of(key, value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : { [signs.number]: String(value) };
  if (!isFields(value)) return value;
  if (Array.isArray(value)) return writtenList(value);
  if (isMap(value)) return { [signs.map]: [...value].map(([name, each]) => [name, written(each, name)]) };
  if (value instanceof Set) return { [signs.set]: [...value] };
  if (value instanceof Problem) {
    const { kind, message, hint, status, retryAfterMs } = value;
    return { [signs.problem]: { kind, message: maskText(message), hint, status, retryAfterMs } satisfies WrittenProblem };
  }
  return writtenFields(value);
}

/** One line of JSON, with its secrets masked. */
export const lineOf = (value: unknown): string => JSON.stringify(written(value));

/** What was written. Of a sign with something else behind it, which drey does not write, nothing is restored. */
export function restored(value: unknown): unknown {
  if (!isFields(value)) return value;
  if (Array.isArray(value)) return value.map(restored);
  const [only] = Object.entries(value);
  if (only?.[0].startsWith('$') === true) return restoredSign(only[0], only[1]);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, restored(each)]));
}

const pairs = (value: unknown): (readonly [string, unknown])[] =>
  Array.isArray(value)
    ? value.flatMap((pair: unknown) => (Array.isArray(pair) && typeof pair[0] === 'string' ? [[pair[0], restored(pair[1])] as const] : []))
    : [];

function restoredSign(sign: string, value: unknown): unknown {
  switch (sign) {
    case signs.map:
      return new Map(pairs(value));
    case signs.set:
      return new Set(Array.isArray(value) ? value : []);
    case signs.members:
      return Object.fromEntries(pairs(value));
    case signs.number:
      return numbers[String(value)];
    case signs.problem: {
      const { kind, message, ...rest } = value as WrittenProblem;
      return new Problem(kind, message, rest);
    }
    default:
      return undefined;
  }
}
