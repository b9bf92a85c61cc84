import type { Writable } from 'node:stream';
import type { Clock, Instant } from '../support/clock.ts';
import { harmlessRow } from '../support/foreign-text.ts';
import { formatTime } from '../support/format.ts';
import { lifetime } from '../support/waiting.ts';

/** Lines to stdout and stderr. Each is one write, so that lines from different sources never mix; none can move a cursor. */
export interface LineOutput {
  readonly results: (line: string) => void;
  readonly diagnostics: (line: string) => void;
  /** Prefixed with its time of day. */
  readonly event: (line: string, at?: Instant) => void;
  /** Aborts when the reader of stdout goes away. Later output is dropped. */
  readonly closed: AbortSignal;
  /** More output is unread than a pipe holds: a caller that prints a lot waits for `flush` first. */
  readonly full: () => boolean;
  /** Holds output back until the returned function is called, while another program uses the terminal. */
  hold(): () => void;
  /** Resolves once all output has been passed to the system, or the reader is gone. */
  flush(): Promise<void>;
}

/** Unread bytes after which news is dropped: a reader that pauses loses nothing, and one that never comes back costs no memory. */
const mostUnread = 1_000_000;

function write(stream: Writable, line: string): void {
  if (stream.destroyed || stream.writableEnded) return;
  stream.write(`${harmlessRow(line)}\n`);
}

export function createLineOutput(stdout: Writable, stderr: Writable, clock: Clock): LineOutput {
  const gone = lifetime();
  // EPIPE and similar: `head` has seen enough. Without a listener this would end the process in the middle of a stop.
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

/** Writes complete in order: once an empty one does, all earlier ones have. */
function drained(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.writableEnded || stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('close', resolve);
    // The listener above has handled any error.
    stream.write('', () => {
      stream.off('close', resolve);
      resolve();
    });
  });
}
