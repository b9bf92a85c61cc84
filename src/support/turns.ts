import { setImmediate as nextTurn } from 'node:timers/promises';

/** What work that comes in bites may take of one turn of the event loop, in milliseconds. Keys and frames come in between. */
const mostMs = 5;

/** When the first bite of this turn began. One for the process, as the event loop is: many streams share a turn. */
let began: number | undefined;

/**
 * To be asked after each bite of long work. Undefined: go on. Else to be waited for: this turn had enough, and what waits (a key, a timer,
 * another stream) comes first. A stream whose chunks are there already would else be read to its end before anything else happens.
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
