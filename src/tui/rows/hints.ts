import { width as cells } from '../../support/text-width.ts';

/** As many whole hints as fit. The last one, which leads to all the others, is dropped last. */
export function fitHints(hints: readonly string[], room: number, gap: string): string {
  const kept = [...hints];
  const line = (): string => kept.join(gap);
  while (kept.length > 1 && cells(line()) > room) kept.splice(-2, 1);
  return cells(line()) > room ? '' : line();
}
