import { jobManagerAddress, jobManagerPort, restBindPort, restPort } from '../../config/options/options-cluster.ts';
import * as options from '../../config/options/options-kubernetes.ts';
import { isAtLeast } from '../../config/options/flink-version.ts';
import { SERVICES } from '../../kubernetes/model/resources.ts';
import { commonLabels, jobManagerLabels, names } from '../../native/names.ts';
import { isHighlyAvailable } from './effective-config.ts';
import { mapMember } from './json.ts';
import { blobPort, fixedPort } from './ports.ts';
import type { Context, Draft, JsonObject } from './types.ts';

type Pairs = ReadonlyMap<string, string>;

function service(name: string, clusterId: string, labels: Pairs, annotations: Pairs, spec: JsonObject) {
  const metadata = { name, labels: Object.fromEntries([...commonLabels(clusterId), ...labels]), ...mapMember('annotations', annotations) };
  return {
    resource: SERVICES,
    body: { apiVersion: 'v1', kind: 'Service', metadata, spec: { ...spec, selector: Object.fromEntries(jobManagerLabels(clusterId)) } },
  };
}

const none: Pairs = new Map();

/**
 * The Service through which TaskManagers find the JobManager; with high availability they use the leader's ConfigMap instead. Source:
 * `InternalServiceDecorator` and `HeadlessClusterIPService`, Flink 2.3.
 */
export function internalService(draft: Draft, { clusterId, namespace, flinkVersion }: Context): Draft {
  const { config } = draft;
  if (isHighlyAvailable(config)) return draft;
  const name = names.internalService(clusterId);
  const labels = isAtLeast(flinkVersion, '2.2') ? (config.get(options.internalServiceLabels) ?? none) : none;
  const annotations = isAtLeast(flinkVersion, '1.20') ? (config.get(options.internalServiceAnnotations) ?? none) : none;
  const ports = [
    { name: 'jobmanager-rpc', port: config.get(jobManagerPort) ?? 0 },
    { name: 'blobserver', port: blobPort(config) },
  ];
  return {
    ...draft,
    config: config.with({ [jobManagerAddress.key]: `${name}.${namespace}` }),
    owned: [...draft.owned, service(name, clusterId, labels, annotations, { clusterIP: 'None', ports })],
  };
}

/** The Service of the REST endpoint. Source: `ExternalServiceDecorator` and `KubernetesConfigOptions.ServiceExposedType`, Flink 2.3. */
export function restService(draft: Draft, { clusterId, flinkVersion }: Context): Draft {
  const { config } = draft;
  const exposed = config.get(options.restServiceExposedType) ?? 'ClusterIP';
  const labels = isAtLeast(flinkVersion, '2.2') ? (config.get(options.restServiceLabels) ?? none) : none;
  const annotations = config.get(options.restServiceAnnotations) ?? none;
  const spec = {
    ...(exposed === 'Headless_ClusterIP' ? { type: 'ClusterIP', clusterIP: 'None' } : { type: exposed }),
    ports: [{ name: 'rest', port: config.get(restPort) ?? 0, targetPort: fixedPort(config, restBindPort) }],
  };
  return { ...draft, owned: [...draft.owned, service(names.restService(clusterId), clusterId, labels, annotations, spec)] };
}
