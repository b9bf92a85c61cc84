/** Limits of requests that differ from the defaults. */
export interface RequestLimits {
  /** Milliseconds for a whole request. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds until a new connection is open. Default: the limit of the whole request. */
  readonly connectMs?: number | undefined;
  /** Requests at the same time. Default 32. */
  readonly atATime?: number | undefined;
}

/** Runs at most `most` at a time; the others queue in order. */
export interface Turnstile {
  /** Resolves with the function that frees the place again. Rejects if `signal` aborts while waiting. */
  enter(signal: AbortSignal | undefined): Promise<() => void>;
}

export function turnstile(most: number): Turnstile {
  let inside = 0;
  const waiting: (() => void)[] = [];
  const leave = (): void => {
    const next = waiting.shift();
    if (next) next();
    else inside--;
  };
  return {
    enter(signal) {
      signal?.throwIfAborted();
      if (inside < most) {
        inside++;
        return Promise.resolve(leave);
      }
      return new Promise((resolve, reject) => {
        const admit = (): void => {
          signal?.removeEventListener('abort', give);
          resolve(leave);
        };
        const give = (): void => {
          waiting.splice(waiting.indexOf(admit), 1);
          reject(signal?.reason);
        };
        waiting.push(admit);
        signal?.addEventListener('abort', give, { once: true });
      });
    },
  };
}
