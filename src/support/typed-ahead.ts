import { setTimeout as delay } from 'node:timers/promises';

/** Long enough to read what the kernel holds, and unnoticed. */
const dropMs = 50;

/** Throws away what was typed on a terminal and not read, also a line without its end. It is in raw mode then, and read by nobody. */
export async function dropTyped(stdin: Pick<NodeJS.ReadStream, 'destroyed' | 'setRawMode' | 'resume'>): Promise<void> {
  if (stdin.destroyed) return;
  stdin.setRawMode(true);
  stdin.resume();
  await delay(dropMs);
}
