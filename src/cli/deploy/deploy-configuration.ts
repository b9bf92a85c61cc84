import { executionTarget, internalConfigDir } from '../../config/options/options-cluster.ts';
import { clusterId as clusterIdOption, namespace as namespaceOption } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import type { DeployInvocation } from '../command-line/deploy-invocation.ts';
import { withClusterId } from './deployment.ts';
import type { CliIo } from '../process/io.ts';
import { loadConfig, type ReadConfig } from '../wiring/services.ts';

/** The configuration that results from the options. */
export function configured(
  { clusterId, program, connection }: Pick<Extract<DeployInvocation, { readonly kind: 'deploy' }>, 'clusterId' | 'program' | 'connection'>,
  io: CliIo,
): { readonly loaded: ReadConfig; readonly config: FlinkConfig } {
  const loaded = loadConfig(io, connection.properties, connection.flinkVersion);
  for (const notice of loaded.notices) io.stderr(`${notice}\n`);
  const config = loaded.config.with({
    [internalConfigDir.key]: loaded.directory,
    [executionTarget.key]: program === undefined ? 'kubernetes-session' : 'kubernetes-application',
    ...(clusterId === undefined ? {} : { [clusterIdOption.key]: clusterId }),
  });
  return { loaded, config: withClusterId(config) };
}

/** The JobManager has to know its namespace, and cannot see the one in the kubeconfig. */
export const within = (config: FlinkConfig, namespace: string): FlinkConfig =>
  config.get(namespaceOption) === namespace ? config : config.with({ [namespaceOption.key]: namespace });
