import type { Clock } from '../../support/clock.ts';
import type { Problem } from '../../support/problem.ts';
import type { StreamStatus } from './types.ts';

/** Reports the status of a stream to its sink, and nothing twice. */
export interface StatusReporter {
  connecting(): void;
  live(): void;
  stale(heardAt: number, problem: Problem | undefined): void;
  /** The overdue server was only slow. */
  heard(): void;
  lost(problem: Problem, nextTryAt: number): void;
  denied(problem: Problem, nextTryAt?: number): void;
}

/** A stream that lasted this long counts as a success, even if it carried nothing. */
export const HEALTHY_MS = 3_000;
/** A shorter wait is over before anyone has read about it. */
const WORTH_SAYING_MS = 50;

export function statusReporter(tell: (status: StreamStatus) => void, clock: Clock): StatusReporter {
  let state: StreamStatus['state'] | undefined;
  const set = (status: StreamStatus): void => {
    state = status.state;
    tell(status);
  };
  return {
    connecting() {
      if (state !== 'connecting') set({ state: 'connecting' });
    },
    live() {
      if (state !== 'live') set({ state: 'live' });
    },
    stale(heardAt, problem) {
      // A lost or denied stream already has a better reason.
      if (state !== 'lost' && state !== 'denied')
        set(problem === undefined ? { state: 'stale', heardAt } : { state: 'stale', heardAt, problem });
    },
    heard() {
      if (state === 'stale') set({ state: 'live' });
    },
    lost(problem, nextTryAt) {
      if (nextTryAt - clock.now() >= WORTH_SAYING_MS) set({ state: 'lost', problem, nextTryAt });
    },
    denied(problem, nextTryAt) {
      set(nextTryAt === undefined ? { state: 'denied', problem } : { state: 'denied', problem, nextTryAt });
    },
  };
}
