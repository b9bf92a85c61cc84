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
  return (await within(ms, { clock, signal }, (limit) => store.until(condition, limit))) !== late;
}

/** A person who looks is told what is known after this time; without a screen nobody can look again, and a first answer takes a few seconds. */
export const glanceMs = ({ mode }: Pick<CommandContext, 'mode'>): number => (mode === 'tui' ? 1_000 : 5_000);

/** How long an answer is waited for that makes a text better but is not needed for it: a person who looks is not kept waiting. */
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
    // What is known without it is worth more than its failure.
    if (error instanceof Problem) return undefined;
    throw error;
  }
}
