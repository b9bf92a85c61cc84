import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../support/clock.ts';
import type { Input } from './input.ts';
import { type Keyboard, openKeyboard } from './keyboard.ts';
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

/** The modes of the terminal that a screen needs. */
interface ScreenModes {
  enter(): void;
  leave(): void;
  setMouse(on: boolean): void;
}

function screenModes(stdout: NodeJS.WriteStream, writer: ScreenWriter): ScreenModes {
  let mouse = false;
  return {
    enter() {
      setWaiting(stdout, false);
      stdout.write(enterScreen + (mouse ? mouseOn : ''));
      writer.start();
    },
    leave() {
      writer.stop();
      if (!stdout.destroyed) stdout.write(leaveScreen);
    },
    setMouse(on) {
      mouse = on;
      stdout.write(on ? mouseOn : mouseOff);
    },
  };
}

/** Listens for what stops and continues the process from outside; the function that it returns ends that. */
function onJobControl(platform: NodeJS.Platform, stop: () => void, goOn: () => void): () => void {
  // Without job control there is no shell to continue the process.
  if (platform === 'win32') return () => undefined;
  process.on('SIGTSTP', stop);
  process.on('SIGCONT', goOn);
  return () => {
    process.off('SIGTSTP', stop);
    process.off('SIGCONT', goOn);
  };
}

/** Input that comes too late for `meanwhile` is for nobody else. */
async function dropTypedAfter(meanwhile: () => Promise<void>, keyboard: Keyboard): Promise<void> {
  try {
    await meanwhile();
  } finally {
    await keyboard.drop();
  }
}

/** Resolves once the job is continued. */
async function stopJob(): Promise<void> {
  // Stops the whole job, as with Ctrl+Z in any program: the launcher and npm stop with it, and the shell takes over.
  process.kill(0, 'SIGSTOP');
  // Continues here after `fg`.
  await nextTurn();
}

export function openTerminal({ stdin, stdout, writer, platform, input, lost, continued, clock, signal }: TerminalOptions): OpenTerminal {
  const modes = screenModes(stdout, writer);
  let suspending = false;
  let suspender: Suspender | undefined;
  let closed = false;

  const close = (): void => {
    if (closed) return;
    closed = true;
    modes.leave();
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
        modes.leave();
        try {
          await taken(stdout);
          // The next writer expects an ordinary terminal.
          setWaiting(stdout, true);
          await meanwhile();
        } finally {
          if (!closed) {
            keyboard.hold();
            modes.enter();
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

  const suspend = async (): Promise<void> => {
    // Without job control, nothing could wake the process again.
    if (platform === 'win32') return;
    await lend(stopJob);
  };
  const onContinue = (): void => {
    if (suspending) return;
    // Stopped from outside, unnoticed: the shell has used the terminal since.
    stdin.setRawMode(true);
    modes.enter();
    continued();
  };
  const onError = (): void => {
    closed = true;
    writer.stop();
    lost();
  };

  // Raw mode before the first frame, so that Ctrl+C arrives as a key and not as SIGINT.
  const keyboard = openKeyboard({ stdin, input, lost: onError });
  modes.enter();
  // The last resort: whatever ends the process, the terminal is usable afterwards.
  process.on('exit', onExit);
  stdout.on('error', onError);
  const endJobControl = onJobControl(platform, () => void suspend(), onContinue);
  return {
    setMouse: modes.setMouse,
    lend,
    letAsk: (meanwhile) => lend(() => dropTypedAfter(meanwhile, keyboard)),
    suspend,
    useSuspender(given) {
      suspender = given;
    },
    async [Symbol.asyncDispose]() {
      close();
      // Even if the terminal was lost, and nothing could be restored.
      keyboard[Symbol.dispose]();
      process.off('exit', onExit);
      endJobControl();
      await handBack(stdout, signal, clock);
      stdout.off('error', onError);
    },
  };
}
