import { hashMapOrder } from './java/java-hash-order.ts';
import type { ConfigValue, FlinkConfig, Option, ValueSyntax } from './options/types.ts';
import { valueText } from './options/values.ts';

/** Its own key first, then fallback keys, then deprecated ones, as `ConfigOption` puts them in Flink 2.3. */
function keysOf(option: Option<unknown>): readonly string[] {
  return [option.key, ...option.fallback, ...option.deprecated];
}

/** A map option may be spread over keys: `some.option.a: 1`. The exact key wins. */
function spread(values: ReadonlyMap<string, ConfigValue>, key: string): ConfigValue | undefined {
  const start = `${key}.`;
  const pairs = hashMapOrder(values.keys())
    .filter((name) => name.startsWith(start))
    .map((name) => [name.slice(start.length), valueText(values.get(name) ?? '')] as const);
  return pairs.length === 0 ? undefined : Object.fromEntries(pairs);
}

function find(
  values: ReadonlyMap<string, ConfigValue>,
  option: Option<unknown>,
): { readonly key: string; readonly value: ConfigValue } | undefined {
  for (const key of keysOf(option)) {
    const value = values.get(key) ?? (option.type.name === 'map' ? spread(values, key) : undefined);
    if (value !== undefined) return { key, value };
  }
  return undefined;
}

/** A configuration of these values; lists and maps are in the given syntax. Keys keep the order in which they were first given. */
export function flinkConfig(entries: Iterable<readonly [string, ConfigValue]> = [], syntax: ValueSyntax = 'yaml'): FlinkConfig {
  const values: ReadonlyMap<string, ConfigValue> = new Map(entries);
  return {
    get(option) {
      const found = find(values, option);
      return found === undefined ? option.default : option.type.parse(found.value, found.key, syntax);
    },
    has: (option) => find(values, option) !== undefined,
    raw: (key) => values.get(key),
    keys: () => [...values.keys()],
    prefixed(prefix) {
      const names = hashMapOrder(values.keys())
        .filter((key) => key.startsWith(prefix) && key.length > prefix.length)
        .map((key) => key.slice(prefix.length));
      return new Map(hashMapOrder(names).map((name) => [name, valueText(values.get(prefix + name) ?? '')]));
    },
    with(changes) {
      const next = new Map(values);
      for (const [key, value] of Object.entries(changes)) {
        if (value === undefined) next.delete(key);
        else next.set(key, value);
      }
      return flinkConfig(next, syntax);
    },
  };
}
