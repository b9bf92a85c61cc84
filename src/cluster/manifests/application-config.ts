import { isAbsolute } from 'node:path';
import * as cluster from '../../config/options/options-cluster.ts';
import type { ConfigValue, FlinkConfig } from '../../config/options/types.ts';
import { isAtLeast } from '../../config/options/flink-version.ts';
import { Problem } from '../../support/problem.ts';

/** The program of an application, as given on a command line. Paths and URLs as they were typed. */
export interface ProgramOptions {
  readonly jar: string | undefined;
  readonly entryClass: string | undefined;
  readonly arguments: readonly string[];
  readonly classpaths: readonly string[];
  readonly parallelism: number | undefined;
  readonly detached: boolean;
  readonly shutdownOnAttachedExit: boolean;
  readonly savepoint: {
    readonly path: string | undefined;
    readonly allowNonRestoredState: boolean;
    readonly claimMode: ClaimMode | undefined;
  };
  /** Undefined: not a Python program. */
  readonly python: PythonOptions | undefined;
}

export type ClaimMode = 'CLAIM' | 'NO_CLAIM' | 'LEGACY';

export interface PythonOptions {
  readonly file: string | undefined;
  readonly module: string | undefined;
  readonly files: string | undefined;
  readonly archives: string | undefined;
  readonly requirements: string | undefined;
  readonly executable: string | undefined;
  readonly clientExecutable: string | undefined;
  readonly pythonPath: string | undefined;
}

const pythonDriver = 'org.apache.flink.client.python.PythonDriver';

const hasScheme = (text: string): boolean => /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text);

/** Characters that a URI may not contain. Letters of other alphabets are not among them: Java accepts those. */
const notInUri = /[\s"<>\\^`{|}[\]]|%(?![0-9a-fA-F]{2})/;

/**
 * A jar as a URI: unchanged if it has a scheme, otherwise an absolute `file:` URI. Source: `PackagedProgramUtils.resolveURI`, Flink 2.3.
 */
function jarUri(jar: string, cwd: string): string {
  const [illegal] = notInUri.exec(jar) ?? [];
  if (illegal !== undefined)
    throw new Problem('usage', `The jar '${jar}' is not a URI: '${illegal}' is not allowed in one.`, {
      hint: 'Rename the file, or give it as a URI, with %20 for a space.',
    });
  if (/^[^/]+:(?:\/\/)?$/.test(jar)) throw new Problem('usage', `The jar '${jar}' is not a URI: nothing follows its scheme.`);
  if (hasScheme(jar)) return jar;
  const [scheme] = /^[^/?#:]*(?=:)/.exec(jar) ?? [];
  if (scheme !== undefined)
    throw new Problem('usage', `The jar '${jar}' is not a URI: '${scheme}' is not a scheme.`, {
      hint: 'Put ./ before the name of a file with a colon in it.',
    });
  const path = (isAbsolute(jar) ? jar : `${cwd}/${jar}`).replace(/\/+/g, '/');
  return `file:${path.replace(/[%#?]/g, (character) => encodeURIComponent(character))}`;
}

/** Java supports these without a library. */
const urlSchemes = ['file', 'http', 'https', 'ftp', 'jar'];

/** A URL as Java prints it: the scheme in lower case, and no empty host. */
function classpathUrl(text: string): string {
  const [, scheme = '', rest = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/s.exec(text.trim()) ?? [];
  if (!urlSchemes.includes(scheme.toLowerCase()))
    throw new Problem('usage', `Bad syntax for classpath: ${text}.`, {
      hint: 'Give a URL with file, http or https, like file:///opt/flink/usrlib/a.jar.',
    });
  return `${scheme.toLowerCase()}:${scheme.toLowerCase() === 'file' ? rest.replace(/^\/\/\//, '/') : rest}`;
}

function savepointKeys(flinkVersion: string): { readonly path: string; readonly ignore: string; readonly mode: string } {
  if (isAtLeast(flinkVersion, '1.20'))
    return { path: cluster.savepointPath.key, ignore: cluster.ignoreUnclaimedState.key, mode: cluster.claimMode.key };
  return {
    path: 'execution.savepoint.path',
    ignore: 'execution.savepoint.ignore-unclaimed-state',
    mode: 'execution.savepoint-restore-mode',
  };
}

function pythonSettings(python: PythonOptions): Record<string, ConfigValue | undefined> {
  return {
    'python.files': python.files,
    'python.archives': python.archives,
    'python.requirements': python.requirements,
    'python.executable': python.executable,
    'python.client.executable': python.clientExecutable,
    'python.pythonpath': python.pythonPath,
  };
}

function pythonArguments(python: PythonOptions): readonly string[] {
  return [
    ...(python.file === undefined ? [] : ['--python', python.file]),
    ...(python.module === undefined ? [] : ['--pyModule', python.module]),
  ];
}

const given = (settings: Readonly<Record<string, ConfigValue | undefined>>): Record<string, ConfigValue> =>
  Object.fromEntries(Object.entries(settings).filter((entry): entry is [string, ConfigValue] => entry[1] !== undefined));

/**
 * A configuration with the command line of an application, which overrides `-D`. Throws a `Problem` of kind `usage`. Source:
 * `ExecutionConfigAccessor.fromProgramOptions` and `ApplicationConfiguration.applyToConfiguration`, Flink 2.3.
 */
export function applicationConfig(
  config: FlinkConfig,
  program: ProgramOptions,
  where: { readonly cwd: string; readonly flinkVersion: string },
): FlinkConfig {
  const { python } = program;
  if (program.jar === undefined && python === undefined)
    throw new Problem('usage', 'Java program should be specified a JAR file.', {
      hint: 'Give the jar as the last word before the arguments of the program.',
    });
  const savepoint = savepointKeys(where.flinkVersion);
  const programArguments = [...(python === undefined ? [] : pythonArguments(python)), ...program.arguments];
  const restored = program.savepoint.path !== undefined;
  // Source: `ConfigUtils.encodeCollectionToConfig`, which sets empty lists up to Flink 1.20, as recorded.
  const listed = (values: readonly string[]) => (values.length === 0 && isAtLeast(where.flinkVersion, '2.0') ? undefined : values);
  const mainClass = program.entryClass ?? (python === undefined ? undefined : pythonDriver);
  return config.with({
    [cluster.executionAttached.key]: !program.detached,
    [cluster.shutdownOnAttachedExit.key]: program.shutdownOnAttachedExit,
    // Without a savepoint, its options are ignored. Source: `CliFrontendParser.createSavepointRestoreSettings`, Flink 2.3.
    [savepoint.ignore]: restored && program.savepoint.allowNonRestoredState,
    [savepoint.mode]: (restored ? program.savepoint.claimMode : undefined) ?? 'NO_CLAIM',
    ...given({
      [savepoint.path]: program.savepoint.path,
      [cluster.parallelism.key]: program.parallelism,
      [cluster.pipelineClasspaths.key]: listed(program.classpaths.map(classpathUrl)),
      [cluster.pipelineJars.key]: program.jar === undefined || python !== undefined ? undefined : [jarUri(program.jar, where.cwd)],
      [cluster.applicationArguments.key]: listed(programArguments),
      [cluster.applicationMainClass.key]: mainClass,
      ...(python === undefined ? {} : pythonSettings(python)),
    }),
  });
}
