import { Problem } from '../../support/problem.ts';
import type { CommandContext } from './types.ts';

/** A user who says no to a question gets what was wanted on the screen; a shell has to see that nothing was done. */
export function declined({ front, mode }: Pick<CommandContext, 'front' | 'mode'>, sentence: string): void {
  if (mode !== 'tui') throw new Problem('failed', sentence);
  front.print([sentence]);
}
