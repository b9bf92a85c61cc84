import { createRestRouter } from '../../cluster/endpoint/rest-router.ts';
import { waitUntilReady } from '../../cluster/deploy/wait-ready.ts';
import { formatDuration } from '../../support/format.ts';
import { isAbort } from '../../support/problem.ts';
import type { CliIo } from '../process/io.ts';
import { openFlinkClient } from '../wiring/rest-client.ts';
import type { Connection } from '../wiring/services.ts';

/** Time limit for one request to a REST endpoint that has just come up, in milliseconds. */
const answerTimeoutMs = 5000;

/**
 * Waits until the REST endpoint answers, and reports the progress on stderr. Rejects with the reason if it does not; Ctrl+C leaves the
 * cluster running and says how to remove it.
 */
export async function waitForCluster(connection: Connection, clusterId: string, timeoutMs: number, io: CliIo): Promise<void> {
  const { kubernetes, namespace, rest } = connection;
  const started = io.clock.monotonic();
  await using router = createRestRouter({ kubernetes, clusterId, namespace, ...rest });
  await using flink = await openFlinkClient(router, connection, io);
  try {
    await waitUntilReady({
      kubernetes,
      clusterId,
      namespace,
      timeoutMs,
      clock: io.clock,
      signal: io.signal,
      answers: (signal) => flink.overview({ signal, timeoutMs: answerTimeoutMs }),
      report: ({ kind, text }) => io.stderr(`${kind === 'bad' ? 'Problem: ' : ''}${text}\n`),
    });
  } catch (error) {
    if (isAbort(error)) io.stderr(`Cluster ${clusterId} is still starting. To remove it: drey kill ${clusterId} -n ${namespace}\n`);
    throw error;
  }
  io.stdout(`Cluster ${clusterId} is ready after ${formatDuration(io.clock.monotonic() - started)}.\n`);
}
