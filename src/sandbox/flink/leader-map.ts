import { microStamp, textOf, type ApiObject, type Draft } from '../api/objects.ts';
import { CONFIG_MAPS } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';
import type { Settings } from './settings.ts';

export const isHighlyAvailable = (settings: Settings): boolean =>
  /^(kubernetes|.*KubernetesHaServicesFactory)$/i.test(settings.text('high-availability.type') ?? settings.text('high-availability') ?? '');

/**
 * Writes who leads into `<cluster id>-cluster-config-map`, as Kubernetes high availability does. The map has no owner, so it outlives
 * the cluster. Source: KubernetesLeaderElector and KubernetesMultipleComponentLeaderElectionDriver, Flink 2.3.
 */
export function writeLeader(store: ObjectStore, settings: Settings, leader: ApiObject, now: number): void {
  const { clusterId, namespace } = settings;
  const name = `${clusterId}-cluster-config-map`;
  const before = store.get(CONFIG_MAPS, namespace, name);
  const transitions =
    before === undefined ? 0 : Number(/"leaderTransitions":(\d+)/.exec(before.metadata.annotations?.[ANNOTATION] ?? '')?.[1] ?? 0) + 1;
  const holder = leader.metadata.uid;
  const ip = textOf(leader['status'], 'podIP') ?? '';
  const rpc = `pekko.tcp://flink@${ip}:6123/user/rpc`;
  const at = microStamp(now);
  const wanted: Draft = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      labels: { app: clusterId, type: 'flink-native-kubernetes' },
      annotations: {
        [ANNOTATION]: JSON.stringify({
          holderIdentity: holder,
          leaseDuration: 'PT15S',
          acquireTime: at,
          renewTime: at,
          leaderTransitions: transitions,
        }),
      },
    },
    data: {
      'org.apache.flink.k8s.leader.restserver': `${holder},http://${ip}:${settings.text('rest.port') ?? '8081'}`,
      'org.apache.flink.k8s.leader.dispatcher': `${holder},${rpc}/dispatcher_1`,
      'org.apache.flink.k8s.leader.resourcemanager': `${holder},${rpc}/resourcemanager_0`,
    },
  };
  if (before === undefined) store.create(CONFIG_MAPS, namespace, wanted);
  else store.update(CONFIG_MAPS, { ...before, ...wanted, metadata: { ...before.metadata, ...wanted.metadata } });
}

const ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';
