import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';

/**
 * How often to retry, and how long to wait. Flink's client reads both from `KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT` and `…BACKOFFINTERVAL`.
 */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly limit: number;
  /** Wait before the first retry, in milliseconds; doubles each time. */
  readonly intervalMs: number;
}

/** Source: `Config.DEFAULT_REQUEST_RETRY_BACKOFFLIMIT` and `…INTERVAL`, Fabric8 7.3. */
export const defaultRetries: RetryPolicy = { limit: 10, intervalMs: 100 };

/** The longest wait: Fabric8 keeps doubling, until it looks as if it hangs. */
const longestWaitMs = 5000;
/** The longest wait that a server may ask for. */
const longestAskedMs = 30_000;

/** True if another try may help: the server is busy (429), failed (500, 503), or did not answer. */
export function isPassing(error: unknown): error is Problem {
  return error instanceof Problem && (error.kind === 'unavailable' || error.kind === 'unreachable');
}

/** True if the request may have had an effect although no usable answer came. */
export const mayHaveHappened = (problem: Problem): boolean => problem.kind === 'unreachable' || (problem.status ?? 0) >= 500;

export interface RetryOptions {
  readonly clock: Clock;
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** Called before each wait. */
  readonly waiting: (problem: Problem, waitMs: number) => void;
}

/** Runs `work` until it succeeds, fails for good, or has been tried often enough; then rejects with its last error. */
export async function retrying<T>(work: () => Promise<T>, { clock, policy, signal, waiting }: RetryOptions): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isPassing(error) || tries >= policy.limit) throw error;
      // Even if a server asks for no wait at all, there is one.
      const waitMs = Math.max(Math.min(policy.intervalMs * 2 ** tries, longestWaitMs), Math.min(error.retryAfterMs ?? 0, longestAskedMs));
      waiting(error, waitMs);
      await clock.sleep(waitMs, signal);
    }
  }
}
