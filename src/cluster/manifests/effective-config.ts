import { electionsOf } from '../../config/options/elections.ts';
import * as cluster from '../../config/options/options-cluster.ts';
import { internalEntrypointClass } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig, Option } from '../../config/options/types.ts';
import { fixedPort } from './ports.ts';

const entryPoints = {
  session: 'org.apache.flink.kubernetes.entrypoint.KubernetesSessionClusterEntrypoint',
  application: 'org.apache.flink.kubernetes.entrypoint.KubernetesApplicationClusterEntrypoint',
} as const;

export const isHighlyAvailable = (config: FlinkConfig): boolean => electionsOf(config.get(cluster.highAvailability) ?? 'NONE') !== 'none';

/** Pods need to know ports in advance: 0, which lets a process choose, is replaced. As text, like Flink sets it. */
function fix(config: FlinkConfig, option: Option<string>, port: number): FlinkConfig {
  return fixedPort(config, option) === 0 ? config.with({ [option.key]: String(port) }) : config;
}

/** The configuration with the options that a deploy sets. Source: `KubernetesClusterDescriptor.deployClusterInternal`, Flink 2.3. */
export function effectiveConfig(config: FlinkConfig, mode: 'session' | 'application', clusterId: string): FlinkConfig {
  let next = config.with({ [cluster.executionMode.key]: 'NORMAL', [internalEntrypointClass.key]: entryPoints[mode] });
  next = fix(next, cluster.blobServerPort, 6124);
  next = fix(next, cluster.taskManagerPort, 6122);
  next = fix(next, cluster.restBindPort, 8081);
  if (!isHighlyAvailable(next)) return next;
  return fix(next.with({ [cluster.haClusterId.key]: clusterId }), cluster.haJobManagerPort, next.get(cluster.jobManagerPort) ?? 6123);
}
