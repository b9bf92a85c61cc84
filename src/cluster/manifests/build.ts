import { clusterId as clusterIdOption, namespace as namespaceOption } from '../../config/options/options-kubernetes.ts';
import { misspelledKeys } from '../../config/options/did-you-mean.ts';
import { checkConfig } from './checks.ts';
import { deployment } from './deployment.ts';
import { serverWillRefuse } from './server-will-refuse.ts';
import { effectiveConfig } from './effective-config.ts';
import { flinkFiles } from './flink-files.ts';
import { hadoop } from './hadoop.ts';
import { jobManager } from './job-manager.ts';
import { kerberos } from './kerberos.ts';
import { persistentVolumes } from './persistent-volume-claims.ts';
import { emptyTemplate, fromTemplate, taskManagerTemplate } from './pod-template.ts';
import { secretVariables, secretVolumes } from './secrets.ts';
import { internalService, restService } from './services.ts';
import { startCommand } from './start-command.ts';
import type { ClusterManifests, ClusterRequest, Context, Draft, Step } from './types.ts';

/**
 * In the order of Flink's decorators, which is the order of the resulting lists and objects. Source: `KubernetesJobManagerFactory`, Flink
 * 2.3.
 */
const steps: readonly Step[] = [
  fromTemplate,
  jobManager,
  secretVariables,
  secretVolumes,
  persistentVolumes,
  startCommand,
  internalService,
  restService,
  hadoop,
  kerberos,
  flinkFiles,
  taskManagerTemplate,
];

/**
 * All objects of a session or application cluster, as created by Flink's own client. Pure except for the files it reads through the
 * request. Throws a `Problem` of kind `invalid` for a configuration that cannot be deployed, without sending anything.
 */
export function buildCluster(request: ClusterRequest): ClusterManifests {
  const clusterId = request.config.get(clusterIdOption) ?? '';
  const namespace = request.config.get(namespaceOption) ?? '';
  const context: Context = { ...request, clusterId, namespace };
  checkConfig(context);
  const start: Draft = { config: effectiveConfig(request.config, request.mode, clusterId), ...emptyTemplate, owned: [], notices: [] };
  const draft = steps.reduce((made, step) => step(made, context), start);
  const made = deployment(draft, context);
  return {
    clusterId,
    namespace,
    deployment: made.deployment,
    owned: draft.owned,
    effectiveConfig: draft.config,
    notices: [...misspelledKeys(request.config), ...draft.notices, ...made.notices, ...serverWillRefuse(draft)],
  };
}
