import { head, truncate, width as cells, wrapIndented } from '../../support/text-width.ts';
import { words } from '../look.ts';
import type { Frame } from '../ui.ts';
import { centred, drawDialog, type Overlay } from '../widgets/dialog.ts';
import { framed } from '../widgets/framed.ts';
import { dialogHints, shortResult, toneTokens } from './bottom.ts';
import { keyColumns } from './key-list.ts';

/** The keys that work here, over the panels; when there is no room for all of them they are a text instead. */
function drawKeys(frame: Frame): Overlay | undefined {
  const { size, look } = frame;
  const columns = keyColumns(frame);
  if (columns === undefined) return undefined;
  const lines = Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => ` ${columns.map((column) => column[row] ?? '').join(' ')}`);
  const area = centred(size, Math.max(...lines.map(cells)) + 3, lines.length + 2);
  return { area, cursor: undefined, lines: framed({ width: area.width, height: area.height, title: 'Keys', facts: 'any key closes', focused: true, lines }, look) };
}

/** What a command answered, where it is more than one row: above the command line until the next key. */
function drawResult(frame: Frame): Overlay | undefined {
  const { ui: { result }, layout, look } = frame;
  if (result === undefined || result.lines.length === 0 || shortResult(frame, layout.problem.width) !== undefined) return undefined;
  const { columns } = layout.size;
  const inner = columns - 4;
  const token = toneTokens[result.tone];
  const room = Math.max(1, Math.min(Math.floor(layout.size.rows / 2), layout.problem.y - 2) - 2);
  // From the end: a command that goes on says last what is true now. No more is broken into rows than is seen.
  const lines: string[] = [];
  for (const line of result.lines.toReversed()) {
    lines.unshift(...wrapIndented(words(look, head(line, inner * room)), inner));
    if (lines.length > room) break;
  }
  const shown = lines.length <= room ? lines : [look.theme.paint('muted', words(look, '… more before')), ...lines.slice(-(room - 1))];
  const height = shown.length + 2;
  const area = { x: 0, y: Math.max(0, layout.problem.y - height), width: columns, height };
  return {
    area, cursor: undefined,
    lines: framed({ width: columns, height, title: 'Result', focused: false, lines: shown.map((line) => ` ${look.theme.paint(token, truncate(line, inner, look.glyphs.ellipsis))}`) }, look),
  };
}

/** The question that is open. */
export function questionOverlay({ ui: { dialog }, keys, size, now, look }: Frame): Overlay | undefined {
  return dialog === undefined ? undefined : drawDialog(dialog, dialogHints(keys, dialog), size, now, look);
}

/** What lies over the panels now, the lowest first. */
export function drawOverlays(frame: Frame): readonly Overlay[] {
  const overlays: Overlay[] = [];
  const result = drawResult(frame);
  if (result !== undefined) overlays.push(result);
  const keys = frame.ui.keys ? drawKeys(frame) : undefined;
  if (keys !== undefined) overlays.push(keys);
  const question = questionOverlay(frame);
  if (question !== undefined) overlays.push(question);
  return overlays;
}
