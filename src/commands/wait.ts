import type { Session } from '../session/types.ts';
import { isAbort } from '../support/problem.ts';
import type { CommandContext } from './types.ts';

/** True as soon as the session fulfils `condition`, false after `ms` milliseconds. Rejects only with the `AbortError` of the signal. */
export async function sessionWithin(
  { store, clock, signal }: Pick<CommandContext, 'store' | 'clock' | 'signal'>, ms: number, condition: (session: Session) => boolean,
): Promise<boolean> {
  if (condition(store.get())) return true;
  const done = new AbortController();
  const both = AbortSignal.any([signal, done.signal]);
  try {
    return await Promise.race([store.until(condition, both).then(() => true), clock.sleep(ms, both).then(() => false)]);
  } catch (error) {
    // A store that was disposed in the middle also aborts; only the caller's own wish counts as one.
    if (isAbort(error)) signal.throwIfAborted();
    throw error;
  } finally {
    done.abort();
  }
}
