import type { Session } from '../../session/types.ts';
import { Problem } from '../../support/problem.ts';
import { late, within } from '../../support/waiting.ts';
import type { CommandContext } from './types.ts';

/** True as soon as the session fulfils `condition`, false after `ms` milliseconds. Rejects only with the `AbortError` of the signal. */
export async function sessionWithin(
  { store, clock, signal }: Pick<CommandContext, 'store' | 'clock' | 'signal'>,
  ms: number,
  condition: (session: Session) => boolean,
): Promise<boolean> {
  if (condition(store.get())) return true;
  // The past stands still.
  if (store.get().past !== undefined) return false;
  return (await within(ms, { clock, signal }, (limit) => store.until(condition, limit))) !== late;
}

/**
 * On a screen, the known facts are shown after this time; without a screen nobody can look again, and a first answer takes a few seconds.
 */
export const glanceMs = ({ mode }: Pick<CommandContext, 'mode'>): number => (mode === 'tui' ? 1_000 : 5_000);

/** How long to wait for an answer that improves a text but is not required: a user at a screen must not be kept waiting. */
export const bonusMs = ({ mode }: Pick<CommandContext, 'mode'>): number => (mode === 'tui' ? 700 : 5_000);

/** The answer, or undefined if it does not come within `ms` milliseconds or is a `Problem`. Rejects only with the `AbortError` of the signal. */
export async function answerWithin<T>(
  { clock, signal }: Pick<CommandContext, 'clock' | 'signal'>,
  ms: number,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  try {
    const answer = await within(ms, { clock, signal }, ask);
    return answer === late ? undefined : answer;
  } catch (error) {
    // The known facts are worth more than this failure.
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
