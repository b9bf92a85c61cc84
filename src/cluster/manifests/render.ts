import { stringify } from 'yaml';
import { flinkConfig } from '../../config/flink-config.ts';
import { valueText } from '../../config/values.ts';
import { renderConfig } from '../../config/yaml-write.ts';
import type { KubernetesObject } from '../../kubernetes/types.ts';
import { isSensitiveKey, mask, maskValue } from '../../support/redact.ts';
import type { ConfigFileName } from '../../config/load.ts';
import type { ClusterManifests, Json, JsonObject } from './types.ts';

/** The objects with their namespace, in the order in which they are sent. */
function objects(manifests: ClusterManifests): readonly KubernetesObject[] {
  return [manifests.deployment, ...manifests.owned.map(({ body }) => body)].map((object) => ({
    ...object, metadata: { ...object.metadata, namespace: manifests.namespace },
  }));
}

/**
 * The objects as YAML documents for `kubectl apply`. Texts that older readers of YAML take for something else are quoted. Owner references
 * to the Deployment are missing: they need the uid that the API server gives it.
 */
export function renderYaml(manifests: ClusterManifests): string {
  const head = `# The cluster ${manifests.clusterId}. When drey deploys it, the other objects belong to the Deployment and go with it.\n`;
  return head + objects(manifests).map((object) => `---\n${stringify(object, { version: '1.2', compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false })}`).join('');
}

/** The same as one JSON list. */
export function renderJson(manifests: ClusterManifests): string {
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects(manifests) }, undefined, 2)}\n`;
}

type Body = KubernetesObject & { readonly data?: Readonly<Record<string, string>>; readonly spec?: JsonObject };

function maskVariables(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => maskVariables(item));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as JsonObject;
  const { name, value: text } = object;
  if (typeof name === 'string' && typeof text === 'string') return { ...object, value: maskValue(name, text) };
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, maskVariables(item)]));
}

function maskBody(body: Body, manifests: ClusterManifests): KubernetesObject {
  if (body.kind === 'Secret') return { ...body, data: Object.fromEntries(Object.keys(body.data ?? {}).map((key) => [key, mask])) } as KubernetesObject;
  if (body.kind === 'Deployment') return { ...body, spec: maskVariables(body.spec ?? {}) } as KubernetesObject;
  const file = (['config.yaml', 'flink-conf.yaml'] as const).find((name) => body.data?.[name] !== undefined);
  return file === undefined ? body : ({ ...body, data: { ...body.data, [file]: maskedConfig(manifests, file) } } as KubernetesObject);
}

function maskedConfig({ effectiveConfig }: ClusterManifests, file: ConfigFileName): string {
  const entries = effectiveConfig.keys().map((key) => {
    const value = effectiveConfig.raw(key) ?? '';
    return [key, isSensitiveKey(key) ? maskValue(key, valueText(value)) : value] as const;
  });
  return renderConfig(flinkConfig(entries), file, entries.length).text;
}

/** The manifests as they may be displayed: keytabs, and the values of keys and variables whose names look secret, are masked. */
export function masked(manifests: ClusterManifests): ClusterManifests {
  return {
    ...manifests,
    deployment: maskBody(manifests.deployment, manifests),
    owned: manifests.owned.map((object) => ({ ...object, body: maskBody(object.body, manifests) })),
  };
}
