import { getCluster } from '../../cluster/find-clusters.ts';
import { createRestRouter } from '../../cluster/endpoint/rest-router.ts';
import { fetchRestEndpoint } from '../../cluster/endpoint/rest-endpoint.ts';
import { openLoopbackPort } from '../../cluster/endpoint/loopback-port.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import type { ListInvocation, WebInvocation } from '../command-line/look-up-line.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { type List, listClusters, listJobs, listPods, onlyCluster } from './list-commands.ts';
import { listEvents } from './list-events.ts';
import { openBrowser } from '../attach/open-browser.ts';
import { printed } from '../command-line/output.ts';
import { openFlinkClient, tellDetour, tellProxied } from '../wiring/rest-client.ts';
import { type Connection, connect } from '../wiring/services.ts';

/** The interval of `--watch`, in milliseconds. */
const watchMs = 2_000;

/** `drey clusters|pods|jobs|events`. */
export async function list(asked: ListInvocation, io: CliIo): Promise<number> {
  await using connection = await connect(asked.connection, io);
  const { kubernetes, namespace } = connection;
  if (asked.what === 'clusters')
    return await show(
      asked,
      () => listClusters(kubernetes, asked.connection.allNamespaces ? undefined : namespace, io.clock.now(), io.signal),
      io,
    );
  const clusterId = asked.clusterId ?? (await onlyCluster(kubernetes, namespace, io.signal));
  if (asked.what === 'pods')
    return await show(asked, () => listPods(kubernetes, { clusterId, namespace, only: asked.only }, io.clock.now(), io.signal), io);
  await using router = createRestRouter({
    kubernetes,
    clusterId,
    namespace,
    ...connection.rest,
    detour: tellDetour(io),
    proxied: tellProxied(io),
  });
  await using flink = await openFlinkClient(router, connection, io);
  if (asked.what === 'events') {
    const about = { clusterId, namespace, only: asked.only };
    return await show(asked, () => listEvents({ kubernetes, flink }, about, io.clock.now(), io.signal), io);
  }
  return await show(
    asked,
    () =>
      ofCluster(connection, clusterId, io.signal, () =>
        listJobs(
          flink,
          { clusterId, only: asked.only, table: asked.format === 'text' || asked.format === 'wide' },
          io.clock.now(),
          io.signal,
        ),
      ),
    io,
  );
}

/** Prints the list; with `--watch` again whenever it has changed, or what is new in it, until Ctrl+C. */
async function show<T>({ format, watch }: ListInvocation, look: () => Promise<List<T>>, io: CliIo): Promise<number> {
  const first = await look();
  const told = new Set<string>();
  const { news } = first;
  const print = async (list: List<T>, printedBefore?: (row: T) => boolean): Promise<void> => {
    await printed({ ...list, format, printedBefore }, io);
    if (news !== undefined) for (const row of list.rows) told.add(news(row));
  };
  await print(first);
  if (!watch) return first.missing === undefined ? exitCodes.ok : exitCodes.failed;
  let shown = fingerprint(first);
  let trouble: string | undefined;
  for (;;) {
    await io.clock.sleep(watchMs, io.signal);
    try {
      const found = await look();
      const now = fingerprint(found);
      if (now !== shown) await print(found, news === undefined ? undefined : (row) => told.has(news(row)));
      shown = now;
      trouble = undefined;
    } catch (error) {
      if (isAbort(error) || !(error instanceof Problem)) throw error;
      // The next look may succeed; each reason is reported once.
      if (error.message !== trouble) io.stderr(`${sentence(error)}\n`);
      trouble = error.message;
    }
  }
}

const fingerprint = <T>({ columns, rows, missing }: List<T>): string =>
  JSON.stringify([missing, rows.map((row) => columns.filter(({ moving }) => moving !== true).map(({ value }) => value(row)))]);

/** If something in the cluster is not found, a missing cluster is the better answer. */
async function ofCluster<T>(
  { kubernetes, namespace }: Pick<Connection, 'kubernetes' | 'namespace'>,
  clusterId: string,
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Problem && error.kind === 'not-found') await getCluster(kubernetes, clusterId, namespace, signal);
    throw error;
  }
}

/** `drey web`: prints the address; with `--open`, opens a loopback port until Ctrl+C. */
export async function web({ clusterId: named, open, port, connection: options }: WebInvocation, io: CliIo): Promise<number> {
  await using connection = await connect(options, io);
  const { kubernetes, namespace, rest } = connection;
  const clusterId = named ?? (await onlyCluster(kubernetes, namespace, io.signal));
  const endpoint = await ofCluster(connection, clusterId, io.signal, () =>
    fetchRestEndpoint(kubernetes, { clusterId, namespace }, rest, io.signal),
  );
  for (const warning of endpoint.warnings) io.stderr(`${warning}\n`);
  io.stdout(`${endpoint.url ?? 'no address'} can be reached ${endpoint.reach}\n`);
  if (!open) return exitCodes.ok;
  await using router = createRestRouter({ kubernetes, clusterId, namespace, ...rest });
  await using loopback = await openLoopbackPort(router, { signal: io.signal, port });
  io.stdout(`${loopback.url} follows the JobManager; only this machine can reach it. Ctrl+C ends it.\n`);
  if (io.isTty.stdout) openBrowser(loopback.url);
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve();
    else io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return exitCodes.ok;
}
