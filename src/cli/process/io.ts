import type { Readable } from 'node:stream';
import type { Clock } from '../../support/clock.ts';

/** What a command line touches of the process it runs in: handed in, so that a test can be the process. */
export interface CliIo {
  /** Results: what a script reads. */
  readonly stdout: (text: string) => void;
  /** Diagnostics: warnings, notices, errors. */
  readonly stderr: (text: string) => void;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder against which relative paths are resolved. */
  readonly cwd: string;
  /** The user's home folder. */
  readonly home: string;
  readonly isTty: { readonly stdin: boolean; readonly stdout: boolean };
  /** Aborts on Ctrl+C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

export { exitCodes } from '../../support/exit-codes.ts';
