import type { SandboxClock } from '../base/clock.ts';
import { Interrupted, type Running, type Wait } from '../shell/input.ts';

/** A program that runs beside everything else. */
export interface Driven {
  /** Ctrl+C. */
  interrupt(): void;
  /** Ends it, whatever it does. */
  stop(): void;
}

/** Runs a program until it ends, and waits where it waits. */
export function driven(running: Running, clock: SandboxClock, ended: (code: number) => void): Driven {
  let cancel = (): void => undefined;
  let over = false;
  const go = (step: IteratorResult<Wait, number>): void => {
    if (over) return;
    if (step.done === true) {
      over = true;
      return ended(step.value);
    }
    cancel();
    const wait = step.value;
    const goOn = (): void => {
      cancel();
      go(running.next());
    };
    if (wait.kind === 'time') cancel = clock.after(wait.ms, goOn);
    else
      cancel = wait.from.onNews(() => {
        if (wait.from.ready) goOn();
      });
  };
  go(running.next());
  return {
    interrupt() {
      if (over) return;
      cancel();
      go(running.throw(new Interrupted()));
    },
    stop() {
      over = true;
      cancel();
      running.return(0);
    },
  };
}
