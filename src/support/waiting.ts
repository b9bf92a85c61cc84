import type { Clock } from './clock.ts';
import { isAbort } from './problem.ts';

/** A stretch of time that ends when it is told to, or with what it is part of; `using` ends it with its block. */
export interface Lifetime extends Disposable {
  /** Aborts at the end. */
  readonly signal: AbortSignal;
  end(): void;
}

/** `outer`: what it is part of. */
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
    // In time: it was called off.
  });
  return running.end;
}

/** Aborts its signal with the one that was given, or when the time is over; the clock stops with the block that uses it. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
}

/** `ms`: undefined for no limit. */
export function timeLimit(ms: number | undefined, signal: AbortSignal | undefined, clock: Pick<Clock, 'sleep'>): TimeLimit {
  const limited = lifetime(signal);
  const callOff = ms === undefined ? () => undefined : deadline(clock, ms, limited.end);
  return { signal: limited.signal, [Symbol.dispose]: callOff };
}

/** Whose time it is, and who may end the wait. */
export interface Patience {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal?: AbortSignal | undefined;
}

/** There was no result in time. */
export const late: unique symbol = Symbol('late');

/**
 * What `work` resolves with, or `late` after `ms` milliseconds; its signal aborts when nobody waits any longer. Rejects with what the work
 * rejects with, and with an `AbortError` only if the caller's own signal aborted.
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
 * What `work` resolves with, or an `AbortError` as soon as `signal` aborts. The work itself goes on: for a result that several
 * callers wait for, of whom one may leave.
 */
export function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise<T>((resolve, reject) => {
    const leave = () => reject(abortError(signal));
    if (signal.aborted) {
      leave();
      // Nobody is left to hear how it ended.
      work.catch(() => undefined);
      return;
    }
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}

/** The reason of an aborted signal as an error that `isAbort` knows. */
export function abortError(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name === 'AbortError') return reason;
  return new DOMException('This operation was aborted', 'AbortError');
}

/** Waits that can be cut short from outside: somebody asked to try again now. */
export interface Waker {
  /** Resolves after `ms`, or earlier when `wake` is called; rejects with an `AbortError` when `signal` aborts. */
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
        // Woken on purpose: that is an end of the wait, not a failure.
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

/** The same for a single sleeper that is never woken in vain: if it was awake, its next sleep ends at once. */
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
