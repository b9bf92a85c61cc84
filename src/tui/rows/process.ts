import type { Movement } from '../../inside/threads/compare.ts';
import { type FigureRow, type SettingRow, threadState, type ThreadRow } from '../../session/tables/process.ts';
import type { Look } from '../look/look.ts';
import { bar } from './bar.ts';
import type { PaintCells } from './table-lines.ts';

/** From this share on a part of the memory is nearly used up. */
const nearlyFull = 0.95;

const barCells = 12;

/** The share as a bar and a number. A heap fills up before each collection, and is not marked for it. */
export const figureCells = ({ theme, glyphs }: Look): PaintCells<FigureRow> => ({
  SHARE({ name, share }, text) {
    if (share === undefined) return text;
    const drawn = `${bar(share, 1, barCells, glyphs)} ${text}`;
    return share > nearlyFull && name !== 'JVM heap' ? theme.paint('warn', drawn) : drawn;
  },
});

export const threadCells = ({ theme }: Look): PaintCells<ThreadRow> => ({
  STATE(row, text) {
    if (row.group.deadlocked) return theme.paint('error', text);
    if (row.group.state === 'BLOCKED') return theme.paint('warn', text);
    return threadState(row) === 'RUNNABLE' ? theme.paint('ok', text) : theme.paint('muted', text);
  },
});

export const movementCells = ({ theme }: Look): PaintCells<Movement> => ({
  'SINCE THEN': ({ kind }, text) => theme.paint(kind === 'still' ? 'muted' : 'accent', text),
});

export const settingCells = ({ theme }: Look): PaintCells<SettingRow> => ({
  IS: ({ standing }, text) => theme.paint(standing === 'differs' ? 'accent' : 'muted', text),
});
