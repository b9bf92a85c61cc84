import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';

/** Six sources that retry within seconds are one reason to run a plug-in, not six. */
const FIRST_PAUSE_MS = 5_000;
/** A user who has not logged in for an hour need not be asked every few seconds. */
export const MOST_PAUSE_MS = 5 * 60_000;

/** Work whose result many callers wait for, with growing pauses while it fails. */
export interface SharedRun<T> {
  /** The result. During a pause, rejects with the last failure; its `retryAfterMs` is the rest of the pause. */
  run(): Promise<T>;
  /** Ends the pause: the user asked to try again now. */
  retry(): void;
}

/** Does `work` once for all callers that wait. After a failure it pauses for 5 s, then twice as long each time, at most 5 min. */
export function sharedRun<T>(work: () => Promise<T>, clock: Clock): SharedRun<T> {
  let running: Promise<T> | undefined;
  let failed: { readonly error: unknown; readonly until: number } | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  const attempt = async (): Promise<T> => {
    try {
      const result = await work();
      failed = undefined;
      pauseMs = FIRST_PAUSE_MS;
      return result;
    } catch (error) {
      failed = { error, until: clock.monotonic() + pauseMs };
      pauseMs = Math.min(pauseMs * 2, MOST_PAUSE_MS);
      throw paused(error, failed.until - clock.monotonic());
    } finally {
      running = undefined;
    }
  };
  return {
    async run() {
      const left = failed === undefined ? 0 : failed.until - clock.monotonic();
      if (running === undefined && failed && left > 0) throw paused(failed.error, left);
      running ??= attempt();
      return running;
    },
    retry() {
      failed = undefined;
      pauseMs = FIRST_PAUSE_MS;
    },
  };
}

function paused(error: unknown, retryAfterMs: number): unknown {
  if (!(error instanceof Problem)) return error;
  const { kind, message, hint, status, cause } = error;
  return new Problem(kind, message, {
    retryAfterMs,
    cause,
    hint,
    status,
  });
}
