import type { FailureFacts } from '../../inside/exceptions/failures.ts';
import type { FailureLine } from '../../inside/exceptions/lines.ts';
import type { StackRow } from '../../session/tables/stack.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import type { PaintCells } from './table-lines.ts';

export const exceptionCells = ({ theme }: Look): PaintCells<FailureFacts> => ({
  CAUSE: ({ gaveUp }, text) => theme.paint(gaveUp === undefined ? 'warn' : 'error', text),
  TIMES: ({ times }, text) => (times.length > 1 ? theme.paint('warn', text) : text),
});

function toneOf(line: FailureLine): Token | undefined {
  switch (line.kind) {
    case 'root':
      return 'error';
    case 'wrapper':
      return 'warn';
    case 'frame':
      return line.own ? undefined : 'muted';
    case 'fold':
      return 'muted';
    case 'fact':
      return undefined;
  }
}

export const stackCells = ({ theme }: Look): PaintCells<StackRow> => ({
  'ROOT CAUSE FIRST': ({ line }, text) => {
    const shown = line.kind === 'frame' || line.kind === 'fold' ? `    ${text}` : text;
    return theme.paint(toneOf(line), shown);
  },
});
