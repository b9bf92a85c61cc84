import { StringDecoder } from 'node:string_decoder';
import { dropTyped } from '../../support/typed-ahead.ts';
import type { Input } from './input.ts';
import { InputParser } from './parser.ts';

/** Reads the keys of a terminal while drey uses it. */
export interface Keyboard extends Disposable {
  /** Stops reading: the keys belong to another program. */
  pause(): void;
  resume(): void;
  /** While paused: back to raw mode; keys wait until it is resumed. */
  hold(): void;
  /** While paused: discards unread input. */
  drop(): Promise<void>;
}

export interface KeyboardOptions {
  readonly stdin: NodeJS.ReadStream;
  /** Input that came together. */
  readonly input: (inputs: readonly Input[]) => void;
  /** The terminal is gone. */
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
  // Not `setEncoding`: a program that the terminal is lent to reads bytes.
  let decoder = new StringDecoder('utf8');
  const onData = (chunk: string | Buffer): void => tell(parser.push(decoder.write(chunk)));

  const hold = (): void => {
    // Ctrl+C arrives as a key, not as SIGINT.
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
    decoder = new StringDecoder('utf8');
    if (!stdin.destroyed) stdin.setRawMode(false);
  };

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
