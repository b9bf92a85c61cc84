import type { WholeDouble } from '../java/java-number.ts';

/**
 * A value as Flink keeps it: a scalar with its YAML type, or a list or map that Flink itself set (a list from a file is kept as its text).
 * A `number` without a fraction is an integer; `bigint` is one that a `number` cannot hold; `WholeDouble` is a floating-point number
 * without a fraction.
 */
export type ConfigValue =
  | string
  | number
  | bigint
  | boolean
  | WholeDouble
  | readonly ConfigValue[]
  | { readonly [key: string]: ConfigValue };

/** `legacy`: lists have semicolons, maps have colons and commas, and nothing is YAML, as in `flink-conf.yaml`. */
export type ValueSyntax = 'yaml' | 'legacy';

/** How the text of an option is read. Source: `ConfigurationUtils`, Flink 2.3. */
export type OptionType<T> = {
  readonly name:
    | 'string'
    | 'boolean'
    | 'int'
    | 'long'
    | 'double'
    | 'duration'
    | 'memory'
    | 'list'
    | 'map'
    | 'list-of-maps'
    | `enum ${string}`;
  /** Throws a `Problem` of kind `invalid` with Flink's own words for a bad value. */
  readonly parse: (value: ConfigValue, key: string, syntax?: ValueSyntax) => T;
};

/** One row of the option table. The reference of options is generated from these. */
export interface Option<T> {
  readonly key: string;
  readonly type: OptionType<T>;
  /** Undefined: the option has no default. */
  readonly default: T | undefined;
  /** Consulted in this order when `key` is absent. */
  readonly deprecated: readonly string[];
  readonly fallback: readonly string[];
  /** First Flink version with the option, if newer than 1.17. */
  readonly since: string | undefined;
  readonly summary: string;
}

/**
 * A Flink configuration: file, then `-e`, `-t`, `-D`. Immutable. A key has one value; reading an option looks at its key, then at
 * fallback and deprecated keys in their order.
 */
export interface FlinkConfig {
  /** The parsed value, the option's default, or undefined. Throws a `Problem` of kind `invalid` for a value that cannot be read. */
  get<T>(option: Option<T>): T | undefined;
  /** Set under its key or one of its other keys; a default does not count. */
  has(option: Option<unknown>): boolean;
  raw(key: string): ConfigValue | undefined;
  keys(): readonly string[];
  /** The rest of each key after `prefix.`, with its text: `containerized.master.env.` → NAME to text. */
  prefixed(prefix: string): ReadonlyMap<string, string>;
  /** A configuration with these keys set, or removed if the value is undefined. */
  with(changes: Readonly<Record<string, ConfigValue | undefined>>): FlinkConfig;
}
