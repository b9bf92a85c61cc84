import { getCluster } from '../../cluster/find-clusters.ts';
import { keptByHighAvailability } from '../../cluster/deploy/kept.ts';
import { killCluster } from '../../cluster/deploy/kill.ts';
import { namespace as namespaceOption } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { Problem } from '../../support/problem.ts';
import { isSensitiveKey, mask } from '../../config/secrets/redact.ts';
import { ask, canAsk } from '../process/ask.ts';
import { planApplication, sendApplication } from './deploy-application.ts';
import { configured, within } from './deploy-configuration.ts';
import type { DeployInvocation } from '../command-line/deploy-invocation.ts';
import { build, createdLine, endpointOf, lookUp, type Mode, send, targetOf } from './deployment.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { maskedObject, printedObjects } from './print-objects.ts';
import { connectWith } from '../wiring/services.ts';
import { waitForCluster } from './wait-for-cluster.ts';

type Of<K extends DeployInvocation['kind']> = Extract<DeployInvocation, { readonly kind: K }>;

/** `drey deploy|kill|diff|doctor`. Resolves with the exit code; rejects with a `Problem`. */
export async function runDeployCommand(invocation: DeployInvocation, io: CliIo): Promise<number> {
  switch (invocation.kind) {
    case 'deploy':
      return invocation.dryRun === undefined ? deploy(invocation, io) : dryRun(invocation, io);
    case 'kill':
      return kill(invocation, io);
    case 'diff':
      return (await import('./diff-command.ts')).diff(invocation, io);
    case 'doctor':
      return (await import('./doctor-command.ts')).doctor(invocation, io);
  }
}

async function deploy(invocation: Of<'deploy'>, io: CliIo): Promise<number> {
  const { loaded, config: asked } = configured(invocation, io);
  await using connection = await connectWith(asked, { ...invocation.connection, interactive: io.isTty.stdin }, io);
  const config = within(asked, connection.namespace);
  const { accepted, program } = invocation;
  const mode: Mode = program === undefined ? 'session' : 'application';
  const target = targetOf(config);
  if (program === undefined) {
    const manifests = build(config, 'session', loaded, io);
    if ((await lookUp(connection, target, io)) !== undefined) throw alreadyThere(target);
    await send(manifests, connection, { accepted, io });
  } else await sendApplication(planApplication(config, program, loaded, io), connection, { accepted, io });
  const { url } = await endpointOf(connection, target.clusterId, io);
  io.stdout(`${createdLine(mode, target.clusterId, url)}\n`);
  if (invocation.waitMs !== undefined) await waitForCluster(connection, target.clusterId, invocation.waitMs, io);
  return exitCodes.ok;
}

const alreadyThere = ({ clusterId, namespace }: { readonly clusterId: string; readonly namespace: string }): Problem =>
  new Problem('conflict', `The Flink cluster ${clusterId} already exists.`, {
    hint: `drey attach ${clusterId} -n ${namespace} attaches to it, drey diff ${clusterId} -n ${namespace} shows what is different.`,
  });

/** Prints the objects that would be sent. Complete into a file or a pipe; on a terminal, where others may be watching, without secrets. */
async function dryRun(invocation: Of<'deploy'>, io: CliIo): Promise<number> {
  const { loaded, config: asked } = configured(invocation, io);
  const config = within(asked, await namespaceWithoutServer(asked, invocation, io));
  const hide = io.isTty.stdout;
  const shown = hide ? masked(config) : config;
  const make = (from: FlinkConfig) =>
    invocation.program === undefined ? build(from, 'session', loaded, io) : planApplication(from, invocation.program, loaded, io).manifests;
  const manifests = make(shown);
  for (const notice of manifests.notices) io.stderr(`${notice}\n`);
  const objects = [manifests.deployment, ...manifests.owned.map(({ body }) => body)];
  io.stdout(await printedObjects(hide ? objects.map(maskedObject) : objects, invocation.dryRun ?? 'yaml'));
  if (hide) io.stderr('Secrets are masked on a terminal; into a file or a pipe the output is complete.\n');
  io.stderr(
    `For: kubectl apply -n ${manifests.namespace} -f FILE. Deployed by drey, all objects but the Deployment are owned by it, and go when it goes.\n`,
  );
  return exitCodes.ok;
}

/** Masks the values of keys that look secret; the keys remain visible. */
function masked(config: FlinkConfig): FlinkConfig {
  return config.with(
    Object.fromEntries(
      config
        .keys()
        .filter(isSensitiveKey)
        .map((key) => [key, mask]),
    ),
  );
}

/** Printing needs no server: without a kubeconfig the namespace is Flink's default. */
async function namespaceWithoutServer(config: FlinkConfig, { connection }: Of<'deploy'>, io: CliIo): Promise<string> {
  if (connection.namespace !== undefined) return connection.namespace;
  try {
    await using opened = await connectWith(config, { ...connection, interactive: false }, io);
    return opened.namespace;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return config.get(namespaceOption) ?? 'default';
  }
}

async function kill({ clusterId, accepted, connection: options }: Of<'kill'>, io: CliIo): Promise<number> {
  if (!accepted && !canAsk(io))
    throw new Problem('usage', `Nothing was deleted: without a terminal nobody can be asked whether ${clusterId} is meant.`, {
      hint: 'Add --yes to delete it.',
    });
  const { config } = configured({ clusterId, program: undefined, connection: options }, io);
  await using connection = await connectWith(config, { ...options, interactive: io.isTty.stdin }, io);
  const { namespace, kubernetes } = connection;
  const { uid, kind } = await getCluster(kubernetes, clusterId, namespace, io.signal);
  if (!accepted) {
    const where = `in namespace ${namespace}${kubernetes.context === undefined ? '' : ` (context ${kubernetes.context})`}`;
    const answer = await ask(
      `Delete ${kind === 'unknown' ? '' : `${kind} `}cluster ${clusterId} ${where}? Its jobs end, and what they did since their last checkpoint is lost. [y/N] `,
      io,
    );
    if (!/^y(es)?$/i.test(answer?.trim() ?? '')) {
      io.stderr('Nothing was deleted.\n');
      return io.signal.aborted ? exitCodes.interrupted : exitCodes.failed;
    }
  }
  await killCluster(kubernetes, { clusterId, namespace, uid }, io.signal);
  io.stdout(`Cluster ${clusterId} in namespace ${namespace} is being deleted.\n`);
  const kept = await keptByHighAvailability(kubernetes, { clusterId, namespace }, io.signal);
  if (kept.length > 0) {
    io.stderr(
      `High availability keeps ${kept.join(', ')}, so that a new cluster of this id continues where this one ended. To remove them: kubectl delete configmap ${kept.join(' ')} -n ${namespace}\n`,
    );
  }
  return exitCodes.ok;
}
