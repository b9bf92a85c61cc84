import { matches, type TextFilter } from './filter.ts';
import type { TextState } from './places/text.ts';

/** The indexes of the lines that pass a filter. */
const passing = (all: readonly string[], filter: TextFilter | undefined): readonly number[] =>
  all.flatMap((line, index) => (filter === undefined || matches(filter, line) ? [index] : []));

/** The lines before a match help to understand it. */
export const linesAbove = 2;

/** Only matching lines; the found line stays the same, whatever lines are around it. */
export function withFilter(text: TextState, filter: TextFilter | undefined): TextState {
  const { all, filter: before, found } = text;
  const shown = passing(all, filter);
  const line = found === undefined ? undefined : passing(all, before)[found];
  const at = line === undefined ? -1 : shown.indexOf(line);
  return {
    ...text,
    filter,
    lines: shown.map((index) => all[index] ?? ''),
    found: at < 0 ? undefined : at,
    top: at < 0 ? 0 : Math.max(0, at - linesAbove),
  };
}

/** The text with other lines, the first `gone` of the old ones without: the line at the top and the one that was found stay where they are. */
export function withLines(text: TextState, all: readonly string[], gone: number): TextState {
  const { filter, found, top } = text;
  const before = passing(text.all, filter);
  const shown = passing(all, filter);
  const moved = (index: number): number => (before[index] ?? 0) - gone;
  const at = found === undefined ? -1 : shown.indexOf(moved(found));
  const first = shown.findIndex((index) => index >= moved(top));
  return { ...text, all, lines: shown.map((index) => all[index] ?? ''), found: at < 0 ? undefined : at, top: Math.max(0, first) };
}
