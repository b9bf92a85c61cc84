import { CONFIG_MAPS, PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { clusterSelector, MAIN_CONTAINER, names } from '../../native/names.ts';
import type { ConfigMapObject, ContainerSpec, PodObject } from '../../native/objects.ts';
import type { Clock } from '../../support/clock.ts';
import { isNotFound, Problem } from '../../support/problem.ts';
import type { ClusterFiles, FileReader } from '../model/types.ts';

export interface ClusterFilesOptions {
  readonly kubernetes: Pick<KubernetesClient, 'exec' | 'get' | 'list' | 'patch'>;
  readonly clock: Clock;
  readonly clusterId: string;
  readonly namespace: string;
}

/** A change of any annotation makes the kubelet look at the pod, and at its volumes, at once. */
const touchedAt = 'drey/files-changed-at';

/** The files in the ConfigMap that Flink's client made, and how they reach the pods. */
export function clusterFiles({ kubernetes, clock, clusterId, namespace }: ClusterFilesOptions): ClusterFiles {
  const configMap = names.configMap(clusterId);
  const address = { resource: CONFIG_MAPS, namespace, name: configMap };
  return {
    async read(signal) {
      try {
        const { data = {}, metadata } = await kubernetes.get<ConfigMapObject>(address, { signal });
        return { configMap, files: data, version: metadata?.resourceVersion };
      } catch (error) {
        if (!isNotFound(error)) throw error;
        throw new Problem('not-found', `There is no ConfigMap ${configMap} in namespace ${namespace}.`, {
          hint: 'Its name follows from the cluster id; drey clusters lists the clusters here.',
          cause: error,
        });
      }
    },

    async write({ version }, file, text, signal) {
      try {
        const body = { ...(version === undefined ? {} : { metadata: { resourceVersion: version } }), data: { [file]: text } };
        const { data = {}, metadata } = await kubernetes.patch<ConfigMapObject>(address, body, 'merge', { signal });
        return { configMap, files: data, version: metadata?.resourceVersion };
      } catch (error) {
        if (!(error instanceof Problem) || error.kind !== 'conflict') throw error;
        throw new Problem('conflict', `Somebody else changed ConfigMap ${configMap} in the meantime, so nothing was written.`, {
          hint: 'Look at it again, and decide again.',
          cause: error,
        });
      }
    },

    async readers(file, signal) {
      const pods = await kubernetes.list<PodObject>(PODS, { namespace, labelSelector: clusterSelector(clusterId), signal });
      return pods.flatMap((pod) => {
        const reader = readerOf(pod, configMap, file);
        return reader === undefined ? [] : [reader];
      });
    },

    async sync(pod, signal) {
      const now = new Date(clock.now()).toISOString();
      await kubernetes.patch({ resource: PODS, namespace, name: pod }, { metadata: { annotations: { [touchedAt]: now } } }, 'merge', {
        signal,
      });
    },

    async inPod({ pod, container, path }, signal) {
      const pieces: Uint8Array[] = [];
      const code = await kubernetes.exec({
        namespace,
        pod,
        container,
        command: ['cat', path],
        signal,
        onStdout: (piece) => void pieces.push(piece),
      });
      return code === 0 ? Buffer.concat(pieces).toString('utf8') : undefined;
    },
  };
}

/** A running pod that has the file; undefined: it does not run, or does not have it. */
function readerOf({ metadata, spec, status }: PodObject, configMap: string, file: string): FileReader | undefined {
  const pod = status?.phase === 'Running' && metadata?.deletionTimestamp === undefined ? metadata?.name : undefined;
  const containers = spec?.containers ?? [];
  const container = containers.find(({ name }) => name === MAIN_CONTAINER) ?? containers[0];
  if (pod === undefined || container?.name === undefined) return undefined;
  const place = (spec?.volumes ?? []).map((volume) => placeIn(container, volume, configMap, file)).find((each) => each !== undefined);
  return place === undefined ? undefined : { pod, container: container.name, ...place };
}

type Volume = NonNullable<NonNullable<PodObject['spec']>['volumes']>[number];

/** A volume has all files of its ConfigMap unless it names some. */
function placeIn(
  { volumeMounts = [] }: ContainerSpec,
  volume: Volume,
  configMap: string,
  file: string,
): Pick<FileReader, 'path' | 'fixed'> | undefined {
  if (volume.configMap?.name !== configMap) return undefined;
  const { items } = volume.configMap;
  const inside = items === undefined ? file : items.find(({ key }) => key === file)?.path;
  const mount = volumeMounts.find(({ name }) => name === volume.name);
  if (inside === undefined || mount?.mountPath === undefined) return undefined;
  return mount.subPath === undefined || mount.subPath === ''
    ? { path: `${mount.mountPath.replace(/\/$/, '')}/${inside}`, fixed: false }
    : { path: mount.mountPath, fixed: true };
}
