import { parse } from 'yaml';

/** Comparing what was recorded of Flink's client with what is made here: field by field, `config.yaml` parsed with its types. */

const byServer = new Set(['resourceVersion', 'creationTimestamp', 'managedFields', 'generation']);
const emptyIsAbsent = new Set(['annotations', 'labels', 'nodeSelector', 'tolerations', 'imagePullSecrets']);
const units: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** What differs from run to run, as a placeholder. */
export function scrub(text: string): string {
  return text
    .replaceAll(/flink-cluster-[0-9a-f]{31}/g, 'flink-cluster-<random>')
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>')
    .replaceAll(/\b[0-9a-f]{32}\b/g, '<hex32>')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>');
}

function quantity(value: unknown): unknown {
  const [, digits, unit = ''] = /^([0-9.]+(?:[eE][-+]?\d+)?)([A-Za-z]*)$/.exec(String(value)) ?? [];
  const factor = units[unit];
  return digits === undefined || factor === undefined ? value : Number((Number(digits) * factor).toPrecision(12));
}

const isEmpty = (value: unknown): boolean =>
  value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

function member(key: string, value: unknown): unknown {
  // Not YAML for Flink, which takes each line for itself, and in the order of a hash map.
  if (key === 'flink-conf.yaml' && typeof value === 'string') return scrub(value).split('\n').toSorted();
  if (key === 'config.yaml' && typeof value === 'string') return normal(parse(scrub(value), { schema: 'core' }) ?? {}, 'config');
  if ((key === 'limits' || key === 'requests') && typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, amount]) => [name, quantity(amount)]));
  }
  return normal(value, key);
}

/** A body without what the server adds and what means the same when it is absent. */
export function normal(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((item) => normal(item, key));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([name, item]) =>
      item !== null &&
      item !== undefined &&
      !byServer.has(name) &&
      !(emptyIsAbsent.has(name) && isEmpty(item)) &&
      !(name === 'status' && key === ''),
  );
  return Object.fromEntries(kept.map(([name, item]) => [name, member(name, item)]));
}
