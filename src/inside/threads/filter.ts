import type { Thread } from './thread.ts';

/** Threads whose name, state, lock or stack matches. */
export const filterThreads = (threads: readonly Thread[], matches: (text: string) => boolean): readonly Thread[] =>
  threads.filter(
    ({ name, state, waitsFor, frames }) =>
      matches(name) || matches(state) || (waitsFor !== undefined && matches(waitsFor)) || frames.some(({ call }) => matches(call)),
  );
