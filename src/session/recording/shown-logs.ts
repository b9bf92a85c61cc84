import type { SessionLogs } from '../types.ts';
import type { ShownStore } from './shown-store.ts';

/** The logs of what is shown: those that are followed, or in the past those of then. */
export function shownLogs(live: SessionLogs, then: SessionLogs, store: Pick<ShownStore, 'past'>): SessionLogs {
  const shown = (): SessionLogs => (store.past === undefined ? live : then);
  return {
    get reader() {
      return shown().reader;
    },
    get moment() {
      return shown().moment;
    },
    get kept() {
      return shown().kept;
    },
    earlier: (pods) => shown().earlier(pods),
    read: async (pods) => shown().read?.(pods),
    follow: (pod) => shown().follow(pod),
    unfollow: (pod) => shown().unfollow(pod),
    view: (pods, options) => shown().view(pods, options),
    container: (which, changed) => shown().container(which, changed),
    templates: (pods) => shown().templates(pods),
  };
}
