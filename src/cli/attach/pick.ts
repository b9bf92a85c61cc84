import { findClusters } from '../../cluster/find-clusters.ts';
import { unreadableSentence } from '../../session/job-words.ts';
import { Problem, withHint } from '../../support/problem.ts';
import { attach } from './attach.ts';
import { frontSettings } from './front-settings.ts';
import { chooseCluster, lookAround } from './choose-cluster.ts';
import type { Invocation } from '../command-line/invocation.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { connect } from '../wiring/services.ts';

const tryOut = 'npm start or drey --sandbox shows one at work, on this machine alone.';

/**
 * `drey` alone: the only cluster, or the one that the user chooses. Looks in the namespace, or in all of them if it has no cluster or `-A`
 * was given.
 */
export async function pickAndAttach(
  { connection: options, front }: Extract<Invocation, { readonly kind: 'pick' }>,
  io: CliIo,
): Promise<number> {
  const { clusters, unreadable, where, everywhere } = await look();
  if (clusters.length === 0 && unreadable !== undefined) throw new Problem('protocol', unreadableSentence('deployment', unreadable));
  if (clusters.length === 0)
    throw new Problem('not-found', `There is no Flink cluster in ${where}.`, { hint: `${tryOut} drey deploy session makes one.` });
  const ids = clusters.map(({ namespace, id }) => `${namespace}/${id}`).join(', ');
  if (!io.isTty.stdin || !io.isTty.stdout || front.plain)
    throw new Problem(
      'usage',
      `${clusters.length === 1 ? 'The cluster has to be named' : 'One of the clusters has to be named'}: ${ids}.`,
      { hint: 'drey attach CLUSTER -n NAMESPACE attaches to it.' },
    );
  const { settings } = await frontSettings(front, io);
  const chosen = await chooseCluster(
    options,
    { kind: 'clusters', namespace: everywhere ? undefined : clusters[0]?.namespace },
    settings,
    io,
  );
  if (chosen === undefined) return exitCodes.ok;
  return attach(
    {
      clusterId: chosen.clusterId,
      sandbox: false,
      connection: { ...options, context: chosen.context, namespace: chosen.namespace },
      front,
      mustExist: true,
    },
    io,
  );

  async function look() {
    await using connection = await connect(options, io).catch((error: unknown) => {
      throw error instanceof Problem && error.kind === 'invalid' ? withHint(error, tryOut) : error;
    });
    const { kubernetes, namespace } = connection;
    const near = options.allNamespaces ? undefined : await findClusters(kubernetes, namespace, io.signal);
    if (near !== undefined && near.clusters.length > 0) return { ...near, where: `namespace ${namespace}`, everywhere: false };
    const all = await lookAround(connection, undefined, io.signal);
    return { ...all, everywhere: true };
  }
}
