import type { Clock, Instant } from '../../support/clock.ts';

/** After so many refusals in a row the others are not tried all at once: they would be refused too. */
const enough = 3;
/** Until a log that was refused is worth another try. */
const retryMs = 10_000;
/** Tries in that time, of logs that nobody asked for. */
const triesARound = 10;

/** Which logs may not be read, and when one of them is tried again. A thousand that are refused must neither hold the places of others nor be a thousand requests. */
export interface LogRefusals {
  /** When it may be tried again. */
  refused(name: string): Instant;
  /** One that was opened tells that rights were given: what was refused along with it is no longer held to be. True when there was such. */
  opened(name: string): boolean;
  /** `place`: it may be followed where there is a place. `try`: within the pace, to see whether it may be read now. `later`: not yet. */
  verdict(name: string, asked: boolean): 'place' | 'try' | 'later';
  /** True when the pace allows one more try of a log that nobody asked for. */
  takeTry(): boolean;
  /** When a log that is to be tried `later` may be, on the clock that never jumps. */
  dueAt(name: string): number;
  /** When the pace allows more tries, on the same clock. */
  readonly nextRound: number;
  /** Which of two is tried first: who waits longest. */
  order(a: string, b: string): number;
  forget(name?: string): void;
}

export function logRefusals(clock: Clock): LogRefusals {
  /** On the clock that never jumps. */
  const until = new Map<string, number>();
  let inARow = 0;
  let round = { endsAt: Number.NEGATIVE_INFINITY, left: 0 };

  return {
    refused(name) {
      inARow += 1;
      // The first ones have just been tried, and were enough for this round.
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
