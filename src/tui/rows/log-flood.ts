import type { LogView } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { runBlock } from './log-folds.ts';

/** At 30 frames a second half a block a frame, which is what is looked at of a flood on average. */
const floodPerSecond = 15 * runBlock;
/** The rate is that of several frames; the end of a flood is noticed as soon. */
const measureMs = 250;

/** How fast the lines of a view come. */
class Pace {
  #since: Instant;
  #from: number;
  #isFlood = false;

  constructor(now: Instant, next: number) {
    this.#since = now;
    this.#from = next;
  }

  look(now: Instant, next: number): boolean {
    const elapsed = now - this.#since;
    if (elapsed >= 0 && elapsed < measureMs) return this.#isFlood;
    // A clock that was set back begins anew.
    this.#isFlood = elapsed > 0 && (next - this.#from) * 1_000 > floodPerSecond * elapsed;
    this.#since = now;
    this.#from = next;
    return this.#isFlood;
  }
}

const known = new WeakMap<LogView, Pace>();

/** Its lines come faster than anybody reads them, and looking at all of them would take most of the time of a frame. */
export function isFlood(view: LogView, now: Instant): boolean {
  const next = view.dropped + view.count;
  const pace = known.get(view);
  if (pace !== undefined) return pace.look(now, next);
  known.set(view, new Pace(now, next));
  return false;
}
