import { systemReason } from '../../support/system-reason.ts';
import { exitCodes } from './io.ts';

/** How the output fared, for the exit code. */
export interface ProcessOutput {
  /**
   * `code`, unless the output decides: a reader that stopped had enough, a closed terminal is an interruption, a full disk is a failure.
   */
  exitCode(code: number): number;
}

const gone: ReadonlySet<string> = new Set(['EIO', 'ENXIO', 'ENOTCONN']);

/**
 * Handles standard streams that break, which would end the process at once. Calls `end` for standard input and output, unless a screen or a
 * line mode is listening as well: these end in their own order.
 */
export function watchOutput(
  { stdin, stdout, stderr }: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr'>,
  end: () => void,
): ProcessOutput {
  const only = (stream: NodeJS.EventEmitter): boolean => stream.listenerCount('error') === 1;
  let broken: NodeJS.ErrnoException | undefined;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Each later write reports it again.
    if (broken !== undefined) return;
    broken = error;
    if (!isClosed(error)) stderr.write(`Standard output cannot be written: ${systemReason(error)}.\n`);
    if (only(stdout)) end();
  });
  // A terminal that was closed cannot be read either.
  stdin.on('error', () => {
    if (only(stdin)) end();
  });
  // Unread diagnostics are not a reason to stop.
  stderr.on('error', () => undefined);
  return {
    exitCode(code) {
      if (broken === undefined) return code;
      if (broken.code === 'EPIPE') return code === exitCodes.interrupted ? exitCodes.ok : code;
      return isClosed(broken) ? exitCodes.interrupted : exitCodes.failed;
    },
  };
}

const isClosed = ({ code }: NodeJS.ErrnoException): boolean => code === 'EPIPE' || gone.has(code ?? '');
