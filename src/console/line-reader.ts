import type { Readable } from 'node:stream';

/** Lines that may be queued here; beyond that the writer has to wait. */
const mostWaiting = 1_000;
/** The most characters of a line without an end. */
const longestLine = 1_048_576;

/** The lines of a stream, one per call. `\n` and `\r\n` end a line; the last one needs no end. */
export interface LineReader {
  /** The next line; undefined at the end of the input, or when `signal` aborts. One call at a time. */
  next(signal: AbortSignal): Promise<string | undefined>;
  /** Stops reading while another program asks on the terminal: the input is meant for that. */
  pause(): void;
  resume(): void;
  /** Stops reading for good; unread lines are dropped. */
  close(): void;
}

/** Where lines come from: a terminal or a pipe. */
export type LineInput = Readable & Partial<Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode'>>;

export function createLineReader(stdin: Readable): LineReader {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  const state: { rest: string; ended: boolean; paused: boolean; wake: (() => void) | undefined } = {
    rest: '',
    ended: false,
    paused: false,
    wake: undefined,
  };

  const take = (text: string): void => {
    const parts = (state.rest + text).split('\n');
    state.rest = parts.pop() ?? '';
    if (state.rest.length > longestLine) {
      parts.push(state.rest);
      state.rest = '';
    }
    for (const part of parts) lines.push(part.endsWith('\r') ? part.slice(0, -1) : part);
    if (lines.length > mostWaiting) stdin.pause();
    state.wake?.();
  };
  const onData = (chunk: Buffer | string): void => take(typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }));
  const onEnd = (): void => {
    if (state.ended) return;
    state.ended = true;
    take(decoder.decode());
    if (state.rest !== '') take('\n');
    state.wake?.();
  };
  stdin.on('data', onData);
  stdin.on('end', onEnd);
  stdin.on('close', onEnd);
  // A terminal that went away (EIO) counts as the end of the input.
  stdin.on('error', onEnd);

  return {
    async next(signal) {
      while (lines.length === 0 && !state.ended && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const awake = (): void => {
            signal.removeEventListener('abort', awake);
            resolve();
          };
          state.wake = awake;
          signal.addEventListener('abort', awake, { once: true });
        });
      }
      if (signal.aborted) return undefined;
      const line = lines.shift();
      if (!state.paused && stdin.isPaused() && lines.length < mostWaiting / 2) stdin.resume();
      return line;
    },
    pause() {
      state.paused = true;
      stdin.off('data', onData);
      stdin.pause();
    },
    resume() {
      state.paused = false;
      stdin.on('data', onData);
      if (lines.length <= mostWaiting) stdin.resume();
      else stdin.pause();
    },
    close() {
      stdin.off('data', onData);
      stdin.pause();
    },
  };
}
