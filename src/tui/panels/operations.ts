import type { Operation } from '../../session/types.ts';
import { formatAge, formatTime } from '../../support/format.ts';
import type { Look } from '../look.ts';
import { operationRows } from '../rows.ts';
import type { Token } from '../theme.ts';
import type { Frame } from '../ui.ts';
import { tableLines, type Column } from '../widgets/table.ts';
import { emptyLines, type PanelDrawing } from './panel.ts';

const tones: Readonly<Record<Operation['state'], Token | undefined>> = { running: 'busy', succeeded: 'ok', failed: 'error', unknown: 'warn' };

function state({ state: word }: Operation, { glyphs, theme }: Look): string {
  const sign = { running: glyphs.busy, succeeded: glyphs.done, failed: glyphs.failed, unknown: glyphs.stale }[word];
  return theme.paint(tones[word], `${sign} ${word.charAt(0).toUpperCase()}${word.slice(1)}`);
}

const columns = (now: number, look: Look): readonly Column<Operation>[] => [
  { title: 'OPERATION', min: 18, max: 44, drop: 0, cell: ({ title }) => title },
  { title: 'STATE', min: 11, max: 11, drop: 1, cell: (row) => state(row, look) },
  { title: 'TOOK', min: 4, max: 4, align: 'right', drop: 2, cell: ({ startedAt, endedAt }) => formatAge((endedAt ?? now) - startedAt) },
  { title: 'SINCE', min: 8, max: 8, drop: 4, cell: ({ startedAt }) => formatTime(startedAt) },
  { title: 'RESULT', min: 12, max: 200, drop: 3, cell: ({ result, progress }) => result ?? progress ?? '' },
];

/** What was asked for here and takes time, newest first. */
export function drawOperations(frame: Frame): PanelDrawing {
  const { session, ui, now, look } = frame;
  const list = ui.lists.operations;
  const rows = operationRows(session, list);
  const running = session.operations.filter((operation) => operation.state === 'running').length;
  return {
    title: list.filter === undefined ? 'Operations' : `Operations /${list.filter.text}`,
    facts: running > 0 ? look.theme.paint('busy', `${running} running`) : rows.length === 0 ? '' : String(rows.length),
    lines: (width, height, focused) => rows.length === 0
      ? emptyLines(list.filter === undefined ? 'Nothing was asked for yet.' : `No operation matches ${list.filter.text}`, width, look)
      : tableLines({ width, height, rows, focused, top: list.top, columns: columns(now, look), selected: rows.findIndex(({ id }) => id === list.selected) }, look),
  };
}
