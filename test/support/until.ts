import { setTimeout } from 'node:timers/promises';

/** Not there yet. An empty text is what `kubectl get` prints of nothing. */
type Nothing = undefined | false | '';
type Look<T> = () => Promise<T | Nothing> | T | Nothing;

const isNothing = (found: unknown): found is Nothing => found === undefined || found === false || found === '';

/** Looks every few milliseconds until there is something. The test's own time limit ends it. */
export async function until<T>(look: Look<T>, every = 20): Promise<T> {
  for (;;) {
    const found = await look();
    if (!isNothing(found)) return found;
    await setTimeout(every);
  }
}

/** The same for a cluster, where each look is a request. Rejects after `patience` milliseconds, and names what it waited for. */
export async function eventually<T>(what: string, look: Look<T>, patience = 120_000): Promise<T> {
  const end = performance.now() + patience;
  return await until(async () => {
    const found = await look();
    if (isNothing(found) && performance.now() > end) throw new Error(`waited ${patience} ms until ${what}`);
    return found;
  }, 250);
}
