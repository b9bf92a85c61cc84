import type { FlinkClient, RestRouter } from '../flink/types.ts';
import type { KubernetesClient } from '../kubernetes/model/types.ts';
import type { Clock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import { clusterFiles } from './configuration/cluster-files.ts';
import { keptByHighAvailability } from './deploy/kept.ts';
import { killCluster } from './deploy/kill.ts';
import { openLoopbackPort, type LoopbackPort } from './endpoint/loopback-port.ts';
import { fetchRestEndpoint, type RestEndpointOptions } from './endpoint/rest-endpoint.ts';
import { savepointFinder } from './endpoint/savepoint-files.ts';
import { savepointFolders } from './endpoint/savepoint-folders.ts';
import { mortalSavepoints } from './endpoint/savepoint-volume.ts';
import type { ClusterHandle } from './model/types.ts';

export interface ClusterHandleOptions extends RestEndpointOptions {
  readonly kubernetes: Pick<KubernetesClient, 'get' | 'list' | 'delete' | 'exec' | 'patch'>;
  readonly flink: Pick<FlinkClient, 'clusterConfiguration'>;
  readonly clock: Clock;
  readonly clusterId: string;
  readonly namespace: string;
  /** Uid of the Deployment that drey attached to, so that a later cluster of the same name is never killed by mistake. */
  readonly uid?: string | undefined;
  readonly router: RestRouter;
}

/** One cluster, to act on. Disposing it closes the loopback ports; the cluster stays. */
export function createClusterHandle(options: ClusterHandleOptions): ClusterHandle & AsyncDisposable {
  const { kubernetes, clusterId, namespace, uid, router } = options;
  const opened = new Set<Promise<LoopbackPort>>();

  const open = async (port: number | undefined, signal: AbortSignal): Promise<LoopbackPort> => {
    const opening = openLoopbackPort(router, { signal, port });
    opened.add(opening);
    try {
      return await opening;
    } catch (error) {
      // No port was opened: the next call tries again.
      opened.delete(opening);
      throw error;
    }
  };

  return {
    findSavepoint: savepointFinder(options),
    savepointsIn: savepointFolders(options),
    files: clusterFiles(options),
    kill: (signal) => killCluster(kubernetes, { clusterId, namespace, uid }, signal),

    mortalSavepoints: (directory, signal) => mortalSavepoints(options, directory, signal),
    kept: (signal) => keptByHighAvailability(kubernetes, { clusterId, namespace }, signal),

    async restAddress(signal) {
      const endpoint = await fetchRestEndpoint(kubernetes, { clusterId, namespace }, options, signal);
      if (endpoint.url === undefined) throw new Problem('unavailable', endpoint.warnings.join(' '));
      return { url: endpoint.url, reach: [endpoint.reach, ...endpoint.warnings].join('. ') };
    },

    async openPort(port, signal) {
      let same: LoopbackPort | undefined;
      const others: string[] = [];
      // Includes ports that are still being opened; the error of one that cannot be opened goes to its caller.
      for (const opening of opened) {
        const known = await opening.catch(() => undefined);
        if (known === undefined) continue;
        if (same === undefined && (port === undefined || port === known.port)) same = known;
        else others.push(known.url);
      }
      same ??= await open(port, signal);
      return { url: same.url, others };
    },

    async [Symbol.asyncDispose]() {
      // The error of a port that could not be opened went to its caller.
      const ports = await Promise.allSettled(opened);
      opened.clear();
      await Promise.all(ports.map((port) => (port.status === 'fulfilled' ? port.value[Symbol.asyncDispose]() : undefined)));
    },
  };
}
