import type { RunJarRequest } from '../../flink/types.ts';
import { inParts } from '../../flink/upload-steps.ts';
import type { Launch } from '../../session/launch.ts';
import { formatBytes, formatPercent } from '../../support/format.ts';
import { Problem, sentence } from '../../support/problem.ts';
import type { CommandContext } from '../model/types.ts';

/** Without a panel to show it, lines report the upload of a jar of at least this many bytes. */
const worthLines = 4_000_000;

const howFar = (sent: number, total: number): string => `${formatBytes(sent)} of ${formatBytes(total)}, ${formatPercent(sent / total)}`;

/** Reports how far the upload of a jar is, as the progress of an operation, and as lines if there is no panel to show it. */
export function uploadReport(
  { mode, front }: Pick<CommandContext, 'mode' | 'front'>,
  name: string,
  progress: (text: string) => void,
): (sent: number, total: number) => void {
  const inLines = inParts(4, (sent, total) => {
    if (mode === 'line' && total >= worthLines) front.print([`${name}: ${howFar(sent, total)}`], 'event');
  });
  return (sent, total) => {
    progress(sent < total ? howFar(sent, total) : 'uploaded, starting the job');
    inLines(sent, total);
  };
}

export type Settings = Omit<Launch, 'jar'>;

export const runRequest = (settings: Settings, jobId: string, savepointPath: string | undefined): RunJarRequest => ({
  jobId,
  // Always sent: without it, some versions run main() with 1 instead of the cluster's default.
  parallelism: settings.parallelism,
  entryClass: settings.entryClass,
  arguments: settings.arguments.length === 0 ? undefined : settings.arguments,
  savepointPath,
  allowNonRestoredState: settings.allowNonRestoredState ? true : undefined,
  configuration: Object.keys(settings.configuration).length === 0 ? undefined : settings.configuration,
});

/** Keeps what a job is started with, before it is: `restart` and `upgrade` need it. The job itself is more important. */
export function keepLaunch({ launches, front }: Pick<CommandContext, 'launches' | 'front'>, jobId: string, launch: Launch): void {
  try {
    launches.keep(jobId, launch);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    front.print([sentence(error)], 'warn');
  }
}
