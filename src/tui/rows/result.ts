import { head, truncate, wrapIndented } from '../../support/text-width.ts';
import type { Area, Layout } from '../state/layout.ts';
import { words, type Look } from '../look/look.ts';
import type { ResultState } from '../state/ui.ts';
import { toneTokens } from './bottom.ts';

/** The answer of a command, above the command line until the next key: its area, and the lines between the borders. */
export function resultBox(
  result: ResultState,
  { size, problem }: Layout,
  look: Look,
): { readonly area: Area; readonly lines: readonly string[] } {
  const { lines: all, tone } = result;
  const inner = size.columns - 4;
  const token = toneTokens[tone];
  const room = Math.max(1, Math.min(Math.floor(size.rows / 2), problem.y - 2) - 2);
  // From the end, because a running command prints the latest state last. Only visible lines are broken into rows.
  const lines: string[] = [];
  for (const line of all.toReversed()) {
    lines.unshift(...wrapIndented(words(look, head(line, inner * room)), inner));
    if (lines.length > room) break;
  }
  const shown = lines.length <= room ? lines : [look.theme.paint('muted', words(look, '… more before')), ...lines.slice(-(room - 1))];
  const height = shown.length + 2;
  return {
    area: { x: 0, y: Math.max(0, problem.y - height), width: size.columns, height },
    lines: shown.map((line) => ` ${look.theme.paint(token, truncate(line, inner, look.glyphs.ellipsis))}`),
  };
}
