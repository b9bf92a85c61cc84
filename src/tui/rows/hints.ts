import { width as cells } from '../../support/text-width.ts';

/** Hints as far as there is room for whole ones. The last, which leads to all the others, stays the longest. */
export function fitHints(hints: readonly string[], room: number, gap: string): string {
  const kept = [...hints];
  const line = (): string => kept.join(gap);
  while (kept.length > 1 && cells(line()) > room) kept.splice(-2, 1);
  return cells(line()) > room ? '' : line();
}
