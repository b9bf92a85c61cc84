import { applyAll } from '../apply.ts';
import { emptySession } from '../empty-session.ts';
import type { Change, Session } from '../types.ts';
import { isMap, lineOf, restored } from './written.ts';

/** The version of the lines of a recording. A reader knows all versions up to its own. */
const version = 1;

/**
 * A line of a recording. A session is written whole from time to time, in parts, because it may be large: the changes after `whole` belong
 * on top of it, even those that stand between its parts. `by` tells apart the sessions that are recorded at once.
 */
export type Entry =
  | { readonly kind: 'changes'; readonly by: string; readonly changes: readonly Change[] }
  | { readonly kind: 'whole'; readonly by: string; readonly version: number; readonly number: number }
  | { readonly kind: 'part'; readonly by: string; readonly number: number; readonly members: Partial<Session> }
  | { readonly kind: 'done'; readonly by: string; readonly number: number }
  /** The session was left; without it, drey was killed. */
  | { readonly kind: 'left'; readonly by: string };

export const entryLine = (entry: Entry): string => lineOf(entry);

export const wholeEntry = (by: string, number: number): Entry => ({ kind: 'whole', by, version, number });

/** Enough for the first two members of an entry. */
const headBytes = 64;

/** Which session an entry is of, without reading the rest of it; undefined: this cannot be told. */
export const recordedBy = (line: Uint8Array): string | undefined =>
  /^\{"kind":"[a-z]+","by":"(\w+)"/.exec(decoder.decode(line.subarray(0, headBytes)))?.[1];

const decoder = new TextDecoder();

const kinds: ReadonlySet<unknown> = new Set<Entry['kind']>(['changes', 'whole', 'part', 'done', 'left']);

/** A line before it is known to be an entry. */
type Parsed = Readonly<Record<'kind' | 'by' | 'version', unknown>>;

function parsed(line: string): Parsed | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Parsed) : undefined;
  } catch {
    // A line that was cut, or that is not one of a recording.
    return undefined;
  }
}

/** A later version of drey has written the line. */
export const isLaterEntry = (line: string): boolean => Number(parsed(line)?.version ?? 0) > version;

/** Undefined: the line is damaged, or of a later version. */
export function readEntry(line: string): Entry | undefined {
  const value = parsed(line);
  if (value === undefined || !kinds.has(value.kind) || typeof value.by !== 'string') return undefined;
  const entry = restored(value) as Entry;
  return entry.kind === 'whole' && entry.version > version ? undefined : entry;
}

/** How many members of a map are written in one part: a session of thousands of pods is written between two frames each. */
const membersOfPart = 50;

/** The members of a session that are not in every session, large maps and lists in parts. */
export function* partsOf(session: Session): Generator<Partial<Session>, void, undefined> {
  const small: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(session)) {
    if (isMap(value) && value.size > membersOfPart) yield* slices(name, [...value], (some) => new Map(some as [string, unknown][]));
    else if (Array.isArray(value) && value.length > membersOfPart) yield* slices(name, value as unknown[], (some) => some);
    else small[name] = value;
  }
  yield small as Partial<Session>;
}

function* slices(
  name: string,
  all: readonly unknown[],
  make: (some: readonly unknown[]) => unknown,
): Generator<Partial<Session>, void, undefined> {
  for (let from = 0; from < all.length; from += membersOfPart) yield { [name]: make(all.slice(from, from + membersOfPart)) };
}

/** The session of these parts. */
export function joined(parts: readonly Partial<Session>[]): Session | undefined {
  const target = parts.find((part) => part.target !== undefined)?.target;
  if (target === undefined) return undefined;
  const session: Record<string, unknown> = { ...emptySession(target) };
  for (const part of parts)
    for (const [name, value] of Object.entries(part)) {
      const before = session[name];
      if (value instanceof Map && before instanceof Map) session[name] = new Map([...before, ...value]);
      else if (Array.isArray(value) && Array.isArray(before)) session[name] = [...(before as unknown[]), ...(value as unknown[])];
      else session[name] = value;
    }
  return session as unknown as Session;
}

/** The session after the entries of one recorded session, which begin with a `whole`. */
export function sessionOf(entries: readonly Entry[]): Session | undefined {
  const [first] = entries;
  if (first?.kind !== 'whole') return undefined;
  const parts = entries.flatMap((entry) => (entry.kind === 'part' && entry.number === first.number ? [entry.members] : []));
  const begin = joined(parts);
  return begin === undefined
    ? undefined
    : applyAll(
        begin,
        entries.flatMap((entry) => (entry.kind === 'changes' ? entry.changes : [])),
      );
}
