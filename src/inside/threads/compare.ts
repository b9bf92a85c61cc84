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
  const old = new Map(before.map((thread) => [threadKey(thread), thread]));
  const present = new Set(now.map(threadKey));
  return [
    ...now.map((thread): Movement => {
      const known = old.get(threadKey(thread));
      if (known === undefined) return { kind: 'new', thread };
      return stackKey(known) === stackKey(thread) ? { kind: 'still', thread } : { kind: 'moved', thread, before: known };
    }),
    ...before.filter((thread) => !present.has(threadKey(thread))).map((thread): Movement => ({ kind: 'gone', thread })),
  ];
}

/** How many threads a comparison has of each kind, in words: `20 still, 3 moved, 1 new, 0 gone`. */
export const movementCounts = (movements: readonly Movement[]): string =>
  (['still', 'moved', 'new', 'gone'] as const)
    .map((kind) => `${movements.filter((movement) => movement.kind === kind).length} ${kind}`)
    .join(', ');

/** Where a thread stands, stood last, or from where to where it went. `shown`: how a call is displayed. */
export function whereOf(movement: Movement, shown: (call: string) => string = (call) => call): string {
  const placeOf = ({ state, frames }: Thread): string => `${state} ${frames[0] === undefined ? '(no stack)' : shown(frames[0].call)}`;
  const to = placeOf(movement.thread);
  if (movement.kind !== 'moved') return to;
  const from = placeOf(movement.before);
  return from === to ? `${to}, from another caller` : `${from} → ${to}`;
}

/** A thread among those of its process. */
export const threadKey = ({ id, name }: Pick<Thread, 'id' | 'name'>): string => (id === undefined ? `name ${name}` : `id ${id}`);
