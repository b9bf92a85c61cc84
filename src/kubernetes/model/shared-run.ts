import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';

/** Six sources that try again within seconds are one reason to run a plug-in, and not six. */
const FIRST_PAUSE_MS = 5_000;
/** Who does not log in for an hour does not need to be asked every few seconds. */
export const MOST_PAUSE_MS = 5 * 60_000;

/** Work that many wait for, with pauses that grow while it fails. */
export interface SharedRun<T> {
  /** Its result. During a pause it rejects with the last failure, whose `retryAfterMs` says how long that lasts. */
  run(): Promise<T>;
  /** Ends the pause: somebody asked to try again now. */
  retry(): void;
}

/** Does `work` once however many wait for it. After a failure it pauses for 5 s, then twice as long each time, for 5 min at most. */
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
    ...(hint === undefined ? {} : { hint }),
    ...(status === undefined ? {} : { status }),
  });
}
