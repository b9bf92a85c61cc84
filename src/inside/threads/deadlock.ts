import type { Thread } from './thread.ts';

/** Threads that wait for each other in a ring: each waits for a lock that the next one has, and the last one for one of the first. */
export type Deadlock = readonly Thread[];

/** Every ring of lock owners. A thread waits for one lock at most, so that each is in one ring at most. */
export function deadlocks(threads: readonly Thread[]): readonly Deadlock[] {
  const byId = new Map(threads.flatMap((thread) => (thread.id === undefined ? [] : [[thread.id, thread] as const])));
  const done = new Set<Thread>();
  const rings: Deadlock[] = [];
  for (const first of threads) {
    const path: Thread[] = [];
    const onPath = new Set<Thread>();
    let thread: Thread | undefined = first;
    while (thread !== undefined && !done.has(thread)) {
      done.add(thread);
      path.push(thread);
      onPath.add(thread);
      thread = thread.owner === undefined ? undefined : byId.get(thread.owner.id);
    }
    if (thread !== undefined && onPath.has(thread)) rings.push(path.slice(path.indexOf(thread)));
  }
  return rings;
}
