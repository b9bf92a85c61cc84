import { deadlocks, type Deadlock } from './deadlock.ts';
import type { Thread, ThreadFrame, ThreadState } from './thread.ts';

/** Threads with the same state and the same stack. */
export interface ThreadGroup {
  readonly state: ThreadState;
  readonly native: boolean;
  /** True if one of them is in a deadlock. */
  readonly deadlocked: boolean;
  readonly frames: readonly ThreadFrame[];
  readonly cut: boolean;
  readonly threads: readonly Thread[];
}

export interface ThreadReport {
  readonly threads: number;
  readonly deadlocks: readonly Deadlock[];
  /** Deadlocked ones first, then blocked ones, those that run, those that wait; of each the largest first. */
  readonly groups: readonly ThreadGroup[];
}

/** The stack of a thread as text, which two threads at the same place share. Identities of locks differ, and do not count. */
export const stackKey = ({ state, native, frames }: Pick<Thread, 'state' | 'native' | 'frames'>): string =>
  [state, String(native), ...frames.map(({ call }) => call)].join('\n');

export function groupThreads(threads: readonly Thread[]): ThreadReport {
  const rings = deadlocks(threads);
  const inRing = new Set(rings.flat());
  const groups = new Map<string, Thread[]>();
  for (const thread of threads) {
    const key = `${inRing.has(thread)} ${stackKey(thread)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [thread]);
    else group.push(thread);
  }
  const made = [...groups.values()].flatMap((members): readonly ThreadGroup[] => {
    const [first] = members;
    if (first === undefined) return [];
    const { state, native, frames, cut } = first;
    return [{ state, native, deadlocked: inRing.has(first), frames, cut, threads: members }];
  });
  return { threads: threads.length, deadlocks: rings, groups: made.toSorted(byInterest) };
}

const byInterest = (one: ThreadGroup, other: ThreadGroup): number =>
  rank(one) - rank(other) || other.threads.length - one.threads.length || (nameOf(one) < nameOf(other) ? -1 : 1);

const nameOf = ({ threads }: ThreadGroup): string => threads[0]?.name ?? '';

/** A thread that waits for the network or a file is RUNNABLE for Java, in native code: it does not compute. */
function rank({ deadlocked, state, native }: ThreadGroup): number {
  if (deadlocked) return 0;
  if (state === 'BLOCKED') return 1;
  if (state === 'RUNNABLE') return native ? 3 : 2;
  return 4;
}
