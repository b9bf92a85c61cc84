import { setTimeout } from 'node:timers/promises';

/** Looks again every few milliseconds until something is found that is neither undefined nor false. The time limit of the test ends it. */
export async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false, every = 20): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await setTimeout(every);
  }
}

/** The same for a cluster, where each look is a request. Rejects after `patience` milliseconds with what it waited for. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  patience = 120_000,
): Promise<T> {
  const end = performance.now() + patience;
  return await until(async () => {
    const found = await look();
    if ((found === undefined || found === false) && performance.now() > end) throw new Error(`waited ${patience} ms until ${what}`);
    return found;
  }, 250);
}
