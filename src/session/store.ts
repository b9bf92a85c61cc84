import { createStore } from 'zustand/vanilla';
import { harmlessData } from '../support/foreign-text.ts';
import { applyAll } from './apply.ts';
import { emptySession } from './empty-session.ts';
import type { Change, Session, SessionStore, Target } from './types.ts';

export interface StoreOptions {
  /** A session to start from, for example from a replay. */
  readonly from?: Session;
}

/** The store of one attached cluster. */
export function createSessionStore(target: Target, { from }: StoreOptions = {}): SessionStore {
  const store = createStore<Session>(() => from ?? emptySession(harmlessData(target)));
  const taps = new Set<(changes: readonly Change[]) => void>();
  return {
    get: store.getState,
    subscribe: store.subscribe,
    tell(told) {
      if (told.length === 0) return;
      // Readers of the session show its texts as they are.
      const changes = harmlessData(told);
      for (const tap of taps) tap(changes);
      // Replaces the state; the identical session notifies nobody.
      store.setState((session) => applyAll(session, changes), true);
    },
    tap(listener) {
      taps.add(listener);
      return () => void taps.delete(listener);
    },
    until(condition, signal) {
      return new Promise((resolve, reject) => {
        const end = (settle: () => void): void => {
          unsubscribe();
          signal.removeEventListener('abort', abort);
          settle();
        };
        const abort = (): void => end(() => reject(new DOMException('The wait was ended', 'AbortError')));
        const look = (session: Session): void => {
          try {
            if (condition(session)) end(() => resolve(session));
          } catch (error) {
            // The waiter's own condition threw: reject it without affecting the other listeners.
            end(() => reject(error));
          }
        };
        let unsubscribe = (): void => {};
        if (signal.aborted) return abort();
        unsubscribe = store.subscribe(look);
        signal.addEventListener('abort', abort);
        look(store.getState());
      });
    },
  };
}
