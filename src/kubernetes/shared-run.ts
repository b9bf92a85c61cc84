import type { Clock } from '../support/clock.ts';

/** Six sources that try again within seconds are one reason to run a plug-in, and not six. */
const FAILURE_KEPT_MS = 5_000;

/** Does `work` once however many wait for it. A failure answers those who come in the next five seconds, too. */
export function sharedRun<T>(work: () => Promise<T>, clock: Clock): () => Promise<T> {
  let running: Promise<T> | undefined;
  let failed: { readonly error: unknown; readonly at: number } | undefined;
  const run = async (): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      failed = { error, at: clock.monotonic() };
      throw error;
    } finally {
      running = undefined;
    }
  };
  return async () => {
    if (running === undefined && failed && clock.monotonic() - failed.at < FAILURE_KEPT_MS) throw failed.error;
    running ??= run();
    return running;
  };
}
