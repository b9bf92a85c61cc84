import type { Still, StillLine } from '../../sandbox/still/still.ts';
import { serveStill } from '../../sandbox/still/serve-still.ts';
import { type BundledCluster, bundledCluster } from '../../session/recording/open-bundle.ts';
import { stillAnswers } from '../../session/recording/still-answers.ts';
import { stillObjects } from '../../session/recording/still-objects.ts';
import { podFolder } from '../../spool/places.ts';
import { readSpool } from '../../spool/reader.ts';
import type { Instant } from '../../support/clock.ts';
import { formatDateTime } from '../../support/format.ts';
import type { ServedPorts } from '../command-line/replay-line.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import type { Replay, ReplayRequest } from './open-replay.ts';

/** As many lines of a log as a live cluster is asked for at most. */
const mostLines = 50_000;

/** `drey replay --serve`: prints where both APIs of the moment are, and serves them until interrupted. Resolves with the exit code. */
export async function serve(
  { at }: Pick<ReplayRequest, 'at'>,
  ports: ServedPorts,
  replay: Replay,
  { stdout, stderr, signal }: CliIo,
): Promise<number> {
  const { bundle } = replay.recording;
  const bundled = bundle === undefined ? undefined : await bundledCluster(bundle);
  const still = stillOf(replay, bundled, at !== undefined);
  await using server = await serveStill(still, ports);
  stdout(`KUBECONFIG=${server.kubeconfig}\nREST=${server.rest}\n`);
  stderr(`${still.clusterId} as it was at ${formatDateTime(still.at)}; nothing can be changed. Ctrl+C ends it.\n`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return exitCodes.ok;
}

/** `chosen`: a moment was named. Otherwise a bundle is served as the servers told it when it was made. */
function stillOf({ recording, store }: Replay, bundled: BundledCluster | undefined, chosen: boolean): Still {
  const session = store.get();
  const { clusterId, namespace } = session.target;
  const { past = recording.last.recordedAt } = session;
  const logs =
    (at: Instant): Still['logOf'] =>
    (uid, container) =>
      linesOf(podFolder(recording.logs, uid), container, at);
  if (!chosen && bundled !== undefined && bundled.objects.length > 0) {
    const { madeAt: at, objects, answers } = bundled;
    const namespaces = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }];
    return { clusterId, namespace, at, objects: [...namespaces, ...objects], answers, logOf: logs(at) };
  }
  const whole = new Map(
    (bundled?.objects ?? []).map((object) => [String((object['metadata'] as { readonly uid?: unknown } | undefined)?.uid), object]),
  );
  return {
    clusterId,
    namespace,
    at: past,
    objects: stillObjects(session, past, whole),
    answers: stillAnswers(session, past),
    logOf: logs(past),
  };
}

/** Undefined: no line of it was kept. */
async function linesOf(folder: string, container: string, to: Instant): Promise<readonly StillLine[] | undefined> {
  const decoder = new TextDecoder();
  const batches: (readonly StillLine[])[] = [];
  let count = 0;
  for await (const { lines } of readSpool({ folder, container, to, backwards: true })) {
    batches.push(lines.map(({ at, bytes, from, to: end }) => ({ at, text: decoder.decode(bytes.subarray(from, end)) })));
    count += lines.length;
    if (count >= mostLines) break;
  }
  return count === 0 ? undefined : batches.toReversed().flat().slice(-mostLines);
}
