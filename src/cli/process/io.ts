import type { Readable } from 'node:stream';
import type { Clock } from '../../support/clock.ts';
import type { UserStreams } from '../../support/user-streams.ts';

/** The parts of its process that a command line uses: injected, so that tests can stand in for the process. */
export interface CliIo {
  /** Results: what a script reads. */
  readonly stdout: (text: string) => void;
  /** Diagnostics: warnings, notices, errors. */
  readonly stderr: (text: string) => void;
  /** Results that may be coloured, as lines of a log are; resolves once the reader has taken enough of them that more may follow, or is gone. */
  readonly log: (text: string) => Promise<void>;
  readonly stdin: Readable;
  /** The same streams for bytes that drey does not look at. */
  readonly streams: UserStreams;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The base of relative paths. */
  readonly cwd: string;
  /** The user's home folder. */
  readonly home: string;
  readonly isTty: { readonly stdin: boolean; readonly stdout: boolean };
  /** Aborts on Ctrl+C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

export { exitCodes } from '../../support/exit-codes.ts';

/** A screen can be shown, and lines are not asked for (`--plain`). */
export const takesScreen = ({ isTty, env }: Pick<CliIo, 'isTty' | 'env'>, plain: boolean): boolean =>
  isTty.stdin && isTty.stdout && !plain && env.TERM !== 'dumb';
