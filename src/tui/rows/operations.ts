import type { Operation } from '../../session/types.ts';
import type { Look } from '../look/look.ts';
import { stateWord } from '../state/table-sources.ts';
import type { Token } from '../look/theme.ts';
import type { Frame } from '../state/ui.ts';
import type { PaintCells } from './table-lines.ts';

const tones: Readonly<Record<Operation['state'], Token | undefined>> = {
  running: 'busy',
  succeeded: 'ok',
  failed: 'error',
  unknown: 'warn',
};

function stateCell({ state }: Operation, { glyphs, theme }: Look): string {
  const sign = { running: glyphs.busy, succeeded: glyphs.done, failed: glyphs.failed, unknown: glyphs.stale }[state];
  return theme.paint(tones[state], `${sign} ${stateWord(state)}`);
}

/** The cells of an operation that are more than plain text. */
export const operationCells = (look: Look): PaintCells<Operation> => ({
  STATE: (row) => stateCell(row, look),
});

/** What is running. */
export function operationTrouble({ session, look: { theme } }: Frame): string {
  const running = session.operations.filter(({ state }) => state === 'running').length;
  return running > 0 ? theme.paint('busy', `${running} running`) : '';
}
