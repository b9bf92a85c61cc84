import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RestWaysOptions } from '../../cluster/endpoint/rest-ways.ts';
import { misspelledKeys } from '../../config/options/did-you-mean.ts';
import { flinkConfig } from '../../config/flink-config.ts';
import { type LoadedConfig, loadFlinkConfig } from '../../config/load.ts';
import { dreyFlinkVersion, executionTarget, restUrlPrefix, sslRestEnabled } from '../../config/options/options-cluster.ts';
import {
  clientUserAgent,
  configFile,
  containerImage,
  nodePortAddressType,
  kubeContext,
  namespace as namespaceOption,
} from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { defaultFlinkVersion, flinkVersion, versionOfImage } from '../../config/options/flink-version.ts';
import { connectKubernetes } from '../../kubernetes/connect.ts';
import type { LendTerminal } from '../../kubernetes/auth/exec-plugin.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import type { ConnectionOptions } from '../command-line/connection-options.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { maskAddresses } from '../../config/secrets/redact.ts';
import type { CliIo } from '../process/io.ts';
import { openTrace, type Trace } from '../process/trace.ts';

/** The parts of a configuration that determine the route to a cluster's REST endpoint. */
export type RestOptions = Pick<RestWaysOptions, 'restAddress' | 'addressType' | 'https' | 'pathPrefix'>;

/** A connected API server, with the configuration that selected it. */
export interface Connection extends AsyncDisposable {
  readonly kubernetes: KubernetesClient;
  readonly config: FlinkConfig;
  /** The kubeconfig that was asked for; undefined: where kubectl looks. */
  readonly kubeconfig: string | undefined;
  readonly namespace: string;
  readonly rest: RestOptions;
  readonly trace: Trace | undefined;
}

/** The folder with the shipped configuration: next to `dist/` in a package, next to `src/` in a checkout. */
export function shippedConfig(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'conf', 'config.yaml')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'conf');
}

/** A configuration and its origin. */
export interface ReadConfig extends LoadedConfig {
  readonly flinkVersion: string;
  /** Without `-D`. */
  readonly fromFile: FlinkConfig;
  readonly fileHasTarget: boolean;
}

/**
 * The file, then `-D`. The Flink version: the given one, otherwise `drey.flink-version`, otherwise the tag of an official image, otherwise
 * the newest.
 */
export function loadConfig(io: Pick<CliIo, 'env' | 'cwd'>, properties: ConnectionOptions['properties'], given?: string): ReadConfig {
  const version = given ?? text(properties[dreyFlinkVersion.key]);
  const read = (wanted: string) => {
    const loaded = loadFlinkConfig({ env: io.env, cwd: io.cwd, defaultsDir: shippedConfig(), flinkVersion: wanted });
    return {
      ...loaded,
      config: loaded.config.with(properties),
      fromFile: loaded.config,
      fileHasTarget: loaded.config.has(executionTarget),
    };
  };
  if (version !== undefined) return { ...read(flinkVersion(version)), flinkVersion: flinkVersion(version) };
  const loaded = readDefault(read, versionOfImage(text(properties[containerImage.key]) ?? ''));
  const meant = loaded.config.get(dreyFlinkVersion) ?? versionOfImage(loaded.config.get(containerImage) ?? '') ?? defaultFlinkVersion;
  const known = flinkVersion(meant);
  // An older client reads another file, in which the version is not looked up again.
  return known === defaultFlinkVersion ? { ...loaded, flinkVersion: known } : { ...read(known), flinkVersion: known };
}

/** Reads like the newest version does; if its file is missing, like the older version of the configured image. */
function readDefault<T>(read: (version: string) => T, ofImage: string | undefined): T {
  try {
    return read(defaultFlinkVersion);
  } catch (error) {
    if (ofImage === undefined || ofImage === defaultFlinkVersion) throw error;
    return read(ofImage);
  }
}

/**
 * For the command lines of drey: the namespace is the given one, otherwise the configuration's, otherwise that of the kubeconfig's context.
 * A caller with `onCredentialNote` uses the terminal itself: a credential plug-in may then ask on it only while it is lent.
 */
export async function connect(
  options: ConnectionOptions,
  io: CliIo,
  onCredentialNote?: (note: string) => void,
  lendTerminal?: LendTerminal,
): Promise<Connection> {
  const { config } = loadConfig(io, options.properties, options.flinkVersion);
  const note = onCredentialNote ?? ((text: string) => io.stderr(`${text}\n`));
  for (const notice of misspelledKeys(flinkConfig(Object.entries(options.properties)))) note(notice);
  return connectWith(
    config,
    {
      ...options,
      interactive: io.isTty.stdin && onCredentialNote === undefined,
      onCredentialNote,
      lendTerminal,
    },
    io,
  );
}

export interface ConnectWithOptions extends Partial<Pick<ConnectionOptions, 'kubeconfig' | 'context' | 'namespace' | 'trace'>> {
  readonly interactive?: boolean;
  /** Called with messages of a credential plug-in, and at the end of a trace; default: stderr. */
  readonly onCredentialNote?: ((note: string) => void) | undefined;
  /** Lends the terminal to a credential plug-in that asks. */
  readonly lendTerminal?: LendTerminal | undefined;
  /** If the kubeconfig has no context `kubernetes.context`, use its current one, with a warning: Flink's client does that silently. */
  readonly anyContext?: boolean;
}

/** For any command line: `config` decides what the options leave open. */
export async function connectWith(config: FlinkConfig, options: ConnectWithOptions, io: CliIo): Promise<Connection> {
  const file = options.kubeconfig ?? config.get(configFile);
  const context = options.context ?? config.get(kubeContext);
  const note = options.onCredentialNote ?? ((text: string) => io.stderr(`${text}\n`));
  const trace = options.trace === undefined ? undefined : openTrace(options.trace, io, note);
  const open = (wanted: string | undefined) =>
    connectKubernetes({
      env: io.env,
      home: io.home,
      clock: io.clock,
      userAgent: config.get(clientUserAgent) ?? 'flink',
      interactive: options.interactive === true,
      fabric8Environment: true,
      onCredentialNote: note,
      lendTerminal: options.lendTerminal,
      kubeconfig: file,
      context: wanted,
      trace,
    });
  const kubernetes = options.anyContext === true && context !== undefined ? await inSomeContext(open, context, io) : await open(context);
  const namespace = options.namespace ?? (config.has(namespaceOption) ? config.get(namespaceOption) : undefined) ?? kubernetes.namespace;
  return {
    kubernetes,
    config,
    kubeconfig: file,
    namespace,
    rest: restOptions(config),
    trace,
    [Symbol.asyncDispose]: () => kubernetes[Symbol.asyncDispose](),
  };
}

async function inSomeContext(
  open: (context: string | undefined) => Promise<KubernetesClient>,
  context: string,
  io: CliIo,
): Promise<KubernetesClient> {
  try {
    return await open(context);
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem) || error.kind !== 'invalid') throw error;
    const kubernetes = await open(undefined);
    io.stderr(
      `Warning: ${sentence(error)} Its current context${kubernetes.context === undefined ? '' : ` ${kubernetes.context}`} (${maskAddresses(kubernetes.server)}) is used instead, as Flink's client does.\n`,
    );
    return kubernetes;
  }
}

export function restOptions(config: FlinkConfig): RestOptions {
  const addressType = config.get(nodePortAddressType);
  return {
    https: config.get(sslRestEnabled) === true,
    addressType: addressType === undefined || addressType === 'ExternalIP' ? addressType : 'InternalIP',
    pathPrefix: config.get(restUrlPrefix),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
