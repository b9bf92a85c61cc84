import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../support/clock.ts';
import type { Input } from './input.ts';
import { openKeyboard } from './keyboard.ts';
import { enterScreen, leaveScreen, mouseOff, mouseOn } from './modes.ts';
import type { ScreenWriter } from './screen-writer.ts';
import { handBack, setWaiting, taken, writeAtExit } from './waiting.ts';

export interface TerminalOptions {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly writer: ScreenWriter;
  readonly platform: NodeJS.Platform;
  /** Typed, pasted and reported input that came together. */
  readonly input: (inputs: readonly Input[]) => void;
  /** The terminal is gone. */
  readonly lost: () => void;
  /** The process continues after it was stopped. */
  readonly continued: () => void;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Aborts if nothing should be waited for. */
  readonly signal: AbortSignal;
}

/** Suspends drawing while the callback runs. */
type Suspender = (meanwhile: () => Promise<void>) => Promise<void>;

/** The terminal while drey uses it; disposing restores it. */
export interface OpenTerminal extends AsyncDisposable {
  setMouse(on: boolean): void;
  /** Lends the terminal while `meanwhile` runs. If it is already lent, or cannot be lent yet, does nothing and resolves with false. */
  lend(meanwhile: () => Promise<void>): Promise<boolean>;
  /** The same for a program that asks on it: late input for that program is discarded. */
  letAsk(meanwhile: () => Promise<void>): Promise<boolean>;
  /** Ctrl+Z: restores the terminal and stops the job; resolves when it continues. */
  suspend(): Promise<void>;
  useSuspender(suspender: Suspender): void;
}

export function openTerminal({ stdin, stdout, writer, platform, input, lost, continued, clock, signal }: TerminalOptions): OpenTerminal {
  let mouse = false;
  let suspending = false;
  let suspender: Suspender | undefined;
  let closed = false;

  const enter = (): void => {
    setWaiting(stdout, false);
    stdout.write(enterScreen + (mouse ? mouseOn : ''));
    writer.start();
  };
  const leave = (): void => {
    writer.stop();
    if (!stdout.destroyed) stdout.write(leaveScreen);
  };
  const close = (): void => {
    if (closed) return;
    closed = true;
    leave();
    keyboard[Symbol.dispose]();
  };
  const onExit = (): void => {
    // Behind data that waits in the stream, it would never be written.
    if (!closed && stdout.writableLength > 0) writeAtExit(stdout, leaveScreen);
    close();
  };

  const lend = async (meanwhile: () => Promise<void>): Promise<boolean> => {
    if (suspending || suspender === undefined) return false;
    suspending = true;
    try {
      await suspender(async () => {
        keyboard.pause();
        leave();
        try {
          await taken(stdout);
          // The next writer expects an ordinary terminal.
          setWaiting(stdout, true);
          await meanwhile();
        } finally {
          if (!closed) {
            keyboard.hold();
            enter();
          }
        }
      });
    } finally {
      suspending = false;
      // Only now: a key may lend it again.
      if (!closed) keyboard.resume();
    }
    continued();
    return true;
  };

  const letAsk = (meanwhile: () => Promise<void>): Promise<boolean> =>
    lend(async () => {
      try {
        await meanwhile();
      } finally {
        await keyboard.drop();
      }
    });

  const suspend = async (): Promise<void> => {
    // Without job control, nothing could wake the process again.
    if (platform === 'win32') return;
    await lend(async () => {
      // Stops the whole job, as with Ctrl+Z in any program: the launcher and npm stop with it, and the shell takes over.
      process.kill(0, 'SIGSTOP');
      // Continues here after `fg`.
      await nextTurn();
    });
  };
  const onStop = (): void => void suspend();
  const onContinue = (): void => {
    if (suspending) return;
    // Stopped from outside, unnoticed: the shell has used the terminal since.
    stdin.setRawMode(true);
    enter();
    continued();
  };
  const onError = (): void => {
    closed = true;
    writer.stop();
    lost();
  };

  // Raw mode before the first frame, so that Ctrl+C arrives as a key and not as SIGINT.
  const keyboard = openKeyboard({ stdin, input, lost: onError });
  enter();
  // The last resort: whatever ends the process, the terminal is usable afterwards.
  process.on('exit', onExit);
  stdout.on('error', onError);
  if (platform !== 'win32') {
    process.on('SIGTSTP', onStop);
    process.on('SIGCONT', onContinue);
  }
  return {
    setMouse(on) {
      mouse = on;
      stdout.write(on ? mouseOn : mouseOff);
    },
    lend,
    letAsk,
    suspend,
    useSuspender(given) {
      suspender = given;
    },
    async [Symbol.asyncDispose]() {
      close();
      // Even if the terminal was lost, and nothing could be restored.
      keyboard[Symbol.dispose]();
      process.off('exit', onExit);
      process.off('SIGTSTP', onStop);
      process.off('SIGCONT', onContinue);
      await handBack(stdout, signal, clock);
      stdout.off('error', onError);
    },
  };
}
