import type { CommandContext } from '../../commands/model/types.ts';
import { createClusterHandle } from '../../cluster/cluster-handle.ts';
import { createFlinkClient } from '../../flink/client.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import type { Target } from '../../session/types.ts';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';

/** The services of a session that ask a cluster. */
export type Servers = Pick<CommandContext, 'kubernetes' | 'flink' | 'cluster' | 'operations' | 'launches'>;

/** What is shown is the past, of which commands ask no server; this is for whoever does so behind them. */
const refused = (): Promise<never> => Promise.reject(new Problem('unavailable', 'A recording has no cluster that could be asked.'));

/** The servers of a recording, which are none. */
export async function offline(target: Target, clock: Clock, opening: AsyncDisposableStack): Promise<Servers> {
  const kubernetes = offlineKubernetes(target);
  const router = { route: refused, lost: () => {} };
  const flink = opening.use(createFlinkClient({ router, clock, maxAttempts: 1 }));
  const { clusterId, namespace } = target;
  return {
    kubernetes,
    flink,
    cluster: opening.use(createClusterHandle({ kubernetes, flink, clock, clusterId, namespace, router })),
    operations: { track: refused, savepoints: () => [], restarts: () => [] },
    launches: { keep: () => {}, of: () => undefined },
  };
}

const offlineKubernetes = ({ server, context, namespace }: Target): KubernetesClient => ({
  server,
  context,
  namespace,
  tlsUnverified: false,
  extensions: new Map(),
  version: refused,
  get: refused,
  list: refused,
  listReadable: refused,
  create: refused,
  replace: refused,
  patch: refused,
  delete: refused,
  listAndWatch: refused,
  followLog: refused,
  portForward: refused,
  askService: refused,
  exec: refused,
  can: refused,
  retryNow: () => {},
  [Symbol.asyncDispose]: () => Promise.resolve(),
});
