import { containerResources } from '../../config/memory/container-resources.ts';
import { memoryConfig } from '../../config/memory/legacy-heap.ts';
import { jobManagerMemory } from '../../config/memory/memory.ts';
import { artifactBaseDir, jobManagerPort, restPort } from '../../config/options/options-cluster.ts';
import * as options from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig, Option } from '../../config/options/types.ts';
import { defaultImage, isAtLeast } from '../../config/options/flink-version.ts';
import { jobManagerLabels, MAIN_CONTAINER } from '../../native/names.ts';
import { Problem } from '../../support/problem.ts';
import { append, objectOf, overlay } from './json.ts';
import { blobPort } from './ports.ts';
import type { Context, Draft, Json, JsonObject } from './types.ts';

/** Ports of the JobManager container. Source: `InitJobManagerDecorator`, Flink 2.3. */
function containerPorts(config: FlinkConfig): readonly JsonObject[] {
  if (config.get(options.hostNetworkEnabled) === true) return [];
  return [
    { name: 'rest', containerPort: config.get(restPort) ?? 0 },
    { name: 'jobmanager-rpc', containerPort: config.get(jobManagerPort) ?? 0 },
    { name: 'blobserver', containerPort: blobPort(config) },
  ];
}

/**
 * The option if it is set, otherwise the template's value, otherwise the option's default. Source:
 * `KubernetesUtils.resolveUserDefinedValue`, Flink 2.3.
 */
function explicitOrTemplate<T extends string>(
  config: FlinkConfig,
  option: Option<T>,
  template: Json | undefined,
  fallback: string,
): string {
  if (config.has(option)) return config.get(option) ?? fallback;
  return typeof template === 'string' ? template : fallback;
}

function resources(config: FlinkConfig, template: JsonObject, context: Context): JsonObject {
  const own = containerResources(config, jobManagerMemory(memoryConfig(config, context)).total, config.get(options.jobManagerCpu) ?? 1, {
    cpu: options.jobManagerCpuLimitFactor,
    memory: options.jobManagerMemoryLimitFactor,
  });
  return {
    ...template,
    requests: { ...objectOf(template, 'requests'), ...own.requests },
    limits: { ...objectOf(template, 'limits'), ...own.limits },
  };
}

function toleration(entry: ReadonlyMap<string, string>): { readonly toleration: JsonObject; readonly unknown: readonly string[] } {
  const found: Record<string, Json> = {};
  const unknown: string[] = [];
  for (const [key, value] of entry) {
    const name = ['key', 'operator', 'value', 'effect'].find((member) => member === key.toLowerCase());
    if (name !== undefined) found[name] = value;
    else if (key.toLowerCase() !== 'tolerationseconds') unknown.push(key);
    else if (/^[+-]?\d+$/.test(value)) found.tolerationSeconds = Number(value);
    else
      throw new Problem(
        'invalid',
        `${options.jobManagerTolerations.key} has the tolerationSeconds '${value}', which is not a whole number.`,
      );
  }
  return { toleration: found, unknown };
}

function serviceAccount(config: FlinkConfig, podSpec: JsonObject): string {
  const template = podSpec.serviceAccount ?? podSpec.serviceAccountName;
  return explicitOrTemplate(config, options.jobManagerServiceAccount, template, 'default');
}

function dnsPolicy(config: FlinkConfig, podSpec: JsonObject): string {
  if (config.get(options.hostNetworkEnabled) === true) return 'ClusterFirstWithHostNet';
  const template = podSpec.dnsPolicy;
  return typeof template === 'string' && template.trim() !== '' ? template : 'ClusterFirst';
}

function image(config: FlinkConfig, template: Json | undefined, flinkVersion: string): string {
  const chosen = explicitOrTemplate(config, options.containerImage, template, defaultImage(flinkVersion));
  if (chosen !== '' || !config.has(options.containerImage)) return chosen;
  throw new Problem('invalid', `${options.containerImage.key} must not be empty.`, {
    hint: 'Name an image, or leave the option out to get the official one.',
  });
}

/** The parts of the pod and its main container that do not depend on files. Source: `InitJobManagerDecorator`, Flink 2.3. */
export function jobManager(draft: Draft, context: Context): Draft {
  const { clusterId, flinkVersion } = context;
  const { config } = draft;
  const labels = new Map([...(config.get(options.jobManagerLabels) ?? []), ...jobManagerLabels(clusterId)]);
  const tolerations = (config.get(options.jobManagerTolerations) ?? []).map(toleration);
  const pullSecrets = (config.get(options.containerImagePullSecrets) ?? []).map((name) => name.trim()).filter((name) => name !== '');
  const account = serviceAccount(config, draft.podSpec);
  const artifacts = isAtLeast(flinkVersion, '1.19');

  let podSpec: JsonObject = {
    ...draft.podSpec,
    serviceAccount: account,
    serviceAccountName: account,
    hostNetwork: config.get(options.hostNetworkEnabled) === true,
    dnsPolicy: dnsPolicy(config, draft.podSpec),
  };
  podSpec = append(podSpec, 'imagePullSecrets', ...pullSecrets.map((name) => ({ name })));
  podSpec = overlay(podSpec, 'nodeSelector', config.get(options.jobManagerNodeSelector) ?? new Map());
  podSpec = append(podSpec, 'tolerations', ...tolerations.map((entry) => entry.toleration));
  if (artifacts) podSpec = append(podSpec, 'volumes', { name: 'user-artifacts-volume', emptyDir: {} });

  let main: JsonObject = {
    ...draft.main,
    name: MAIN_CONTAINER,
    image: image(config, draft.main.image, flinkVersion),
    imagePullPolicy: explicitOrTemplate(config, options.containerImagePullPolicy, draft.main.imagePullPolicy, 'IfNotPresent'),
    resources: resources(config, objectOf(draft.main, 'resources'), context),
  };
  main = append(main, 'ports', ...containerPorts(config));
  main = append(main, 'env', ...[...config.prefixed('containerized.master.env.')].map(([name, value]) => ({ name, value })), podAddress);
  const logDir = config.get(options.flinkLogDir);
  if (logDir !== undefined) main = append(main, 'env', { name: 'FLINK_LOG_DIR', value: logDir });
  if (artifacts) main = append(main, 'volumeMounts', { name: 'user-artifacts-volume', mountPath: config.get(artifactBaseDir) ?? '' });

  return {
    ...draft,
    metadata: overlay(overlay(draft.metadata, 'labels', labels), 'annotations', config.get(options.jobManagerAnnotations) ?? new Map()),
    podSpec,
    main,
    notices: [
      ...draft.notices,
      ...tolerations
        .flatMap((entry) => entry.unknown)
        .map((key) => `${options.jobManagerTolerations.key}: '${key}' is not a field of a toleration and was ignored.`),
    ],
  };
}

const podAddress: JsonObject = { name: '_POD_IP_ADDRESS', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } };
