import { setTimeout as delay } from 'node:timers/promises';

/** Long enough to read the kernel's buffer, too short to notice. */
const dropMs = 50;

/** Discards unread input of a terminal, even a line without its end. The terminal must be in raw mode, and have no other reader. */
export async function dropTyped(stdin: Pick<NodeJS.ReadStream, 'destroyed' | 'setRawMode' | 'resume'>): Promise<void> {
  if (stdin.destroyed) return;
  stdin.setRawMode(true);
  stdin.resume();
  await delay(dropMs);
}
