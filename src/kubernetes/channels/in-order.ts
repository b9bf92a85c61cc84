/** Hands pieces on one after the other; while a taker is busy, nothing more is read. */
export interface InOrder {
  pass(take: () => void | Promise<void>): void;
  /** Resolves once all of it is taken, or cannot be. */
  taken(): Promise<void>;
}

/** What the pieces are read from. Some may still come after `pause`. */
interface Source {
  pause(): void;
  resume(): void;
}

/** `failed`: a taker rejected; nothing more is read then. */
export function inOrder(source: Source, failed: (error: unknown) => void): InOrder {
  let busy = 0;
  let last = Promise.resolve();
  const wait = (taking: Promise<void>): void => {
    if (busy === 0) source.pause();
    busy += 1;
    last = taking.then(() => {
      busy -= 1;
      if (busy === 0) source.resume();
    }, failed);
  };
  return {
    pass(take) {
      if (busy > 0) return wait(last.then(take));
      const taking = take();
      if (taking !== undefined) wait(taking);
    },
    taken: () => last,
  };
}
