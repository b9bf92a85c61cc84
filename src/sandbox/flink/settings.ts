import { isRecord, recordsOf, textOf, type ApiObject } from '../api/objects.ts';
import { CONFIG_MAPS } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';

/** The Flink configuration that a cluster's JobManager would read. */
export interface Settings {
  readonly clusterId: string;
  readonly namespace: string;
  readonly version: string;
  readonly image: string;
  readonly application: boolean;
  text(key: string): string | undefined;
  number(key: string, fallback: number): number;
  flag(key: string, fallback: boolean): boolean;
  /** Milliseconds of `10 s`, `5min`, `PT3S`, `250 ms`. */
  duration(key: string, fallback: number): number;
  entries(): ReadonlyMap<string, string>;
}

/** Reads the ConfigMap `flink-config-<cluster id>` (config.yaml or flink-conf.yaml) and the `-D` arguments of the container. */
export async function settingsOf(store: ObjectStore, clusterId: string, pod: ApiObject): Promise<Settings> {
  const namespace = pod.metadata.namespace ?? 'default';
  const map = store.get(CONFIG_MAPS, namespace, `flink-config-${clusterId}`);
  const entries = new Map<string, string>();
  const nested = textOf(map?.['data'], 'config.yaml');
  if (nested !== undefined) {
    const { parse } = await import('yaml');
    flatten(parse(nested) as unknown, '', entries);
  }
  for (const line of (textOf(map?.['data'], 'flink-conf.yaml') ?? '').split('\n')) {
    const [, key, value] = /^\s*([^#:\s][^:]*):\s+(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) entries.set(key, value);
  }
  const container =
    recordsOf(pod['spec'], 'containers').find((one) => one['name'] === 'flink-main-container') ?? recordsOf(pod['spec'], 'containers')[0];
  const args = (Array.isArray(container?.['args']) ? container['args'] : []).join(' ');
  for (const [, key = '', value = ''] of args.matchAll(/-D\s*([\w.-]+)='?([^\s']*)/g)) entries.set(key, value);
  return settings(clusterId, namespace, textOf(container, 'image') ?? 'flink:2.3.0', args.includes('kubernetes-application'), entries);
}

function settings(
  clusterId: string,
  namespace: string,
  image: string,
  application: boolean,
  entries: ReadonlyMap<string, string>,
): Settings {
  const text = (key: string): string | undefined => entries.get(key);
  return {
    clusterId,
    namespace,
    image,
    application,
    text,
    version: /:(\d+\.\d+(?:\.\d+)?)/.exec(image)?.[1]?.replace(/^(\d+\.\d+)$/, '$1.0') ?? '2.3.0',
    number: (key, fallback) => {
      const value = Number(text(key) ?? Number.NaN);
      return Number.isNaN(value) ? fallback : value;
    },
    flag: (key, fallback) => (text(key) ?? String(fallback)).toLowerCase() === 'true',
    duration: (key, fallback) => durationOf(text(key)) ?? fallback,
    entries: () => entries,
  };
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  sec: 1_000,
  second: 1_000,
  seconds: 1_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  '': 1,
};

/** A duration as Flink's `TimeUtils` reads it, in milliseconds. */
export function durationOf(text: string | undefined): number | undefined {
  const [, digits, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text?.replace(/^PT/, '') ?? '') ?? [];
  const factor = UNITS[unit.toLowerCase()];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

function flatten(value: unknown, prefix: string, into: Map<string, string>): void {
  if (isRecord(value)) for (const [key, below] of Object.entries(value)) flatten(below, prefix === '' ? key : `${prefix}.${key}`, into);
  else if (Array.isArray(value)) into.set(prefix, value.map(String).join(';'));
  else if (value !== null && value !== undefined) into.set(prefix, String(value));
}
