import { setTimeout } from 'node:timers/promises';

/** Looks every few milliseconds until the result is neither undefined nor false. The test's own time limit ends it. */
export async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false, every = 20): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await setTimeout(every);
  }
}

/** The same for a cluster, where each look is a request. Rejects after `patience` milliseconds, and names what it waited for. */
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
