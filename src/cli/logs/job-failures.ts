import { createRestRouter } from '../../cluster/endpoint/rest-router.ts';
import type { FlinkClient, JobException } from '../../flink/types.ts';
import { turnstile } from '../../kubernetes/connection/request-limit.ts';
import { Problem, sentence } from '../../support/problem.ts';
import { late, within } from '../../support/waiting.ts';
import type { CliIo } from '../process/io.ts';
import { openFlinkClient } from '../wiring/rest-client.ts';
import type { Connection } from '../wiring/services.ts';

/** A job, with how it failed. */
export interface FailedJob {
  readonly name: string;
  readonly exceptions: readonly JobException[];
}

/** How long to wait for Flink: the logs are there without it. */
const patienceMs = 15_000;
/** Of so many jobs at most, those that changed last, and of so many at the same time. */
const [mostJobs, flights] = [50, 4];

/** The failures of the jobs of a cluster; `report` is told why they are not known. */
export async function jobFailures(
  connection: Connection,
  clusterId: string,
  io: CliIo,
  report: (sentence: string) => void,
): Promise<readonly FailedJob[]> {
  const { kubernetes, namespace, rest } = connection;
  await using router = createRestRouter({ kubernetes, clusterId, namespace, ...rest });
  try {
    await using flink = await openFlinkClient(router, { ...connection, patience: { maxAttempts: 1 } }, io);
    const found = await within(patienceMs, { clock: io.clock, signal: io.signal }, (signal) => failuresOf(flink, signal));
    if (found !== late) return found;
    report(`It is not known whether a job failed: Flink did not answer within ${patienceMs / 1_000} s.`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    report(`It is not known whether a job failed: ${sentence(error)}`);
  }
  return [];
}

async function failuresOf(flink: FlinkClient, signal: AbortSignal): Promise<readonly FailedJob[]> {
  const jobs = (await flink.jobs({ signal })).toSorted((a, b) => b.lastModification - a.lastModification).slice(0, mostJobs);
  const gate = turnstile(flights);
  return await Promise.all(
    jobs.map(async ({ id, name }) => {
      const leave = await gate.enter(signal);
      try {
        return { name, exceptions: await flink.exceptions(id, { signal }) };
      } finally {
        leave();
      }
    }),
  );
}
