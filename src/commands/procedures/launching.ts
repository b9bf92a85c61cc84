import type { RunJarRequest } from '../../flink/types.ts';
import type { Launch } from '../../session/launch.ts';
import { Problem, sentence } from '../../support/problem.ts';
import type { CommandContext, FrontEnd } from '../model/types.ts';
import { transferReport } from './transfer-report.ts';

/** Reports how far the upload of a jar is. */
export const uploadReport = (
  context: Pick<CommandContext, 'mode' | 'front'>,
  name: string,
  progress: (text: string) => void,
): ((sent: number, total: number) => void) => transferReport(context, { name, done: 'uploaded, starting the job', progress });

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
export function keepLaunch(
  { launches, front }: Pick<CommandContext, 'launches'> & { readonly front: Pick<FrontEnd, 'print'> },
  jobId: string,
  launch: Launch,
): void {
  try {
    launches.keep(jobId, launch);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    front.print([sentence(error)], 'warn');
  }
}
