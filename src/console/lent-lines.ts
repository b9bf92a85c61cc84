import type { Writable } from 'node:stream';
import type { FrontEnd } from '../commands/model/types.ts';
import { dropTyped } from '../support/typed-ahead.ts';
import { userStreams } from '../support/user-streams.ts';
import type { LineOutput } from './line-output.ts';
import type { LineInput, LineReader } from './line-reader.ts';

interface LentLines {
  readonly letAsk: NonNullable<FrontEnd['letAsk']>;
  readonly streams: NonNullable<FrontEnd['streams']>;
  /** Call once lines are read. */
  readonly useReader: (reader: LineReader) => void;
}

/**
 * Lends the terminal from which lines are read to a program that asks on it: nothing is printed meanwhile, and late input for it is not
 * taken as a command. A pipe is not lent: its writer cannot be asked.
 */
export function lentLines(
  { stdin, stdout, stderr }: { readonly stdin: LineInput; readonly stdout: Writable; readonly stderr: Writable },
  output: LineOutput,
  signal: AbortSignal,
): LentLines {
  let lent = false;
  let reader: LineReader | undefined;
  return {
    streams: () => userStreams({ stdin, stdout, stderr }, signal),
    useReader(used) {
      reader = used;
    },
    async letAsk(work) {
      const { isTTY, setRawMode } = stdin;
      if (isTTY !== true || setRawMode === undefined || lent) return false;
      lent = true;
      reader?.pause();
      const release = output.hold();
      try {
        await work();
      } finally {
        await dropTyped(stdin as NodeJS.ReadStream);
        stdin.pause();
        if (!stdin.destroyed) setRawMode.call(stdin, false);
        release();
        reader?.resume();
        lent = false;
      }
      return true;
    },
  };
}
