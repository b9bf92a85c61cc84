import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../support/clock.ts';
import { late, within } from '../../support/waiting.ts';

/** How long a screen waits for a small file. */
const patienceMs = 1_000;

/**
 * The content of a small file, or undefined if the disk does not answer in time: a home on a network drive may hang, and no key works
 * before the first frame.
 */
export async function fromDisk<T>(reading: Promise<T>, clock: Clock): Promise<T | undefined> {
  // One more turn: if the event loop was busy for that long, the content has already arrived.
  const sleep: Clock['sleep'] = (ms, signal) => clock.sleep(ms, signal).then(() => nextTurn());
  const read = await within(patienceMs, { clock: { sleep } }, () => reading);
  if (read !== late) return read;
  // At its end, Node.js waits for a thread that is reading: a disk that never answers would keep the process alive forever.
  const end = (): void => void process.kill(process.pid, 'SIGKILL');
  process.once('exit', end);
  void reading.finally(() => process.removeListener('exit', end));
  return undefined;
}
