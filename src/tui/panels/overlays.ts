import { head, pad, truncate, wrap } from '../../support/text-width.ts';
import { actionIds, keyLabel, placeOf, placesOf, type Key, type Place } from '../keys.ts';
import { words } from '../look.ts';
import type { Frame } from '../ui.ts';
import { centred, drawDialog, type Overlay } from '../widgets/dialog.ts';
import { framed } from '../widgets/framed.ts';
import { shortResult, toneTokens } from './bottom.ts';

const placeTitles: Readonly<Record<Place, string>> = {
  dialog: 'Question', prompt: 'Filter', command: 'Command line', edit: 'Editing', pods: 'Pods', jobs: 'Jobs', operations: 'Operations', log: 'Log', text: 'Text', list: 'Tables', panel: 'Every panel', everywhere: 'Everywhere',
};

/** The keys of this place, made from the key table. */
function drawKeys(frame: Frame): Overlay {
  const { keys, ui, size, look } = frame;
  const { theme, glyphs } = look;
  const places: readonly Place[] = ui.focus === 'command' ? ['command', 'edit', 'everywhere'] : placesOf(ui.focus);
  const rows: string[] = [];
  for (const place of places) {
    if (rows.length > 0) rows.push('');
    rows.push(theme.paint('accent', placeTitles[place]));
    for (const id of actionIds) {
      const { keys: own, summary }: Key = keys[id];
      if (placeOf(id) === place && own.length > 0) rows.push(`${pad(words(look, own.map(keyLabel).join(' ')), 16)} ${theme.paint('muted', summary)}`);
    }
  }
  const room = size.rows - 4;
  const columns = rows.length <= room || size.columns < 110 ? 1 : Math.min(Math.floor(size.columns / 55), Math.ceil(rows.length / room));
  const perColumn = Math.ceil(rows.length / columns);
  const columnWidth = Math.min(72, Math.floor((Math.min(size.columns, columns * 74) - 4) / columns));
  const lines = Array.from({ length: Math.min(perColumn, room) }, (_, row) =>
    ` ${Array.from({ length: columns }, (__, column) => pad(rows[column * perColumn + row] ?? '', columnWidth - 1, 'end', glyphs.ellipsis)).join(' ')}`);
  const area = centred(size, columns * columnWidth + 4, lines.length + 2);
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
    lines.unshift(...wrap(words(look, head(line, inner * room)), inner));
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

/** What lies over the panels now, the lowest first. */
export function drawOverlays(frame: Frame): readonly Overlay[] {
  const overlays: Overlay[] = [];
  const result = drawResult(frame);
  if (result !== undefined) overlays.push(result);
  if (frame.ui.keys) overlays.push(drawKeys(frame));
  if (frame.ui.dialog !== undefined) overlays.push(drawDialog(frame.ui.dialog, frame.size, frame.now, frame.look));
  return overlays;
}
