import { planUploads } from '../../cluster/artifacts/plan.ts';
import { diffCluster, type FieldChange, type ObjectChange } from '../../cluster/diff/diff.ts';
import { getCluster } from '../../cluster/find-clusters.ts';
import { readConfigYaml } from '../../config/load.ts';
import { executionTarget } from '../../config/options/options-cluster.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { CONFIG_MAPS } from '../../kubernetes/model/resources.ts';
import { names } from '../../native/names.ts';
import type { ConfigMapObject } from '../../native/objects.ts';
import { harmlessRow } from '../../support/foreign-text.ts';
import { configured, within } from './deploy-configuration.ts';
import type { DeployInvocation } from '../command-line/deploy-invocation.ts';
import { build, type Mode } from './deployment.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { type Connection, connectWith } from '../wiring/services.ts';

/**
 * Keys that the command line of an application put into its configuration: a redeploy of the same program would set them again. `-p` wins
 * over the file.
 */
const programKeys =
  /^(\$internal\.application\.|parallelism\.default$|pipeline\.(jars|classpaths)$|python\.|execution\.(attached|shutdown-on-attached-exit|state-recovery\.|savepoint))/;

/** `drey diff CLUSTER`: one line per field; exit code 0 whether or not something would change. */
export async function diff(invocation: Extract<DeployInvocation, { readonly kind: 'diff' }>, io: CliIo): Promise<number> {
  const { clusterId } = invocation;
  const { loaded, config: asked } = configured({ clusterId, program: undefined, connection: invocation.connection }, io);
  await using connection = await connectWith(asked, { ...invocation.connection, interactive: io.isTty.stdin }, io);
  const { kubernetes, namespace } = connection;
  const found = await getCluster(kubernetes, clusterId, namespace, io.signal);
  const mode: Mode = found.kind === 'application' ? 'application' : 'session';
  const config = within(asked, namespace);
  const wanted = mode === 'application' ? await withProgram(config, invocation, connection, io.signal) : config;
  const manifests = build(wanted, mode, loaded, io);
  const changes = await diffCluster(kubernetes, manifests, io.signal);
  io.stdout(
    changes.every(({ kind }) => kind === 'same')
      ? `A redeploy of ${clusterId} would change nothing.\n`
      : changes
          .flatMap(linesOf)
          .map((line) => `${harmlessRow(line)}\n`)
          .join(''),
  );
  return exitCodes.ok;
}

/** With the program that is running, and with its artifacts where an upload would put them. */
async function withProgram(
  config: FlinkConfig,
  { clusterId, connection: { properties } }: Pick<Extract<DeployInvocation, { readonly kind: 'diff' }>, 'clusterId' | 'connection'>,
  { kubernetes, namespace }: Connection,
  signal: AbortSignal,
): Promise<FlinkConfig> {
  const map = await kubernetes.get<ConfigMapObject>({ resource: CONFIG_MAPS, namespace, name: names.configMap(clusterId) }, { signal });
  const live = readConfigYaml(map.data?.['config.yaml'] ?? '');
  const program = [...live].filter(([key]) => programKeys.test(key) && properties[key] === undefined);
  const wanted = config.with({ ...Object.fromEntries(program), [executionTarget.key]: 'kubernetes-application' });
  return planUploads(wanted)?.config ?? wanted;
}

function linesOf({ what, kind, fields }: ObjectChange): readonly string[] {
  switch (kind) {
    case 'same':
      return [];
    case 'created':
      return [`+ ${what}`];
    case 'removed':
      return [`- ${what} (is no longer made, but stays until the cluster goes)`];
    case 'changed':
      return [`~ ${what}`, ...fields.map(lineOf)];
  }
}

function lineOf({ path, live, wanted }: FieldChange): string {
  if (live === undefined) return `    + ${path}: ${wanted}`;
  if (wanted === undefined) return `    - ${path}: ${live}`;
  return `    ~ ${path}: ${live} -> ${wanted}`;
}
