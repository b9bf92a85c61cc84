import { diffLines } from 'diff/lib/diff/line.js';
import { isMarkLine } from '../../config/logging/marks.ts';
import { maskText } from '../../config/secrets/redact.ts';
import { harmlessRow } from '../../support/foreign-text.ts';
import { truncate } from '../../support/text-width.ts';

/** How many lines of a difference a question shows. */
const mostLines = 30;
/** Cells of one of them. */
const mostCells = 200;

/** The lines that differ, as `- before` and `+ after`, without drey's own marks and with secrets masked. */
export function fileDiff(before: string, after: string): readonly string[] {
  const lines = diffLines(before, after).flatMap(({ added, removed, value }) => {
    if (!added && !removed) return [];
    return value
      .replace(/\r?\n$/, '')
      .split('\n')
      .filter((line) => !isMarkLine(line))
      .map((line) => `${added ? '+' : '-'} ${truncate(harmlessRow(maskText(line)), mostCells, '…')}`);
  });
  return lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `and ${lines.length - mostLines} more lines`];
}
