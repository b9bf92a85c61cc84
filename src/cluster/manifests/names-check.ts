import * as options from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig, Option } from '../../config/options/types.ts';
import { isAtLeast } from '../../config/options/flink-version.ts';
import { Problem } from '../../support/problem.ts';
import { isHighlyAvailable } from './effective-config.ts';

// The rules of the API server for names and labels. Source: `k8s.io/apimachinery/pkg/util/validation`, Kubernetes 1.34.

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const qualified = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

type Pairs = ReadonlyMap<string, string>;

/** Why a text cannot be the key of a label or annotation; undefined if it can. */
function wrongKey(key: string): string | undefined {
  const [prefix, name, ...more] = key.includes('/') ? key.split('/') : [undefined, key];
  if (name === undefined || more.length > 0) return "has more than one '/'";
  if (prefix !== undefined && (prefix.length > 253 || !subdomain.test(prefix)))
    return `has the prefix '${prefix}', which is not a DNS name`;
  return name.length <= 63 && qualified.test(name)
    ? undefined
    : "may have 63 letters, digits, '-', '_' and '.', a letter or digit at both ends";
}

function checkKeys(option: Option<Pairs>, pairs: Pairs): void {
  for (const key of pairs.keys()) {
    const wrong = wrongKey(key);
    if (wrong !== undefined) throw new Problem('invalid', `${option.key}: the key '${key}' ${wrong}.`);
  }
}

function checkLabels(option: Option<Pairs>, pairs: Pairs): void {
  checkKeys(option, pairs);
  for (const [key, value] of pairs) {
    if (value === '' || (value.length <= 63 && qualified.test(value))) continue;
    throw new Problem('invalid', `${option.key}: the value '${value}' of '${key}' is not a label value.`, {
      hint: "A label may have 63 letters, digits, '-', '_' and '.', a letter or digit at both ends. Annotations take any text.",
    });
  }
}

const labelOptions = [
  options.jobManagerLabels,
  options.taskManagerLabels,
  options.internalServiceLabels,
  options.restServiceLabels,
  options.jobManagerNodeSelector,
  options.taskManagerNodeSelector,
];

const annotationOptions = [
  options.jobManagerAnnotations,
  options.taskManagerAnnotations,
  options.internalServiceAnnotations,
  options.restServiceAnnotations,
];

/** The pairs of an option that the client reads. The JobManager reads those of the TaskManagers, so their errors are left to it. */
function pairsOf(config: FlinkConfig, flinkVersion: string, option: Option<Pairs>): Pairs {
  if (option.since !== undefined && !isAtLeast(flinkVersion, option.since)) return new Map();
  // Then there is no internal Service.
  if (option.key.includes('.internal-service.') && isHighlyAvailable(config)) return new Map();
  if (!option.key.includes('.taskmanager.')) return config.get(option) ?? new Map();
  try {
    return config.get(option) ?? new Map();
  } catch {
    // Flink's client does not read it: the cluster starts, but none of its TaskManagers.
    return new Map();
  }
}

/** Throws a `Problem` of kind `invalid` for labels and annotations that every API server refuses. */
export function checkMetadata(config: FlinkConfig, flinkVersion: string): void {
  for (const option of labelOptions) checkLabels(option, pairsOf(config, flinkVersion, option));
  for (const option of annotationOptions) checkKeys(option, pairsOf(config, flinkVersion, option));
}

/** Throws a `Problem` of kind `invalid` for a text that cannot be a namespace. */
export function checkNamespace(namespace: string): void {
  if (namespace.trim() === '') throw new Problem('invalid', `${options.namespace.key} must not be blank.`);
  if (namespace.length > 63 || !label.test(namespace)) {
    throw new Problem('invalid', `${options.namespace.key} '${namespace}' cannot be a namespace.`, {
      hint: "Use at most 63 lower-case letters, digits and '-', a letter or digit at both ends.",
    });
  }
}

const maxClusterId = 45;

/** Throws a `Problem` of kind `invalid` for a text that cannot be a cluster id, which with a suffix becomes the name of a Service. */
export function checkClusterId(clusterId: string): void {
  if (clusterId.trim() === '')
    throw new Problem('invalid', `${options.clusterId.key} must not be blank.`, {
      hint: 'Set it to a name, or leave it out to get a generated one.',
    });
  if (clusterId.length > maxClusterId)
    throw new Problem(
      'invalid',
      `${options.clusterId.key} must be no more than ${maxClusterId} characters. '${clusterId}' has ${clusterId.length}.`,
    );
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(clusterId)) {
    throw new Problem('invalid', `${options.clusterId.key} '${clusterId}' cannot be the name of a Service.`, {
      hint: "Use lower-case letters, digits and '-', a letter first, a letter or digit last.",
    });
  }
}
