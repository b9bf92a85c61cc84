import { inParts } from '../../flink/upload-steps.ts';
import { formatBytes, formatPercent } from '../../support/format.ts';
import type { CommandContext } from '../model/types.ts';

/** Without a panel to show it, lines report a transfer of at least this many bytes. */
const worthLines = 4_000_000;

const howFar = (sent: number, total: number): string => `${formatBytes(sent)} of ${formatBytes(total)}, ${formatPercent(sent / total)}`;

/** A file on its way. */
interface Transfer {
  readonly name: string;
  /** What it says once all of it has arrived. */
  readonly done: string;
  readonly progress: (text: string) => void;
}

/**
 * Reports how far a transfer is, as the progress of an operation, and as lines in the line mode, which has no panel to show it. The output of
 * one command is what scripts read.
 */
export function transferReport(
  { mode, front }: Pick<CommandContext, 'mode' | 'front'>,
  { name, done, progress }: Transfer,
): (sent: number, total: number) => void {
  const inLines = inParts(4, (sent, total) => {
    if (mode === 'line' && total >= worthLines) front.print([`${name}: ${howFar(sent, total)}`], 'event');
  });
  return (sent, total) => {
    progress(sent < total ? howFar(sent, total) : done);
    inLines(sent, total);
  };
}
