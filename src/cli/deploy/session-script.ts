import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { readDynamicProperty } from '../../config/dynamic-properties.ts';
import { hashMapOrder } from '../../config/java/java-hash-order.ts';
import { executionAttached, executionTarget, internalConfigDir } from '../../config/options/options-cluster.ts';
import { kubeContext, restServiceExposedType } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { valueText } from '../../config/options/values.ts';
import type { ClusterManifests } from '../../cluster/manifests/types.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { maskValue } from '../../config/secrets/redact.ts';
import { build, createdLine, endpointOf, lookUp, retrievedLine, send, targetOf, withClusterId } from './deployment.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { connectWith, loadConfig, type ReadConfig } from '../wiring/services.ts';

/** The request for an attached session, with the settings that lead to this cluster. */
export interface AttachRequest {
  readonly clusterId: string;
  readonly namespace: string;
  /** `-D`. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface SessionScriptServices {
  /** Attaches until the user leaves; resolves with the exit code. */
  attach(request: AttachRequest, io: CliIo): Promise<number>;
}

interface CommandLine {
  readonly properties: Readonly<Record<string, string>>;
  readonly help: boolean;
  readonly accepted: boolean;
}

const help = `Usage: kubernetes-session.sh [-Dkey=value ...] [--yes]

Deploys a Flink session cluster on Kubernetes, or finds the one that has the id.

  -D key=value        a Flink option; repeatable
  -t, --target NAME   accepted, as scripts give it; the target is always kubernetes-session
  -e, --executor NAME the older name of -t
      --yes           deploy although strangers may reach the REST endpoint (LoadBalancer, NodePort on an external address)
  -h, --help          print this help

Often needed:
  -Dkubernetes.cluster-id=ID          name of the cluster; random when absent
  -Dkubernetes.namespace=NAME         default: default
  -Dkubernetes.container.image.ref=IMAGE
  -Dexecution.attached=true           stay with the cluster: stop deletes it, quit leaves it

The configuration is read from FLINK_CONF_DIR, else from FLINK_HOME/conf, else the defaults of drey are used.
Exit codes: 0 done, 1 failed, 2 the command line is wrong, 130 interrupted.
`;

/**
 * `bin/kubernetes-session.sh`: its standard output and its exit code are those that scripts for Flink's own one rely on. Rejects with a
 * `Problem`.
 */
export async function runSessionScript(argv: readonly string[], io: CliIo, services: SessionScriptServices): Promise<number> {
  let line: CommandLine;
  try {
    line = parse(argv);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'invalid') throw error;
    // Flink's script exits with 1 if an argument is missing.
    io.stderr(`${sentence(error)}\n\nUse the help option (-h or --help) to get help on the command.\n`);
    return exitCodes.failed;
  }
  if (line.help) {
    io.stdout(help);
    return exitCodes.ok;
  }
  const loaded = loadConfig(io, line.properties);
  if (!io.isTty.stdout) for (const key of hashMapOrder(loaded.fromFile.keys())) io.stdout(`${loadingLine(key, loaded.fromFile)}\n`);
  const config = withClusterId(
    loaded.config.with({ [internalConfigDir.key]: loaded.directory, [executionTarget.key]: 'kubernetes-session' }),
  );
  const { clusterId, namespace } = targetOf(config);
  for (const notice of loaded.notices) io.stderr(`${notice}\n`);
  let context: string | undefined;
  {
    await using connection = await connectWith(config, { namespace, interactive: io.isTty.stdin, anyContext: true }, io);
    context = connection.kubernetes.context;
    const planned = plan(config, loaded, io);
    if (await exists(connection, { clusterId, namespace }, planned, io)) {
      const endpoint = await endpointOf(connection, clusterId, io);
      await mustResolve(config, endpoint.host);
      io.stdout(`${retrievedLine(clusterId, endpoint.url)}\n`);
    } else {
      if (planned instanceof Problem) throw planned;
      await send(planned, connection, { accepted: line.accepted, io });
      const endpoint = await endpointOf(connection, clusterId, io);
      io.stdout(`${createdLine('session', clusterId, endpoint.url)}\n`);
    }
  }
  if (config.get(executionAttached) !== true) return exitCodes.ok;
  return services.attach(
    { clusterId, namespace, properties: { ...line.properties, ...(context === undefined ? {} : { [kubeContext.key]: context }) } },
    io,
  );
}

/**
 * An option from the file, as Flink's script logs it, so that the log of a build server shows the configuration of a cluster. Source:
 * `GlobalConfiguration`, Flink 2.3.
 */
const loadingLine = (key: string, config: FlinkConfig): string =>
  `Loading configuration property: ${key}, ${maskValue(key, valueText(config.raw(key) ?? ''))}`;

/** Built before the first request, to find out early what cannot be deployed. It is not needed for a cluster that already exists. */
function plan(config: FlinkConfig, loaded: ReadConfig, io: CliIo): ClusterManifests | Problem {
  try {
    return build(config, 'session', loaded, io);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

async function exists(
  connection: Parameters<typeof lookUp>[0],
  target: Parameters<typeof lookUp>[1],
  planned: ClusterManifests | Problem,
  io: CliIo,
): Promise<boolean> {
  try {
    return (await lookUp(connection, target, io)) !== undefined;
  } catch (error) {
    // If both failed, the error that needs no server comes first.
    throw planned instanceof Problem && !isAbort(error) ? planned : error;
  }
}

/**
 * This machine must be able to resolve the name of an address outside the cluster. Source:
 * `HighAvailabilityServicesUtils.getWebMonitorAddress`, Flink 2.3.
 */
async function mustResolve(config: FlinkConfig, host: string | undefined): Promise<void> {
  const configured = config.get(restServiceExposedType);
  if (host === undefined || isIP(host) !== 0 || configured === 'ClusterIP' || configured === 'Headless_ClusterIP') return;
  try {
    await lookup(host);
  } catch (error) {
    throw new Problem('unreachable', `The name of the REST endpoint, ${host}, is not known on this machine.`, {
      hint: 'The load balancer may need a moment until its name is announced.',
      cause: error,
    });
  }
}

/** Parses options like Flink's parser; refuses what that silently ignores (and then deploys). */
function parse(argv: readonly string[]): CommandLine {
  const properties: Record<string, string> = {};
  let accepted = false;
  for (let at = 0; at < argv.length;) {
    const word = argv[at] ?? '';
    if (word === '-h' || word === '--help') return { properties, help: true, accepted };
    const property = dynamicProperty(argv, at);
    if (property !== undefined) {
      properties[property.key] = property.value;
      at = property.next;
    } else if (word === '--yes') {
      accepted = true;
      at += 1;
    } else at = afterTarget(argv, at);
  }
  return { properties, help: false, accepted };
}

function dynamicProperty(argv: readonly string[], at: number): ReturnType<typeof readDynamicProperty> {
  try {
    return readDynamicProperty(argv, at, isOption);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem('invalid', error.message, { cause: error, hint: error.hint });
  }
}

const longNames = ['target', 'executor'];

/** A long name or its beginning, after one hyphen or two. */
const isLong = (name: string): boolean => name !== '' && longNames.some((long) => long.startsWith(name));

/**
 * A word that Flink's parser takes for an option rather than for the value of the previous one. Source: `DefaultParser.isOption`,
 * commons-cli 1.5.
 */
const isOption = (word: string): boolean => /^-[Dte]/.test(word) || isLong(/^--?([^=]*)/.exec(word)?.[1] ?? '');

/** `-t NAME`, `-tNAME`, `--target NAME`, `--target=NAME`, and the same for `-e`: returns the index after it. */
function afterTarget(argv: readonly string[], at: number): number {
  const word = argv[at] ?? '';
  const [, name = '', value] = /^--?([^=]*)(=.*)?$/s.exec(word) ?? [];
  if (value === undefined && isLong(name)) {
    const next = argv[at + 1];
    if (next === undefined || isOption(next)) throw new Problem('invalid', `Missing argument for option: ${name.charAt(0)}`);
    return at + 2;
  }
  if (isLong(name) || /^-[te][^-]/.test(word)) return at + 1;
  throw new Problem('usage', `kubernetes-session.sh does not know ${word}; nothing was deployed.`, {
    hint: word.startsWith('-')
      ? 'kubernetes-session.sh --help shows the options.'
      : 'Options begin with -D, as in -Dkubernetes.cluster-id=ID.',
  });
}
