import type { Clock, Instant } from '../../support/clock.ts';
import type { Session, SessionStore } from '../types.ts';

/** A session of the past that is shown. */
export interface Past {
  readonly at: Instant;
  /** When what is looked at happened, if it was gone to by that; it can be seen a moment later. */
  readonly of?: Instant | undefined;
  readonly session: Session;
  /** Something before it was not recorded, or is damaged: a part of this may be older. */
  readonly gaps: boolean;
}

/** The session that is shown: that of now, or one of the past. What feeds tell goes to that of now. */
export interface ShownStore extends SessionStore {
  /** Undefined: that of now is shown. */
  readonly past: Past | undefined;
  /** That of now. */
  readonly live: SessionStore;
  look(past: Past | undefined): void;
}

/** Shows the session of `live` until it is told to look at the past, which stands still. */
export function shownStore(live: SessionStore): ShownStore {
  let past: Past | undefined;
  const listeners = new Set<Parameters<SessionStore['subscribe']>[0]>();
  const get = (): Session => past?.session ?? live.get();
  return {
    live,
    get past() {
      return past;
    },
    get,
    look(next) {
      const before = get();
      past = next;
      for (const listener of listeners) listener(get(), before);
    },
    subscribe(listener) {
      listeners.add(listener);
      const unsubscribe = live.subscribe((session, before) => {
        if (past === undefined) listener(session, before);
      });
      return () => {
        listeners.delete(listener);
        unsubscribe();
      };
    },
    tell: (changes) => live.tell(changes),
    tap: (listener) => live.tap(listener),
    until: (condition, signal) => live.until(condition, signal),
  };
}

/** The clock of what is shown: it stands still in the past, so that ages are those of then. Durations and waits stay those of now. */
export const shownClock = (clock: Clock, store: Pick<ShownStore, 'past'>): Clock => ({
  now: () => store.past?.at ?? clock.now(),
  monotonic: () => clock.monotonic(),
  sleep: (ms, signal) => clock.sleep(ms, signal),
});
