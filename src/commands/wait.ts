import type { Session } from '../session/types.ts';
import { isAbort, Problem } from '../support/problem.ts';
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

/** A person who looks is told what is known after this time; without a screen nobody can look again, and a first answer takes a few seconds. */
export const glanceMs = ({ mode }: Pick<CommandContext, 'mode'>): number => (mode === 'tui' ? 1_000 : 5_000);

/** How long an answer is waited for that makes a text better but is not needed for it: a person who looks is not kept waiting. */
export const bonusMs = ({ mode }: Pick<CommandContext, 'mode'>): number => (mode === 'tui' ? 700 : 5_000);

/** The answer, or undefined if it does not come within `ms` milliseconds or is a `Problem`. Rejects only with the `AbortError` of the signal. */
export async function answerWithin<T>(
  { clock, signal }: Pick<CommandContext, 'clock' | 'signal'>, ms: number, ask: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const over = new AbortController();
  const both = AbortSignal.any([signal, over.signal]);
  const answer = ask(both).catch((error: unknown) => {
    // What is known without it is worth more than its failure.
    if (over.signal.aborted || error instanceof Problem) return undefined;
    throw error;
  });
  try {
    return await Promise.race([answer, clock.sleep(ms, both).then(() => undefined)]);
  } catch (error) {
    if (isAbort(error)) signal.throwIfAborted();
    throw error;
  } finally {
    over.abort();
  }
}
