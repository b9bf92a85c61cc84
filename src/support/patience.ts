import { once } from 'node:events';
import type { Clock } from './clock.ts';

/** How long an interrupted process waits for its output to be read. */
const patienceMs = 1_000;

/** Resolves this long after the interruption, however late that comes. */
export async function patience(interrupted: AbortSignal, clock: Pick<Clock, 'sleep'>): Promise<void> {
  if (!interrupted.aborted) await once(interrupted, 'abort');
  await clock.sleep(patienceMs);
}
