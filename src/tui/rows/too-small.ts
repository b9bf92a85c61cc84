import { pad, wrap } from '../../support/text-width.ts';
import { smallest } from '../state/layout.ts';
import { words } from '../look/look.ts';
import type { Frame } from '../state/ui.ts';

/** Below the smallest size: one sentence; the session continues. */
export function tooSmall({
  layout: {
    size: { columns, rows },
  },
  look,
  session,
}: Frame): readonly string[] {
  const has = `drey needs ${smallest.columns}x${smallest.rows} cells, this terminal has ${columns}x${rows}.`;
  const text = wrap(words(look, `${session.target.clusterId}: ${has} The session keeps running. Ctrl+C detaches.`), columns);
  return Array.from({ length: rows }, (_, row) => pad(text[row] ?? '', columns, 'end', ''));
}
