import { once } from 'node:events';
import type { Clock } from './clock.ts';

/** How long an interrupted process waits for somebody to read the rest. */
const patienceMs = 1_000;

/** Is over a moment after the interruption, however late that comes. */
export async function patience(interrupted: AbortSignal, clock: Pick<Clock, 'sleep'>): Promise<void> {
  if (!interrupted.aborted) await once(interrupted, 'abort');
  await clock.sleep(patienceMs);
}
