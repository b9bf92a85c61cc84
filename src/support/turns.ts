import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work done in slices may take of one turn of the event loop, in milliseconds. Keys and frames come in between. */
const mostMs = 5;

/** When the first slice of this turn began. One value for the whole process, like the event loop: many streams share a turn. */
let began: number | undefined;

/**
 * To be called after each slice of long work. Undefined: continue. Otherwise await it: this turn has used its budget, and what waits (a key,
 * a timer, another stream) comes first. A stream whose chunks have already arrived would otherwise be read to its end first.
 */
export function turnOver(): Promise<void> | undefined {
  const now = performance.now();
  if (began === undefined) {
    began = now;
    setImmediate(() => {
      began = undefined;
    });
    return undefined;
  }
  return now - began < mostMs ? undefined : nextTurn();
}
