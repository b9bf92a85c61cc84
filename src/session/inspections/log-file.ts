import type { FlinkProcess, LogFile } from '../../flink/process-types.ts';
import type { FileEnd } from '../../inside/process/log-file.ts';
import type { Instant } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import type { InspectionKind } from './inspection.ts';
import { nameOfProcess } from './process.ts';

/** A log file of a process, which is followed while it is on the screen. */
export interface LogFileSubject {
  readonly kind: 'log-file';
  readonly process: FlinkProcess;
  readonly name: string;
}

export interface LogFileFacts {
  readonly end: FileEnd;
  /** When it was read. */
  readonly readAt: Instant;
  /** What the list of files said of it before it was read. */
  readonly read: LogFile;
  /** What the list says of it now. */
  readonly listed: LogFile;
  /** It is not read again before, however much it grows. */
  readonly nextAt: Instant;
}

export const logFileInspection: InspectionKind<LogFileSubject, LogFileFacts> = {
  idOf: ({ process, name }) => `${nameOfProcess(process)} ${name}`,
  // The list of files costs next to nothing: the file itself is asked for only if it has changed.
  async read({ process, name }, { flink, clock, signal, before, urgent = false }) {
    const [{ hasChanged, pauseAfter, readEnd }, files] = await Promise.all([
      import('../../inside/process/log-file.ts'),
      flink.logFiles(process, { signal }),
    ]);
    const listed = files.find((file) => file.name === name);
    if (listed === undefined)
      throw new Problem('not-found', `${name} is not among the log files of the process.`, { hint: 'logfiles lists them.' });
    // A JobManager sends the file of a TaskManager once more for as long as its web.refresh-interval: less than the list says has come then.
    const complete = before !== undefined && before.end.bytes >= before.read.bytes && !hasChanged(before.read, listed);
    if (before !== undefined && (complete || (clock.now() < before.nextAt && !urgent))) return { ...before, listed };
    const end = await flink.logFile(process, name, readEnd, { signal });
    const readAt = clock.now();
    return { end, readAt, read: listed, listed, nextAt: readAt + pauseAfter(end.bytes) };
  },
};
