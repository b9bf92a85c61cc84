import type { Operation } from '../../session/types.ts';
import { truncateStart } from '../../support/text-width.ts';
import type { Look } from '../look.ts';
import { stateWord } from '../rows.ts';
import type { Token } from '../theme.ts';
import type { Frame } from '../ui.ts';
import type { PanelDrawing } from './panel.ts';
import { drawTable } from './table.ts';

const tones: Readonly<Record<Operation['state'], Token | undefined>> = { running: 'busy', succeeded: 'ok', failed: 'error', unknown: 'warn' };

function stateCell({ state }: Operation, { glyphs, theme }: Look): string {
  const sign = { running: glyphs.busy, succeeded: glyphs.done, failed: glyphs.failed, unknown: glyphs.stale }[state];
  return theme.paint(tones[state], `${sign} ${stateWord(state)}`);
}

/** The end of a path tells one savepoint from another. */
const resultCell = ({ kind, state }: Operation, text: string, room: number, { glyphs }: Look): string =>
  (state === 'succeeded' && kind !== 'submit' && text.includes('/') ? truncateStart(text, room, glyphs.ellipsis) : text);

/** What was asked for here and takes time, newest first. */
export function drawOperations(frame: Frame): PanelDrawing {
  const { session, look } = frame;
  const running = session.operations.filter((operation) => operation.state === 'running').length;
  return drawTable(frame, 'operations', {
    title: 'Operations',
    trouble: running > 0 ? look.theme.paint('busy', `${running} running`) : '',
    empty: 'No operations yet. Savepoints, submits and stops started here appear here.',
    noMatch: (filter) => `No operation matches ${filter}`,
    paint: {
      STATE: (row) => stateCell(row, look),
      RESULT: (row, text, room) => resultCell(row, text, room, look),
    },
  }, true);
}
