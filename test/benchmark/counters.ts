import type { Program } from './program.ts';
import { rest } from './suite.ts';

/** The number of all lines of the displayed log so far, from its border; with a filter, of those that match. */
export async function linesSeen(program: Program): Promise<number> {
  const text = (await program.screen()).join('\n');
  return Number((/([\d,]+)(?: of [\d,]+)? lines/.exec(text)?.[1] ?? 'NaN').replaceAll(',', ''));
}

/**
 * The same once it no longer grows, so that everything under way has arrived. On a busy machine, streams are interrupted and resumed later;
 * lines that have not arrived after `limitMs` count as lost.
 */
export async function settledLines(program: Program, limitMs = 60_000): Promise<number> {
  const end = performance.now() + limitMs;
  let before = -1;
  for (;;) {
    const interrupted = (await program.screen()).some((line) => line.includes('streams interrupted'));
    const seen = await linesSeen(program);
    // The cluster itself still writes a line now and then.
    if ((!interrupted && seen - before < 20) || performance.now() > end) return seen;
    before = seen;
    await rest(1_000);
  }
}
