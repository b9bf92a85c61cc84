import { stackKey } from './group.ts';
import type { Thread } from './thread.ts';

/** What became of a thread between two dumps of one process. */
export type Movement =
  | { readonly kind: 'still'; readonly thread: Thread }
  | { readonly kind: 'moved'; readonly thread: Thread; readonly before: Thread }
  | { readonly kind: 'new'; readonly thread: Thread }
  | { readonly kind: 'gone'; readonly thread: Thread };

/**
 * A thread keeps its id for as long as it lives, and no other thread of the process gets it. It stands still if its state and its stack
 * are the same, which for a thread that waits for work means only that there was none.
 */
export function compareDumps(before: readonly Thread[], now: readonly Thread[]): readonly Movement[] {
  const old = new Map(before.map((thread) => [keyOf(thread), thread]));
  const present = new Set(now.map(keyOf));
  return [
    ...now.map((thread): Movement => {
      const known = old.get(keyOf(thread));
      if (known === undefined) return { kind: 'new', thread };
      return stackKey(known) === stackKey(thread) ? { kind: 'still', thread } : { kind: 'moved', thread, before: known };
    }),
    ...before.filter((thread) => !present.has(keyOf(thread))).map((thread): Movement => ({ kind: 'gone', thread })),
  ];
}

const keyOf = ({ id, name }: Thread): string => (id === undefined ? `name ${name}` : `id ${id}`);
