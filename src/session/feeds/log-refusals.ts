import type { Clock, Instant } from '../../support/clock.ts';

/** After this many refusals in a row, the others are not all tried at once: they would be refused as well. */
const enough = 3;
/** When to retry a refused log. */
const retryMs = 10_000;
/** How many unrequested logs to try in that time. */
const triesARound = 10;

/**
 * Which logs may not be read, and when to try one of them again. A thousand refused logs must neither take the slots of others nor cause a
 * thousand requests.
 */
export interface LogRefusals {
  /** Records a refusal; returns when the log may be tried again. */
  refused(name: string): Instant;
  /** A log could be opened, so rights were granted: forgets earlier refusals. True if there were enough of them to hold others back. */
  opened(name: string): boolean;
  /** `place`: follow it if there is a slot. `try`: try whether it can be read now, at the limited rate. `later`: not yet. */
  verdict(name: string, asked: boolean): 'place' | 'try' | 'later';
  /** True if the rate allows one more try of an unrequested log. */
  takeTry(): boolean;
  /** When a log with the verdict `later` is due, in monotonic milliseconds. */
  dueAt(name: string): number;
  /** When the rate allows more tries, in monotonic milliseconds. */
  readonly nextRound: number;
  /** Compares two logs: the one that has waited longest is tried first. */
  order(a: string, b: string): number;
  forget(name?: string): void;
}

export function logRefusals(clock: Clock): LogRefusals {
  /** In monotonic milliseconds. */
  const until = new Map<string, number>();
  let inARow = 0;
  let round = { endsAt: Number.NEGATIVE_INFINITY, left: 0 };

  return {
    refused(name) {
      inARow += 1;
      // The first logs have just been tried, which is enough for this round.
      if (inARow === enough) round = { endsAt: clock.monotonic() + retryMs, left: 0 };
      until.delete(name);
      until.set(name, clock.monotonic() + retryMs);
      return clock.now() + retryMs;
    },
    opened(name) {
      const turned = inARow >= enough;
      until.delete(name);
      if (turned) until.clear();
      inARow = 0;
      return turned;
    },
    verdict(name, asked) {
      const at = until.get(name);
      if (at !== undefined) return clock.monotonic() < at ? 'later' : 'try';
      return asked || inARow < enough ? 'place' : 'try';
    },
    takeTry() {
      const now = clock.monotonic();
      if (now >= round.endsAt) round = { endsAt: now + retryMs, left: triesARound };
      if (round.left === 0) return false;
      round.left -= 1;
      return true;
    },
    dueAt: (name) => until.get(name) ?? 0,
    get nextRound() {
      return round.endsAt;
    },
    order: (a, b) => (until.get(a) ?? 0) - (until.get(b) ?? 0),
    forget(name) {
      if (name !== undefined) until.delete(name);
      else {
        until.clear();
        inARow = 0;
      }
    },
  };
}
