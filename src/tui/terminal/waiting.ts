import { writeSync } from 'node:fs';
import type { Clock } from '../../support/clock.ts';
import { patience } from '../../support/patience.ts';

/** What a stream that is a terminal has in Node.js; the types do not show it. */
interface TerminalStream {
  readonly fd?: number;
  readonly _handle?: { readonly fd: number; setBlocking?(on: boolean): number } | null;
}

/**
 * Whether a write waits until the terminal takes it. That is what Node.js does, and while a terminal reads nothing neither a key nor a
 * signal is noticed. A descriptor that Node.js could not open anew is shared with the shell, and stays as it is.
 */
export function setWaiting(stdout: NodeJS.WriteStream, on: boolean): void {
  const { fd, _handle: handle } = stdout as TerminalStream;
  if (handle?.setBlocking !== undefined && handle.fd !== fd) handle.setBlocking(on);
}

/** Resolves when the terminal has taken all that was written, or will never take it. */
export async function taken(stdout: NodeJS.WriteStream): Promise<void> {
  if (stdout.writableLength > 0) await new Promise<void>((resolve) => stdout.write('', () => resolve()));
}

/**
 * What is printed next, to standard error as well, comes behind the last of the screen. A terminal that reads nothing is not waited for
 * after an interruption.
 */
export async function handBack(stdout: NodeJS.WriteStream, interrupted: AbortSignal, clock: Pick<Clock, 'sleep'>): Promise<void> {
  if (stdout.writableLength > 0) await Promise.race([taken(stdout), patience(interrupted, clock)]);
  if (stdout.writableLength === 0) setWaiting(stdout, true);
}

/** How often a terminal that is full is asked again, and the milliseconds between. */
const attempts = 50;
const between = 10;

/** For the moment in which the process ends: what a stream still holds is dropped then. A terminal that reads nothing is given up. */
export function writeAtExit(stdout: NodeJS.WriteStream, text: string): void {
  const { fd } = stdout as TerminalStream;
  if (fd === undefined) return;
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      writeSync(fd, text);
      return;
    } catch (error) {
      // Any other error says that nobody is there: there is nothing to give back.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(sleep, 0, 0, between);
    }
  }
}
