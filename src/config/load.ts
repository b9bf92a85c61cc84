import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isFolder } from '../support/folders.ts';
import { Problem } from '../support/problem.ts';
import { flinkConfig } from './flink-config.ts';
import { readLegacyFile } from './yaml/legacy-file.ts';
import type { ConfigValue, FlinkConfig } from './options/types.ts';
import { isAtLeast } from './options/flink-version.ts';
import { readSimpleYaml } from './yaml/simple-yaml.ts';
import { valueText } from './options/values.ts';
import { readYaml, type YamlValue } from './yaml/yaml-read.ts';
import { flowText, type Writable } from './yaml/yaml-text.ts';

export type ConfigFileName = 'config.yaml' | 'flink-conf.yaml';

export interface LoadRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The base of relative paths. */
  readonly cwd: string;
  /** A Flink distribution to use instead of the one in `FLINK_HOME`. */
  readonly home?: string;
  /** The folder with the shipped defaults, used if neither variable is set. */
  readonly defaultsDir: string;
  /** `1.18` to `2.3`; decides which file is read. */
  readonly flinkVersion: string;
}

export interface LoadedConfig {
  readonly config: FlinkConfig;
  readonly directory: string;
  readonly file: string;
  /** The format for the file of the cluster: the older one if that was read. */
  readonly format: ConfigFileName;
  /** What was found and ignored, one sentence each. */
  readonly notices: readonly string[];
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** Source: `CliFrontend.getConfigurationDirectoryFromEnv`, Flink 2.3, which has no defaults of its own. */
function configDirectory(request: LoadRequest): { readonly directory: string; readonly own: boolean } {
  const named = request.env.FLINK_CONF_DIR;
  if (named !== undefined && named !== '') {
    const directory = resolve(request.cwd, named);
    if (isFolder(directory)) return { directory, own: false };
    throw new Problem(
      'invalid',
      `The configuration directory '${named}', specified in the 'FLINK_CONF_DIR' environment variable, does not exist.`,
      {
        hint: 'Set FLINK_CONF_DIR to a folder with a config.yaml, or unset it.',
      },
    );
  }
  const home = request.home ?? request.env.FLINK_HOME;
  if (home === undefined || home === '') return { directory: request.defaultsDir, own: true };
  const directory = join(resolve(request.cwd, home), 'conf');
  if (isFolder(directory)) return { directory, own: false };
  throw new Problem('invalid', `The configuration directory '${directory}' of the Flink distribution in '${home}' does not exist.`, {
    hint: 'Set FLINK_HOME to a Flink distribution, or unset it to use the shipped defaults.',
  });
}

function chooseFile(
  directory: string,
  own: boolean,
  flinkVersion: string,
): { readonly name: ConfigFileName; readonly format: ConfigFileName } {
  const legacyOnly = !isAtLeast(flinkVersion, '1.19');
  if (own) return { name: 'config.yaml', format: legacyOnly ? 'flink-conf.yaml' : 'config.yaml' };
  if (legacyOnly) return { name: 'flink-conf.yaml', format: 'flink-conf.yaml' };
  if (!isAtLeast(flinkVersion, '2.0') && isFile(join(directory, 'flink-conf.yaml')))
    return { name: 'flink-conf.yaml', format: 'flink-conf.yaml' };
  return { name: 'config.yaml', format: 'config.yaml' };
}

function missing(directory: string, name: ConfigFileName, flinkVersion: string): Problem {
  const other = name === 'config.yaml' ? 'flink-conf.yaml' : 'config.yaml';
  const hint = isFile(join(directory, other))
    ? `There is a ${other}, which Flink ${flinkVersion} does not read.`
    : 'Create it (an empty file is enough), or name another folder in FLINK_CONF_DIR.';
  return new Problem('invalid', `The Flink config file '${join(directory, name)}' does not exist.`, { hint });
}

/**
 * Nested maps become dotted keys; a list becomes its text. The later of two equal keys wins. Source: `GlobalConfiguration.flatten`, Flink
 * 2.3.
 */
function flatten(map: ReadonlyMap<unknown, YamlValue>, prefix: string, into: Map<string, ConfigValue>): void {
  for (const [given, value] of map) {
    const key = given === null ? 'null' : given;
    if (typeof key !== 'string')
      throw new Problem('invalid', `The key ${prefix}${flowText(key as Writable)} is not text; put it in quotes.`);
    const name = prefix + key;
    if (value === null)
      throw new Problem('invalid', `The key ${name} has no value.`, {
        hint: "Give it one or remove the line; an empty text is written ''.",
      });
    if (value instanceof Map) flatten(value, `${name}.`, into);
    else into.set(name, Array.isArray(value) ? flowText(value as Writable) : (value as ConfigValue));
  }
}

/** The entries of a `config.yaml`. Throws a `Problem` of kind `invalid` whose message does not name the file. */
export function readConfigYaml(text: string): ReadonlyMap<string, ConfigValue> {
  const root = readSimpleYaml(text) ?? readYaml(text);
  const entries = new Map<string, ConfigValue>();
  if (root === null) return entries;
  if (!(root instanceof Map))
    throw new Problem('invalid', `It is ${Array.isArray(root) ? 'a list' : 'a single value'} and should be a map of keys to values.`);
  flatten(root, '', entries);
  return entries;
}

/**
 * The configuration in the folder of `FLINK_CONF_DIR`, otherwise in `FLINK_HOME/conf`, otherwise the shipped one. Throws a `Problem` of
 * kind `invalid` that names the file.
 */
export function loadFlinkConfig(request: LoadRequest): LoadedConfig {
  const { directory, own } = configDirectory(request);
  const { name, format } = chooseFile(directory, own, request.flinkVersion);
  const file = join(directory, name);
  if (!isFile(file)) throw missing(directory, name, request.flinkVersion);
  const text = readFileSync(file, 'utf8');
  if (name === 'flink-conf.yaml') {
    const { entries, notices } = readLegacyFile(text);
    return { config: flinkConfig(entries, 'legacy'), directory, file, format, notices: notices.map((notice) => `${file}: ${notice}`) };
  }
  try {
    const entries = readConfigYaml(text);
    const config =
      format === 'config.yaml'
        ? flinkConfig(entries)
        : flinkConfig(
            [...entries].map(([key, value]) => [key, valueText(value)] as const),
            'legacy',
          );
    return { config, directory, file, format, notices: [] };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('invalid', `The Flink config file '${file}' cannot be read: ${error.message}`, {
      cause: error,
      hint: error.hint,
    });
  }
}
