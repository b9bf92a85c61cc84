import type { Program } from './program.ts';
import { rest } from './suite.ts';

/** Lines that ever came to the log that is shown, from its border; behind a filter, those that match. */
export async function linesSeen(program: Program): Promise<number> {
  const text = (await program.screen()).join('\n');
  return Number((/([\d,]+)(?: of [\d,]+)? lines/.exec(text)?.[1] ?? 'NaN').replaceAll(',', ''));
}

/**
 * The same when it has stopped to grow: what is on its way has arrived. On a busy machine streams are interrupted and read on later;
 * what has not come after `limitMs` counts as lost.
 */
export async function settledLines(program: Program, limitMs = 60_000): Promise<number> {
  const end = performance.now() + limitMs;
  let before = -1;
  for (;;) {
    const interrupted = (await program.screen()).some((line) => line.includes('streams interrupted'));
    const seen = await linesSeen(program);
    // The cluster itself goes on writing a line now and then.
    if ((!interrupted && seen - before < 20) || performance.now() > end) return seen;
    before = seen;
    await rest(1_000);
  }
}
