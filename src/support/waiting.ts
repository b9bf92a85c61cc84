import type { Clock } from './clock.ts';
import { isAbort } from './problem.ts';

/** A span of time that ends on demand, or with the one that contains it; `using` ends it with its block. */
export interface Lifetime extends Disposable {
  /** Aborts at the end. */
  readonly signal: AbortSignal;
  end(): void;
}

/** `outer`: the signals of the lifetimes that contain it. */
export function lifetime(...outer: readonly (AbortSignal | undefined)[]): Lifetime {
  const own = new AbortController();
  const signals = outer.filter((each) => each !== undefined);
  const end = (): void => own.abort();
  return { signal: signals.length === 0 ? own.signal : AbortSignal.any([...signals, own.signal]), end, [Symbol.dispose]: end };
}

/** Calls `expire` after `ms` unless the returned function is called before. */
export function deadline(clock: Pick<Clock, 'sleep'>, ms: number, expire: () => void): () => void {
  const running = lifetime();
  clock.sleep(ms, running.signal).then(expire, () => {
    // Cancelled in time.
  });
  return running.end;
}

/** Aborts its signal along with the given one, or when the time is up; leaving the block that uses it stops the clock. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
}

/** `ms`: undefined for no limit. */
export function timeLimit(ms: number | undefined, signal: AbortSignal | undefined, clock: Pick<Clock, 'sleep'>): TimeLimit {
  const limited = lifetime(signal);
  const callOff = ms === undefined ? () => undefined : deadline(clock, ms, limited.end);
  return { signal: limited.signal, [Symbol.dispose]: callOff };
}

/** The clock of a wait, and the signal that ends it. */
export interface Patience {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal?: AbortSignal | undefined;
}

/** No result came in time. */
export const late: unique symbol = Symbol('late');

/**
 * The result of `work`, or `late` after `ms` milliseconds; the signal of `work` aborts when nobody waits any longer. Rejects with the error
 * of `work`, and with an `AbortError` only if the caller's own signal aborted.
 */
export async function within<T>(
  ms: number,
  { clock, signal }: Patience,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | typeof late> {
  using waiting = lifetime(signal);
  try {
    return await Promise.race([work(waiting.signal), clock.sleep(ms, waiting.signal).then((): typeof late => late)]);
  } catch (error) {
    if (isAbort(error)) signal?.throwIfAborted();
    throw error;
  }
}

/**
 * The result of `work`, or an `AbortError` as soon as `signal` aborts. The work itself continues: for a result that several callers wait
 * for, so that one of them may leave.
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const leave = () => reject(abortError(signal));
    if (signal.aborted) {
      leave();
      // Nobody is left to handle its rejection.
      work.catch(() => undefined);
      return;
    }
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** The reason of an aborted signal as an error that `isAbort` recognises. */
export function abortError(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name === 'AbortError') return reason;
  return new DOMException('This operation was aborted', 'AbortError');
}

/** Waits that can be cut short: the user asked to try again now. */
export interface Waker {
  /** Resolves after `ms`, or earlier if `wake` is called; rejects with an `AbortError` if `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  wake(): void;
}

export function waker(clock: Pick<Clock, 'sleep'>): Waker {
  const asleep = new Set<Lifetime>();
  return {
    async sleep(ms, signal) {
      const nap = lifetime(signal);
      asleep.add(nap);
      try {
        await clock.sleep(ms, nap.signal);
      } catch (error) {
        signal.throwIfAborted();
        // Woken on purpose: the end of the wait, not a failure.
        if (!nap.signal.aborted) throw error;
      } finally {
        asleep.delete(nap);
      }
    },
    wake() {
      for (const nap of asleep) nap.end();
    },
  };
}

/** For a single sleeper: if `wake` is called while it is awake, its next sleep ends immediately. */
export function wakerWithMemory(clock: Pick<Clock, 'sleep'>): Waker {
  const { sleep, wake } = waker(clock);
  let woken = false;
  return {
    async sleep(ms, signal) {
      signal.throwIfAborted();
      if (!woken) await sleep(ms, signal);
      signal.throwIfAborted();
      woken = false;
    },
    wake() {
      woken = true;
      wake();
    },
  };
}
