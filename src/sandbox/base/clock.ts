/** Time in the sandbox: real wall-clock stamps, waits divided by a speed. Its timers never keep a process alive. */
export interface SandboxClock extends Disposable {
  now(): number;
  /** Runs `task` once after `ms` milliseconds of sandbox time; the answer cancels it. */
  after(ms: number, task: () => void): () => void;
  /** Runs `task` every `ms` milliseconds; a function is asked for each wait. */
  every(ms: number | (() => number), task: () => void): () => void;
}

/** `speed` 10 makes what takes a second happen in 100 ms. */
export function sandboxClock(speed = 1): SandboxClock {
  const cancels = new Set<() => void>();

  const after = (ms: number, task: () => void): (() => void) => {
    const cancel = (): void => {
      clearTimeout(timer);
      cancels.delete(cancel);
    };
    const timer = setTimeout(() => {
      cancels.delete(cancel);
      task();
    }, ms / speed);
    timer.unref();
    cancels.add(cancel);
    return cancel;
  };

  const every = (ms: number | (() => number), task: () => void): (() => void) => {
    let over = false;
    let cancel = (): void => {};
    const again = (): void => {
      cancel = after(typeof ms === 'number' ? ms : ms(), () => {
        task();
        if (!over) again();
      });
    };
    again();
    return () => {
      over = true;
      cancel();
    };
  };

  return {
    now: () => Date.now(),
    after,
    every,
    [Symbol.dispose]() {
      for (const cancel of [...cancels]) cancel();
    },
  };
}
