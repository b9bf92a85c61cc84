import { writeSync } from 'node:fs';
import type { Clock } from '../../support/clock.ts';
import { patience } from '../../support/patience.ts';

/** Fields of a terminal's stream in Node.js that the types do not show. */
interface TerminalStream {
  readonly fd?: number;
  readonly _handle?: { readonly fd: number; setBlocking?(on: boolean): number } | null;
}

/**
 * Whether a write waits until the terminal accepts it. This is the default in Node.js, and while a terminal reads nothing, neither keys nor
 * signals are noticed. A descriptor that Node.js could not reopen is shared with the shell, and stays unchanged.
 */
export function setWaiting(stdout: NodeJS.WriteStream, on: boolean): void {
  const { fd, _handle: handle } = stdout as TerminalStream;
  if (handle?.setBlocking !== undefined && handle.fd !== fd) handle.setBlocking(on);
}

/** Resolves once the terminal has accepted all output, or will never accept it. */
export async function taken(stdout: NodeJS.WriteStream): Promise<void> {
  if (stdout.writableLength > 0) await new Promise<void>((resolve) => stdout.write('', () => resolve()));
}

/**
 * Makes sure that later output, even to standard error, comes after the end of the screen. After an interruption, it does not wait for a
 * terminal that reads nothing.
 */
export async function handBack(stdout: NodeJS.WriteStream, interrupted: AbortSignal, clock: Pick<Clock, 'sleep'>): Promise<void> {
  if (stdout.writableLength > 0) await Promise.race([taken(stdout), patience(interrupted, clock)]);
  if (stdout.writableLength === 0) setWaiting(stdout, true);
}

/** How often to retry a terminal that is full, and the milliseconds between. */
const attempts = 50;
const between = 10;

/** To be used when the process ends, which drops what the streams still hold. Gives up on a terminal that reads nothing. */
export function writeAtExit(stdout: NodeJS.WriteStream, text: string): void {
  const { fd } = stdout as TerminalStream;
  if (fd === undefined) return;
  const sleep = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      writeSync(fd, text);
      return;
    } catch (error) {
      // Any other error means that the terminal is gone: there is nothing to restore.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(sleep, 0, 0, between);
    }
  }
}
