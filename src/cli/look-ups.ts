import { createRestRouter } from '../cluster/rest-router.ts';
import { fetchRestEndpoint } from '../cluster/rest-endpoint.ts';
import { openLoopbackPort } from '../cluster/loopback-port.ts';
import type { Invocation } from './invocation.ts';
import { type CliIo, exitCodes } from './io.ts';
import { listClusters, listJobs, listPods, onlyCluster } from './list-commands.ts';
import { openBrowser } from './open-browser.ts';
import { openFlinkClient } from './rest-client.ts';
import { connect } from './services.ts';

type Of<K extends Invocation['kind']> = Extract<Invocation, { readonly kind: K }>;

/** `drey clusters|pods|jobs`. */
export async function list({ what, clusterId, format, connection: options }: Of<'list'>, io: CliIo): Promise<number> {
  await using connection = await connect(options, io);
  const { kubernetes, namespace } = connection;
  if (what === 'clusters') {
    io.stdout(await listClusters(kubernetes, options.allNamespaces ? undefined : namespace, format, io.clock.now(), io.signal));
    return exitCodes.ok;
  }
  const cluster = clusterId ?? (await onlyCluster(kubernetes, namespace, io.signal));
  if (what === 'pods') {
    io.stdout(await listPods(kubernetes, cluster, namespace, format, io.clock.now(), io.signal));
    return exitCodes.ok;
  }
  await using router = createRestRouter({ kubernetes, clusterId: cluster, namespace, ...connection.rest });
  await using flink = await openFlinkClient(router, connection, io);
  io.stdout(await listJobs(flink, format, io.signal));
  return exitCodes.ok;
}

/** `drey web`: the address; with `--open` a loopback port that stays until Ctrl+C. */
export async function web({ clusterId, open, port, connection: options }: Of<'web'>, io: CliIo): Promise<number> {
  await using connection = await connect(options, io);
  const { kubernetes, namespace, rest } = connection;
  const endpoint = await fetchRestEndpoint(kubernetes, { clusterId, namespace }, rest, io.signal);
  for (const warning of endpoint.warnings) io.stderr(`${warning}\n`);
  io.stdout(`${endpoint.url ?? 'no address'} can be reached ${endpoint.reach}\n`);
  if (!open) return exitCodes.ok;
  await using router = createRestRouter({ kubernetes, clusterId, namespace, ...rest });
  await using loopback = await openLoopbackPort(router, { signal: io.signal, ...(port === undefined ? {} : { port }) });
  io.stdout(`${loopback.url} follows the JobManager; only this machine can reach it. Ctrl+C ends it.\n`);
  if (io.isTty.stdout) openBrowser(loopback.url);
  await new Promise<void>((resolve) => {
    if (io.signal.aborted) resolve();
    else io.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return exitCodes.ok;
}
