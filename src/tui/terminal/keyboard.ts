import { dropTyped } from '../../support/typed-ahead.ts';
import type { Input } from './input.ts';
import { InputParser } from './parser.ts';

/** Reads the keys of a terminal, while they are drey's. */
export interface Keyboard extends Disposable {
  /** Nothing is read: the keys belong to somebody else. */
  pause(): void;
  resume(): void;
  /** While it is paused: keys are keys again, and wait until it is resumed. */
  hold(): void;
  /** While it is paused: throws away what was typed and not read. */
  drop(): Promise<void>;
}

export interface KeyboardOptions {
  readonly stdin: NodeJS.ReadStream;
  /** What came together. */
  readonly input: (inputs: readonly Input[]) => void;
  /** Nobody is there any more to type anything. */
  readonly lost: () => void;
}

export function openKeyboard({ stdin, input, lost }: KeyboardOptions): Keyboard {
  const parser = new InputParser();
  let timer: NodeJS.Timeout | undefined;

  const tell = (inputs: readonly Input[]): void => {
    clearTimeout(timer);
    timer = parser.patience === undefined ? undefined : setTimeout(() => tell(parser.silence()), parser.patience);
    if (inputs.length > 0) input(inputs);
  };
  const onData = (chunk: string | Buffer): void => tell(parser.push(String(chunk)));

  const hold = (): void => {
    // Ctrl+C is a key, and no signal of the kernel.
    if (!stdin.destroyed) stdin.setRawMode(true);
  };
  const resume = (): void => {
    hold();
    stdin.on('data', onData);
    stdin.resume();
  };
  const pause = (): void => {
    stdin.off('data', onData);
    stdin.pause();
    clearTimeout(timer);
    parser.reset();
    if (!stdin.destroyed) stdin.setRawMode(false);
  };

  stdin.setEncoding('utf8');
  stdin.on('end', lost);
  stdin.on('error', lost);
  resume();
  return {
    pause,
    resume,
    hold,
    drop: () => dropTyped(stdin),
    [Symbol.dispose]() {
      pause();
      stdin.off('end', lost);
      stdin.off('error', lost);
    },
  };
}
