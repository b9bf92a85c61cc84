import type { ViewLine } from '../../session/types.ts';

/** Lines have no names: two that say the same in the same millisecond of one log are one. */
export const isSameLine = (a: ViewLine, b: ViewLine): boolean => a.at === b.at && a.pod === b.pod && a.text === b.text;

export const isMarked = (marked: readonly ViewLine[], line: ViewLine): boolean => marked.some((each) => isSameLine(each, line));

/** With the line if it was not among them, otherwise without it. In the order of time. */
export function withMark(marked: readonly ViewLine[], line: ViewLine): readonly ViewLine[] {
  const rest = marked.filter((each) => !isSameLine(each, line));
  if (rest.length < marked.length) return rest;
  return [...marked, line].toSorted((a, b) => a.at - b.at);
}
