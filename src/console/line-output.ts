import type { Writable } from 'node:stream';
import type { Clock, Instant } from '../support/clock.ts';
import { harmlessRow } from '../support/foreign-text.ts';
import { formatTime } from '../support/format.ts';
import { lifetime } from '../support/waiting.ts';

/** Lines to stdout and stderr. Each is one write, so that lines of different origin never mix; none can move a cursor. */
export interface LineOutput {
  readonly results: (line: string) => void;
  readonly diagnostics: (line: string) => void;
  /** With its time of day in front. */
  readonly event: (line: string, at?: Instant) => void;
  /** Aborts when the reader of stdout went away. What is written then is dropped. */
  readonly closed: AbortSignal;
  /** More is waiting to be read than a pipe holds: a caller that prints much waits for `flush` first. */
  readonly full: () => boolean;
  /** Keeps what is written until the answer is called: somebody else asks on the terminal. */
  hold(): () => void;
  /** Resolves when everything was handed to the system, or nobody reads any more. */
  flush(): Promise<void>;
}

/** Bytes that may wait for a reader before news are left out: a pause of a reader loses nothing, a reader that never comes back costs no memory. */
const mostUnread = 1_000_000;

function write(stream: Writable, line: string): void {
  if (stream.destroyed || stream.writableEnded) return;
  stream.write(`${harmlessRow(line)}\n`);
}

export function createLineOutput(stdout: Writable, stderr: Writable, clock: Clock): LineOutput {
  const gone = lifetime();
  // EPIPE and its relatives: `head` has seen enough. Without a listener it would end the process in the middle of a stop.
  stdout.on('error', gone.end);
  stderr.on('error', () => {});
  let leftOut = 0;
  const event = (line: string): void => {
    if (stdout.writableLength > mostUnread) {
      leftOut += 1;
      return;
    }
    if (leftOut > 0) write(stderr, `${leftOut} lines were left out: nobody read them.`);
    leftOut = 0;
    write(stdout, line);
  };
  return {
    closed: gone.signal,
    results: (line) => write(stdout, line),
    diagnostics: (line) => write(stderr, line),
    event: (line, at = clock.now()) => event(`${formatTime(at)} ${line}`),
    full: () => stdout.writableNeedDrain,
    hold() {
      const streams = [stdout, stderr];
      for (const stream of streams) stream.cork();
      return () => {
        for (const stream of streams) stream.uncork();
      };
    },
    async flush() {
      await Promise.all([drained(stdout), drained(stderr)]);
    },
  };
}

/** A write is called back in order: when an empty one is, all before it are through. */
function drained(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableEnded || stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('close', resolve);
    // An error has been heard by the listener above.
    stream.write('', () => {
      stream.off('close', resolve);
      resolve();
    });
  });
}
