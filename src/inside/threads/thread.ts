/** `Thread.State` of Java; a newer JVM may report a state that is not listed. */
export type ThreadState = 'NEW' | 'RUNNABLE' | 'BLOCKED' | 'WAITING' | 'TIMED_WAITING' | 'TERMINATED' | (string & {});

/** One line of a stack, innermost first. */
export interface ThreadFrame {
  /** `org.apache.flink.streaming.runtime.tasks.StreamTask.invoke(StreamTask.java:978)`. */
  readonly call: string;
  /** The monitors that were entered here. */
  readonly locked: readonly string[];
}

/** Another thread, as one that waits names it. */
export interface LockOwner {
  readonly name: string;
  readonly id: number;
}

/** One thread of a dump. A lock is named `class@identity`. */
export interface Thread {
  readonly name: string;
  /** Undefined if the text is not one that Java writes. */
  readonly id: number | undefined;
  readonly state: ThreadState;
  readonly native: boolean;
  readonly suspended: boolean;
  /** The lock or condition that it waits for. */
  readonly waitsFor: string | undefined;
  /** The thread that has what this one waits for. */
  readonly owner: LockOwner | undefined;
  readonly frames: readonly ThreadFrame[];
  /** True if the process sent only the innermost frames. */
  readonly cut: boolean;
  /** The locks that it has and that are not monitors: `ReentrantLock` and the like. */
  readonly synchronizers: readonly string[];
}

/** Every lock that the thread has, innermost first. */
export const locksOf = ({ frames, synchronizers }: Thread): readonly string[] => [
  ...frames.flatMap(({ locked }) => locked),
  ...synchronizers,
];
