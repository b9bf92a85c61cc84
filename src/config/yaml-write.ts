import { Problem } from '../support/problem.ts';
import { copiedCapacity, hashMapOrder } from './java/java-hash-order.ts';
import type { ConfigFileName } from './load.ts';
import { allOptions } from './options/options.ts';
import type { ConfigValue, FlinkConfig } from './options/types.ts';
import { valueText } from './options/values.ts';
import { blockText, type Writable } from './yaml/yaml-text.ts';

export interface RenderedConfig {
  readonly text: string;
  /** What the file cannot express, one sentence each. */
  readonly notices: readonly string[];
}

type Nest = Map<string, ConfigValue | Nest>;

/** The new name of a deprecated key, for a hint. */
function currentName(key: string): string | undefined {
  return allOptions.find((option) => option.deprecated.includes(key))?.key;
}

function advice(key: string): string {
  const current = currentName(key);
  return current === undefined ? `Leave one of them out.` : `Write ${current} instead of ${key}.`;
}

/** All keys below `nest`, for a notice. */
function keysBelow(nest: Nest, prefix: string): string[] {
  return [...nest].flatMap(([name, value]) => (value instanceof Map ? keysBelow(value, `${prefix}${name}.`) : [prefix + name]));
}

/** Splits at every dot; empty parts at the end are dropped, as with Java's `String.split`. */
const pathOf = (key: string): readonly string[] => key.replace(/\.+$/, '').split('.');

/**
 * In nested YAML, a key that is the beginning of another cannot have a value as well. Flink's client does not check this: whatever comes
 * later in its hash map wins, and its type decides. A value over a map drops the map; a map over a value fails. The file is the same here,
 * and a notice names what is lost.
 */
function nestKeys(entries: readonly (readonly [string, ConfigValue])[]): { readonly root: Nest; readonly notices: readonly string[] } {
  const root: Nest = new Map();
  const notices: string[] = [];
  for (const [key, value] of entries) {
    const path = pathOf(key);
    let nest = root;
    for (const [depth, name] of path.slice(0, -1).entries()) {
      const next = nest.get(name) ?? new Map();
      if (!(next instanceof Map)) {
        const shorter = path.slice(0, depth + 1).join('.');
        throw new Problem('invalid', `The configuration cannot hold both ${shorter} and ${key}: one is the beginning of the other.`, {
          hint: advice(shorter),
        });
      }
      nest.set(name, next);
      nest = next;
    }
    const last = path.at(-1) ?? '';
    const before = nest.get(last);
    if (before instanceof Map) {
      const lost = keysBelow(before, `${key}.`).join(', ');
      notices.push(`The cluster does not get ${lost}, because ${key} is set too and one file cannot hold both. ${advice(key)}`);
    }
    nest.set(last, value);
  }
  return { root, notices };
}

/** Source: `StructuredOptionsSplitter.escapeWithSingleQuote`, Flink 1.20. */
const quoted = (text: string, delimiter: string): string =>
  text.includes(delimiter) || /['"]/.test(text) ? `'${text.replaceAll("'", "''")}'` : text;

/** A value in the syntax of `flink-conf.yaml`, where lists have semicolons and maps have colons and commas. */
function legacyText(value: ConfigValue): string {
  if (Array.isArray(value)) return value.map((item: ConfigValue) => quoted(legacyText(item), ';')).join(';');
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.entries(value as { readonly [key: string]: ConfigValue })
      .map(([key, item]) => quoted(`${quoted(key, ':')}:${quoted(legacyText(item), ':')}`, ','))
      .join(',');
  }
  return valueText(value);
}

/**
 * The configuration as the file for the cluster: nested YAML with the types kept, or one `key: value` per line in the older format.
 * `before` is the number of keys before the ones for this machine only were removed; it decides the order, which matters if one key is the
 * beginning of another. Throws a `Problem` of kind `invalid` if Flink's client fails to write the file. Source:
 * `ConfigurationUtils.convertConfigToWritableLines` and `YamlParserUtils`, Flink 2.3.
 */
export function renderConfig(config: FlinkConfig, format: ConfigFileName, before: number): RenderedConfig {
  const entries = hashMapOrder(config.keys(), copiedCapacity(before)).map((key) => [key, config.raw(key) ?? ''] as const);
  if (format === 'flink-conf.yaml') return { text: entries.map(([key, value]) => `${key}: ${legacyText(value)}\n`).join(''), notices: [] };
  const { root, notices } = nestKeys(entries);
  return { text: blockText(root as ReadonlyMap<string, Writable>), notices };
}
