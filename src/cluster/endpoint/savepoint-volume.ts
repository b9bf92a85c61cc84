import { flinkConfig } from '../../config/flink-config.ts';
import { savepointDirectory } from '../../config/options/options-cluster.ts';
import type { FlinkClient } from '../../flink/types.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { MAIN_CONTAINER } from '../../native/names.ts';
import type { PodObject } from '../../native/objects.ts';
import { jobManagerPod } from './job-manager-pod.ts';
import { localFolder } from './pod-shell.ts';

export interface SavepointVolumeOptions {
  readonly kubernetes: Pick<KubernetesClient, 'get' | 'list'>;
  readonly flink: Pick<FlinkClient, 'clusterConfiguration'>;
  readonly clusterId: string;
  readonly namespace: string;
}

/** Volumes that are deleted with their pod. Source: Kubernetes 1.34, "Volumes". */
const mortal = ['emptyDir', 'ephemeral', 'configMap', 'secret', 'projected', 'downwardAPI', 'image'];

/**
 * The folder of savepoints, if it is on the file system of the JobManager's own pod and not on a volume that outlives it: then deleting the
 * cluster deletes them. Undefined: they are safe, or this is unknown. `asked`: the requested folder; undefined: the cluster's default.
 */
export async function mortalSavepoints(
  { kubernetes, flink, clusterId, namespace }: SavepointVolumeOptions,
  asked: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const config = await flink.clusterConfiguration({ signal });
  const directory = asked ?? flinkConfig(config).get(savepointDirectory);
  const folder = directory === undefined ? undefined : localFolder(directory, config.get('fs.default-scheme'));
  if (folder === undefined) return undefined;
  const pod = await jobManagerPod(kubernetes, clusterId, namespace, signal);
  return outlives(pod, folder) ? undefined : directory;
}

function outlives({ spec }: PodObject, folder: string): boolean {
  const mounts = spec?.containers?.find(({ name }) => name === MAIN_CONTAINER)?.volumeMounts ?? [];
  const [mount] = mounts
    .filter(({ mountPath = '' }) => folder === mountPath || folder.startsWith(`${mountPath.replace(/\/+$/, '')}/`))
    .toSorted((a, b) => (b.mountPath?.length ?? 0) - (a.mountPath?.length ?? 0));
  const volume = mount === undefined ? undefined : spec?.volumes?.find(({ name }) => name === mount.name);
  return volume !== undefined && !mortal.some((kind) => Object.hasOwn(volume, kind));
}
