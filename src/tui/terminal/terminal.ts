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
  /** What was typed, pasted and reported together. */
  readonly input: (inputs: readonly Input[]) => void;
  /** Nobody is there any more to see anything. */
  readonly lost: () => void;
  /** The process goes on after it was stopped. */
  readonly continued: () => void;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Aborts when nobody is to be waited for. */
  readonly signal: AbortSignal;
}

/** Draws nothing for the time that the callback takes. */
type Suspender = (meanwhile: () => Promise<void>) => Promise<void>;

/** The terminal while it is drey's; disposing gives it back as it was. */
export interface OpenTerminal extends AsyncDisposable {
  setMouse(on: boolean): void;
  /** Gives the terminal to somebody else for the time that `meanwhile` takes. While it is away already, or before it can be given away, nothing is done, and it resolves with false. */
  lend(meanwhile: () => Promise<void>): Promise<boolean>;
  /** The same for somebody who asks on it: what is typed for him and comes too late is nobody's. */
  letAsk(meanwhile: () => Promise<void>): Promise<boolean>;
  /** Ctrl+Z: gives the terminal back and stops the job; resolves when it goes on. */
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
    // Behind what waits in the stream it would never be written.
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
          // Whoever writes to it next expects that of a terminal.
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
      // Only now: what is typed may lend it again.
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
    // Without job control there is nobody to wake the process again.
    if (platform === 'win32') return;
    await lend(async () => {
      // The whole job stops, as with Ctrl+Z in any program: the launcher and npm wait with it, and the shell takes over.
      process.kill(0, 'SIGSTOP');
      // Here it goes on after `fg`.
      await nextTurn();
    });
  };
  const onStop = (): void => void suspend();
  const onContinue = (): void => {
    if (suspending) return;
    // Stopped from outside, without a word: the shell has used the terminal since.
    stdin.setRawMode(true);
    enter();
    continued();
  };
  const onError = (): void => {
    closed = true;
    writer.stop();
    lost();
  };

  // Before anything is seen: from the first frame on keys are keys.
  const keyboard = openKeyboard({ stdin, input, lost: onError });
  enter();
  // The last resort: whatever ends the process, the terminal is usable after it.
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
      // Also when the terminal was lost, and nothing could be given back.
      keyboard[Symbol.dispose]();
      process.off('exit', onExit);
      process.off('SIGTSTP', onStop);
      process.off('SIGCONT', onContinue);
      await handBack(stdout, signal, clock);
      stdout.off('error', onError);
    },
  };
}
