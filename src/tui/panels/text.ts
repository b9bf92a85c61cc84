import { truncate } from '../../support/text-width.ts';
import { words } from '../look.ts';
import type { Frame } from '../ui.ts';
import type { PanelDrawing } from './panel.ts';

/** A text that is read: help, the description of a pod or a job. */
export function drawText({ ui, look }: Frame): PanelDrawing {
  const text = ui.text;
  if (text === undefined) return { title: '', facts: '', lines: () => [] };
  return {
    title: text.title,
    facts: `${Math.min(text.lines.length, text.top + 1)}/${text.lines.length}`,
    lines: (width, height) => text.lines.slice(text.top, text.top + height).map((line) => ` ${truncate(words(look, line.replaceAll('\t', '    ')), width - 2, look.glyphs.ellipsis)}`),
  };
}
