import type { ConfigMapObject } from './objects.ts';

/** The key under which the leading REST endpoint writes its address. Source: `KubernetesLeaderElectionHaServices`, Flink 1.18 to 2.3. */
const leaderKey = 'org.apache.flink.k8s.leader.restserver';

/**
 * The host of the leading JobManager, from the ConfigMap of the elections, `<session uuid>,http://<pod ip>:<port>`; IPv6 addresses without
 * their brackets. Undefined if there is no leader. Source: `KubernetesUtils.getLeaderInformationFromConfigMap`, Flink 2.3.
 */
export function leaderAddress({ data }: Pick<ConfigMapObject, 'data'>): string | undefined {
  const match = /^[^,]*,\w+:\/\/(?:\[([^\]]+)\]|([^/:]+))/.exec(data?.[leaderKey] ?? '');
  return match?.[1] ?? match?.[2];
}
