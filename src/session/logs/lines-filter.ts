import type { LogLine } from '../../kubernetes/model/types.ts';
import { Candidate } from './candidate.ts';
import { LogBuffer, SlabPool } from './log-buffer.ts';
import type { LevelReader } from './level-reader.ts';
import type { ViewLine } from '../types.ts';

/** Which of these lines are wanted. Lines that follow those of the call before may continue their last entry. */
export type LinesFilter = (lines: readonly LogLine[]) => readonly LogLine[];

/** More than a block of a spool has, and the longest entry before it. */
const bounds = { maxLines: 20_000, maxBytes: 8 * 2 ** 20 };

export function linesFilter(pod: string, levels: LevelReader, wanted: (line: ViewLine) => boolean): LinesFilter {
  const buffer = new LogBuffer(bounds, new SlabPool(), levels);
  const candidate = new Candidate();
  candidate.name = pod;
  candidate.buffer = buffer;
  return (lines) => {
    const from = buffer.next;
    buffer.append(lines);
    return lines.filter((_, index) => {
      candidate.number = from + index;
      return candidate.number >= buffer.first && wanted(candidate);
    });
  };
}
