import { isJobId } from '../../flink/ids.ts';
import { jobsMeant } from '../../flink/named-jobs.ts';
import { isTerminal, type FlinkClient } from '../../flink/types.ts';
import { Problem } from '../../support/problem.ts';

/** Flink's own words for an invalid job id. Source: `CliFrontend.parseJobId`, Flink 2.3. */
const format = 'The expected format is [0-9a-fA-F]{32}, e.g. fd72014d4c864993a2e5a9287b4a9c5d.';

/**
 * The id of the job that `text` refers to: a full id is returned unchecked; otherwise `text` is the beginning of an id, or a name that only
 * one job has. Running jobs come first: one that has ended is meant only if no running job fits.
 */
export async function resolveJob(text: string, client: FlinkClient, signal: AbortSignal): Promise<string> {
  if (isJobId(text)) return text.toLowerCase();
  const jobs = await client.jobs({ signal });
  const running = jobs.filter((job) => !isTerminal(job.state));
  for (const among of [running, jobs]) {
    const found = jobsMeant(text, among);
    if (found.length > 1) {
      throw new Problem('invalid', `"${text}" fits ${found.length} jobs.`, {
        hint: `Name one by its id: ${found
          .slice(0, 5)
          .map((job) => `${job.id} (${job.name}, ${job.state})`)
          .join(', ')}.`,
      });
    }
    if (found[0] !== undefined) return found[0].id;
  }
  throw new Problem('usage', `Cannot parse JobID from "${text}". ${format}`, {
    hint: 'No job of this cluster has that name, and no id begins like that.',
  });
}
