import type { TimelineEntry } from '../../session/types.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import type { PaintCells } from './table-lines.ts';

const tones: Readonly<Record<TimelineEntry['severity'], Token | undefined>> = { info: undefined, warn: 'warn', error: 'error' };

/** The cells of a timeline entry that are more than plain text. */
export const timelineCells = ({ theme }: Look): PaintCells<TimelineEntry> => ({
  TIME: (_, text) => theme.paint('muted', text),
  FROM: ({ from }, text) => theme.paint(from, text),
  'WHAT HAPPENED': ({ severity }, text) => theme.paint(tones[severity], text),
});
