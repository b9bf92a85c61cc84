import type { Readable, Writable } from 'node:stream';

/** The standard streams of the process, for a program elsewhere that the user talks to: bytes pass unseen in both directions. */
export interface UserStreams {
  readonly stdin: Readable;
  /** Resolves once the reader has taken enough of it that more may follow, or is gone. */
  readonly stdout: (bytes: Uint8Array) => Promise<void> | void;
  readonly stderr: (bytes: Uint8Array) => Promise<void> | void;
  /** Undefined: input or output is a pipe or a file. */
  readonly terminal: UserTerminal | undefined;
}

export interface UserTerminal {
  now(): { readonly columns: number; readonly rows: number };
  /** Calls the listener whenever the size has changed. Call the result to stop. */
  onChange(listener: () => void): () => void;
  /** Every key is passed on as it is typed, Ctrl+C among them. */
  setRaw(on: boolean): void;
}

type Input = Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };
type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };

/** `signal` aborts when nobody waits for the streams any more. */
export function userStreams(
  { stdin, stdout, stderr }: { readonly stdin: Input; readonly stdout: Output; readonly stderr: Output },
  signal: AbortSignal,
): UserStreams {
  const { setRawMode } = stdin;
  return {
    stdin,
    stdout: (bytes) => written(stdout, bytes, signal),
    stderr: (bytes) => written(stderr, bytes, signal),
    terminal:
      stdin.isTTY !== true || stdout.isTTY !== true || setRawMode === undefined
        ? undefined
        : {
            now: () => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 }),
            onChange(listener) {
              stdout.on('resize', listener);
              return () => stdout.off('resize', listener);
            },
            setRaw(on) {
              if (!stdin.destroyed) setRawMode.call(stdin, on);
            },
          },
  };
}

/** Resolves once the stream takes more. A listener for its errors would stand in the way of those that end the process. */
export function written(stream: Writable, piece: string | Uint8Array, signal: AbortSignal): Promise<void> | void {
  if (stream.destroyed || stream.write(piece) || signal.aborted) return;
  return new Promise((resolve) => {
    const goOn = (): void => {
      for (const event of ['drain', 'close']) stream.off(event, goOn);
      signal.removeEventListener('abort', goOn);
      resolve();
    };
    for (const event of ['drain', 'close']) stream.on(event, goOn);
    signal.addEventListener('abort', goOn);
  });
}
