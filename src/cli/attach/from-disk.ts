import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../support/clock.ts';
import { late, within } from '../../support/waiting.ts';

/** How long a screen waits for a small file. */
const patienceMs = 1_000;

/** What a small file says, or undefined when the disk says nothing in time: a home on a network drive may hang, and nobody can press a key before the first frame. */
export async function fromDisk<T>(reading: Promise<T>, clock: Clock): Promise<T | undefined> {
  // A turn more: where the loop was busy for that long, what was read is there already.
  const sleep: Clock['sleep'] = (ms, signal) => clock.sleep(ms, signal).then(() => nextTurn());
  const read = await within(patienceMs, { clock: { sleep } }, () => reading);
  if (read !== late) return read;
  // Node.js waits at its end for a thread that reads: a disk that never answers would keep the process for ever.
  const end = (): void => void process.kill(process.pid, 'SIGKILL');
  process.once('exit', end);
  void reading.finally(() => process.removeListener('exit', end));
  return undefined;
}
