/** What was read of something over time: of a metric, or of a metric in one subtask. */
export interface Series<Value> {
  readonly name: string;
  /** What was read last; undefined: nothing yet, or it was not reported any more. */
  readonly value: Value | undefined;
  /** When it was asked for last; undefined: never. */
  readonly readAt: number | undefined;
  /** Oldest first. */
  readonly past: readonly Point<Value>[];
}

export interface Point<Value> {
  readonly at: number;
  readonly value: Value;
}

/** Series of which some are read at a time. */
export interface SeriesFacts<Value> {
  /** When some were read last. */
  readonly at: number;
  readonly series: readonly Series<Value>[];
}

/** Points that are kept of a series: three minutes at Flink's own interval of 3 s, twelve at that of the screen. */
export const pastKept = 60;

/** Points that are kept of all series together: with more than 400 of them each has fewer, but at least ten. */
const pointsKept = 24_000;
const leastKept = 10;

export const keptOf = (series: number): number => Math.max(leastKept, Math.min(pastKept, Math.floor(pointsKept / Math.max(1, series))));

/** Values that are read at a time: at most five requests of 3,000 characters, as the names of operators are long. */
export const mostRead = 300;

/**
 * Which names to read now, at most `most`: those that are looked at first, then those that were never read, then those that were read longest
 * ago.
 */
export function namesInTurn(
  names: readonly string[],
  { known, first, most }: { readonly known: readonly Series<unknown>[]; readonly first: readonly string[]; readonly most: number },
): readonly string[] {
  if (names.length <= most) return names;
  const seen = new Set(first);
  const readAt = new Map(known.map((one) => [one.name, one.readAt]));
  const rank = (name: string): number => (seen.has(name) ? Number.NEGATIVE_INFINITY : (readAt.get(name) ?? 0));
  return names.toSorted((a, b) => rank(a) - rank(b)).slice(0, most);
}

/** What is known after reading some of these names. What is not reported any more is forgotten. */
export function nextSeries<Value>(
  names: readonly string[],
  before: readonly Series<Value>[],
  { asked, read, at }: { readonly asked: readonly string[]; readonly read: ReadonlyMap<string, Value>; readonly at: number },
): SeriesFacts<Value> {
  const earlier = new Map(before.map((one) => [one.name, one]));
  const now = new Set(asked);
  const kept = keptOf(names.length);
  const series = names.map((name): Series<Value> => {
    const known = earlier.get(name) ?? { name, value: undefined, readAt: undefined, past: [] };
    if (!now.has(name)) return known;
    const value = read.get(name);
    return { name, value, readAt: at, past: value === undefined ? known.past : [...known.past, { at, value }].slice(-kept) };
  });
  return { at, series };
}

/** How many times the usual pause between two points is one in which nothing was read. */
const pauseFactor = 3;

/** The points of a chart, with a gap wherever nothing was read for a while. */
export function withGaps<Value>(past: readonly Point<Value>[], of: (value: Value) => number | undefined): readonly (number | undefined)[] {
  const pauses = past.slice(1).map(({ at }, index) => at - (past[index]?.at ?? at));
  const usual = pauses.toSorted((a, b) => a - b)[Math.floor(pauses.length / 2)] ?? 0;
  return past.flatMap(({ value }, index) => {
    const pause = pauses[index - 1] ?? 0;
    return usual > 0 && pause > usual * pauseFactor ? [undefined, of(value)] : [of(value)];
  });
}
