/** Waiting times between tries, in milliseconds. */
export interface Backoff {
  /** The next wait: exponential from `first` to `most`, minus a random part of up to one half. */
  next(): number;
  /** A try succeeded: start again at `first`. */
  reset(): void;
}

export interface BackoffOptions {
  readonly first?: number;
  readonly most?: number;
  readonly factor?: number;
  readonly random?: () => number;
}

/** Jitter keeps a hundred clients that lost the same server from coming back at the same instant. */
export function backoff({ first = 250, most = 10_000, factor = 2, random = Math.random }: BackoffOptions = {}): Backoff {
  let ceiling = first;
  return {
    next() {
      const wait = ceiling - random() * (ceiling / 2);
      ceiling = Math.min(ceiling * factor, most);
      return Math.round(wait);
    },
    reset() {
      ceiling = first;
    },
  };
}
