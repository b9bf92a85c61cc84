import { randomBytes } from 'node:crypto';
import { deployCluster, type DeployStep } from '../../cluster/deploy/deploy.ts';
import { buildCluster } from '../../cluster/manifests/build.ts';
import { checkClientOptions } from '../../cluster/manifests/checks.ts';
import type { ClusterManifests } from '../../cluster/manifests/types.ts';
import { fetchRestEndpoint, fetchRestService, listNodes, type RestEndpoint } from '../../cluster/endpoint/rest-endpoint.ts';
import { defaultRetries, type RetryPolicy, retrying } from '../../cluster/model/retry.ts';
import {
  clusterId as clusterIdOption,
  namespace as namespaceOption,
  restServiceExposedType,
} from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { names } from '../../native/names.ts';
import type { ServiceObject } from '../../native/objects.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import { canAsk } from '../process/ask.ts';
import type { CliIo } from '../process/io.ts';
import { isFolder } from '../../support/folders.ts';
import { readFile } from '../process/read-file.ts';
import type { Connection, ReadConfig } from '../wiring/services.ts';

export type Mode = 'session' | 'application';

/**
 * With a cluster id: the configured one, otherwise `flink-cluster-` and random hex, 45 characters. Source:
 * `KubernetesClusterClientFactory`, Flink 2.3.
 */
export function withClusterId(config: FlinkConfig): FlinkConfig {
  if (config.has(clusterIdOption)) return config;
  return config.with({ [clusterIdOption.key]: `flink-cluster-${randomBytes(16).toString('hex')}`.slice(0, 45) });
}

/** Id and namespace, before any request. Throws a `Problem` if one is blank, or if no client can be created with the configuration. */
export function targetOf(config: FlinkConfig): { readonly clusterId: string; readonly namespace: string } {
  const clusterId = config.get(clusterIdOption) ?? '';
  const namespace = config.get(namespaceOption) ?? '';
  if (clusterId.trim() === '')
    throw new Problem('invalid', 'kubernetes.cluster-id must not be blank.', {
      hint: 'Set it to a name, or leave it out to get a generated one.',
    });
  if (namespace.trim() === '') throw new Problem('invalid', 'kubernetes.namespace must not be blank.');
  checkClientOptions(config);
  return { clusterId, namespace };
}

/** All objects of the cluster. Sends nothing; throws a `Problem` if they cannot be deployed. */
export function build(
  config: FlinkConfig,
  mode: Mode,
  { flinkVersion, format }: Pick<ReadConfig, 'flinkVersion' | 'format'>,
  io: Pick<CliIo, 'env' | 'cwd'>,
): ClusterManifests {
  return buildCluster({ config, mode, flinkVersion, format, env: io.env, cwd: io.cwd, readFile, isFolder });
}

/** The REST Service of a cluster, by which Flink decides whether it exists; undefined if there is none. */
export function lookUp(
  { kubernetes }: Connection,
  target: { readonly clusterId: string; readonly namespace: string },
  io: CliIo,
): Promise<ServiceObject | undefined> {
  return retrying(() => fetchRestService(kubernetes, target, io.signal), {
    clock: io.clock,
    policy: retryPolicy(io.env),
    signal: io.signal,
    waiting: (problem, waitMs) => io.stderr(`${sentence(problem)} ${again(waitMs)}\n`),
  });
}

/**
 * Sends the objects, and reports trouble on stderr. Rejects like `deployCluster`. `accepted` is `--yes`; without it, a terminal asks
 * whether a cluster that is reachable from outside is intended.
 */
export async function send(
  manifests: ClusterManifests,
  connection: Connection,
  { accepted, io }: { readonly accepted: boolean; readonly io: CliIo },
): Promise<{ readonly uid: string }> {
  for (const notice of manifests.notices) io.stderr(`${notice}\n`);
  const risk = await exposure(manifests.effectiveConfig, connection, io.signal);
  if (risk !== undefined) {
    io.stderr(`${risk}\n`);
    if (canAsk(io) && !accepted) throw new Problem('usage', 'Nothing was deployed.', { hint: 'Add --yes to deploy it all the same.' });
  }
  try {
    return await deployCluster(manifests, {
      kubernetes: connection.kubernetes,
      clock: io.clock,
      signal: io.signal,
      retries: retryPolicy(io.env),
      report: (step) => {
        const words = wordsOf(step);
        if (words !== undefined) io.stderr(`${words}\n`);
      },
    });
  } catch (error) {
    if (isAbort(error)) io.stderr(`Interrupted. ${sentence(error)}\n`);
    throw error;
  }
}

/** The normal steps are not worth a message; retries and replacements are. */
function wordsOf(step: DeployStep): string | undefined {
  if (step.kind === 'retrying') return `${step.what}: ${sentence(step.problem)} ${again(step.waitMs)}`;
  return step.kind === 'replaced' ? `${step.what} was there already and was replaced.` : undefined;
}

const again = (waitMs: number): string => `Trying again in ${(waitMs / 1000).toFixed(1)} s.`;

/** Anyone who reaches a Flink REST endpoint can run code through it: warn before it is exposed to strangers. */
async function exposure(config: FlinkConfig, { kubernetes }: Connection, signal: AbortSignal): Promise<string | undefined> {
  const type = config.get(restServiceExposedType);
  const warning = (how: string) => `Warning: ${how}. Anyone who reaches that address can run code in the cluster.`;
  if (type === 'LoadBalancer') return warning('LoadBalancer gives the REST endpoint an address outside the Kubernetes cluster');
  if (type !== 'NodePort') return undefined;
  const nodes = await listNodes(kubernetes, signal);
  const external =
    nodes instanceof Problem
      ? undefined
      : nodes.find((node) => node.status?.addresses?.some((each) => each.type === 'ExternalIP' && each.address !== ''));
  return external === undefined
    ? undefined
    : warning(`NodePort opens the REST endpoint on node ${external.metadata?.name}, which has an external address`);
}

/**
 * The address as computed by Flink. There is always a URL: without a better one, the address inside the cluster, with a warning on stderr.
 */
export async function endpointOf(
  { kubernetes, namespace, rest }: Connection,
  clusterId: string,
  io: CliIo,
): Promise<RestEndpoint & { readonly url: string }> {
  const endpoint = await fetchRestEndpoint(kubernetes, { clusterId, namespace }, rest, io.signal);
  for (const warning of endpoint.warnings) io.stderr(`${warning}\n`);
  if (endpoint.url !== undefined) return { ...endpoint, url: endpoint.url };
  io.stderr('The address below is the one inside the cluster.\n');
  return { ...endpoint, url: `${rest.https === true ? 'https' : 'http'}://${names.restService(clusterId)}.${namespace}:${endpoint.port}` };
}

/** The line that scripts wait for. Source: `KubernetesClusterDescriptor`, Flink 2.3. */
export const createdLine = (mode: Mode, clusterId: string, url: string): string =>
  `Create flink ${mode} cluster ${clusterId} successfully, JobManager Web Interface: ${url}`;

/** Like `createdLine`, for a cluster that already existed. */
export const retrievedLine = (clusterId: string, url: string): string =>
  `Retrieve flink cluster ${clusterId} successfully, JobManager Web Interface: ${url}`;

/** How often to repeat failed requests. Source: `Config`, Fabric8 7.3. */
export function retryPolicy(env: CliIo['env']): RetryPolicy {
  const number = (name: string, otherwise: number) => (/^\d{1,7}$/.test(env[name] ?? '') ? Number(env[name]) : otherwise);
  return {
    limit: number('KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT', defaultRetries.limit),
    intervalMs: number('KUBERNETES_REQUEST_RETRY_BACKOFFINTERVAL', defaultRetries.intervalMs),
  };
}
