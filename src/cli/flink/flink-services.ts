import { createRestRouter } from '../../cluster/endpoint/rest-router.ts';
import { savepointFinder } from '../../cluster/endpoint/savepoint-files.ts';
import { internalConfigDir } from '../../config/options/options-cluster.ts';
import { namespace as namespaceOption } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { fixedRoute } from '../../flink/route.ts';
import type { RestRouter } from '../../flink/types.ts';
import { Problem } from '../../support/problem.ts';
import { endpointOf, retrievedLine } from '../deploy/deployment.ts';
import { restPatience } from './patience.ts';
import type { Asking, FlinkConnection, FlinkServices, FlinkTarget } from './types.ts';
import type { CliIo } from '../process/io.ts';
import { openFlinkClient, tellDetour, tellProxied } from '../wiring/rest-client.ts';
import { connectWith, loadConfig } from '../wiring/services.ts';
import { openLaunches } from '../../session/launches.ts';
import { stateFolder } from '../process/folders.ts';
import { openTrace } from '../process/trace.ts';
import { version } from '../../support/version.ts';

/** The services of the other rooms that `bin/flink` needs. */
export function flinkServices(io: CliIo): FlinkServices {
  return {
    version: `Version: 2.3.0, drey ${version}`,
    loadConfig(properties, named) {
      const { config, directory, fileHasTarget } = loadConfig(io, properties);
      // Without a target in the file or on the command line, Flink's client does not set the folder of its logging files. Source:
      // `GenericCLI`, Flink 2.3.
      return named || fileHasTarget ? config.with({ [internalConfigDir.key]: directory }) : config;
    },
    clientFor: (target, config, ask) => clientFor(target, config, ask, io),
    launches: openLaunches({ folder: stateFolder(io), clock: io.clock }),
    async deployApplication(request) {
      const { deployApplication } = await import('../deploy/deploy-application.ts');
      await deployApplication(request, io);
    },
  };
}

async function clientFor(target: FlinkTarget, config: FlinkConfig, { signal, trace: file }: Asking, io: CliIo): Promise<FlinkConnection> {
  if (target.kind === 'remote') {
    const trace = file === undefined ? undefined : openTrace(file, io, (text) => io.stderr(`${text}\n`));
    const client = await openFlinkClient(
      fixedRoute(target.url),
      { config, trace, https: target.url.startsWith('https:'), patience: restPatience(config) },
      io,
    );
    return { client, [Symbol.asyncDispose]: () => client[Symbol.asyncDispose]() };
  }
  await using opening = new AsyncDisposableStack();
  // The namespace is always that of the option: the one in the kubeconfig's context does not count.
  const namespace = config.get(namespaceOption) ?? 'default';
  const connection = opening.use(await connectWith(config, { namespace, interactive: io.isTty.stdin, anyContext: true, trace: file }, io));
  const { clusterId, restAddress } = target;
  const { url } = await endpointOf(connection, clusterId, { ...io, signal });
  const router = opening.use(
    createRestRouter({
      kubernetes: connection.kubernetes,
      clusterId,
      namespace,
      ...connection.rest,
      detour: tellDetour(io),
      proxied: tellProxied(io),
      restAddress,
    }),
  );
  const client = opening.use(
    await openFlinkClient(
      announced(router, io),
      { config, trace: connection.trace, patience: restPatience(config, { starting: true }) },
      io,
    ),
  );
  const lifetime = opening.move();
  const findSavepoint = savepointFinder({ kubernetes: connection.kubernetes, flink: client, clusterId, namespace, clock: io.clock });
  return { client, findSavepoint, announcement: retrievedLine(clusterId, url), [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}

/** A Deployment gets its pods at once. If it has none after this time, in milliseconds, waiting does not help. */
const podlessMs = 5_000;

/** Reports once that the JobManager does not answer and will be tried again: it may be starting, and a silent wait looks like a hang. */
function announced(router: RestRouter, io: CliIo): RestRouter {
  const started = io.clock.monotonic();
  const told = { lost: false, said: false };
  const say = (): void => {
    if (!told.said) io.stderr('The JobManager does not answer yet; trying for up to a minute.\n');
    told.said = true;
  };
  return {
    async route(signal) {
      // A second look-up: the earlier failure did not end the wait.
      if (told.lost) say();
      try {
        return await router.route(signal);
      } catch (error) {
        const podless = error instanceof Problem && error.kind === 'not-found' && io.clock.monotonic() - started < podlessMs;
        if (error instanceof Problem && (podless || error.kind === 'unreachable' || error.kind === 'unavailable')) say();
        throw podless ? new Problem('unavailable', error.message, { cause: error, hint: error.hint }) : error;
      }
    },
    lost(route) {
      told.lost = true;
      router.lost(route);
    },
  };
}
