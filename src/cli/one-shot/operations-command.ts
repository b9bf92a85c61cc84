import { type JournalEntry, openJournal } from '../../session/journal.ts';
import { operationColumns } from '../../session/tables/operations.ts';
import type { Instant } from '../../support/clock.ts';
import { isoTime } from '../../support/machine-text.ts';
import type { ConnectionOptions } from '../command-line/connection-options.ts';
import { stateFolder } from '../process/folders.ts';
import type { OperationsInvocation } from '../command-line/look-up-line.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { type Column, columnsOf, printed } from '../command-line/output.ts';
import { connect } from '../wiring/services.ts';

/** An entry as it is shown: once its process has ended, nobody knows how its operation continued. */
type Shown = Omit<JournalEntry['operation'], 'state'> & Pick<JournalEntry, 'cluster'> & { readonly state: string };

/** `drey operations`: the journal on this machine, including clusters that are gone. Contacts no server. */
export async function operations({ clusterId, format, connection }: OperationsInvocation, io: CliIo): Promise<number> {
  const server = await serverOf(connection, io);
  const { entries, broken } = openJournal({ folder: stateFolder(io), clock: io.clock }).readAll();
  for (const path of broken) io.stderr(`An entry of the journal cannot be read and was put aside: ${path}\n`);
  const meant = entries.filter(
    ({ cluster }) =>
      (clusterId === undefined || cluster.clusterId === clusterId) &&
      (connection.namespace === undefined || cluster.namespace === connection.namespace) &&
      (server === undefined || cluster.server === server),
  );
  const shown = meant.map(({ cluster, operation }) => ({
    ...operation,
    cluster,
    state: operation.state === 'running' ? 'open' : operation.state,
  }));
  await printed(
    {
      format,
      columns: columns(shown, io.clock.now()),
      rows: shown,
      data,
      name: ({ result }) => result,
      empty: `No operations${clusterId === undefined ? '' : ` of ${clusterId}`} are recorded on this machine.`,
    },
    io,
  );
  for (const { clusterId: id, namespace } of clustersOf(shown.filter(({ state }) => state === 'open')))
    io.stderr(`drey attach ${id} -n ${namespace} looks for the results of its open operations.\n`);
  return exitCodes.ok;
}

/** Only an explicit context or kubeconfig narrows the list: the clusters of the others may be gone, along with their contexts. */
async function serverOf(options: ConnectionOptions, io: CliIo): Promise<string | undefined> {
  if (options.context === undefined && options.kubeconfig === undefined) return undefined;
  await using connection = await connect(options, io);
  return connection.kubernetes.server;
}

const columns = (shown: readonly Shown[], now: Instant): readonly Column<Shown>[] => [
  { title: 'CLUSTER', value: ({ cluster }) => cluster.clusterId },
  { title: 'NAMESPACE', value: ({ cluster }) => cluster.namespace },
  { title: 'SERVER', value: ({ cluster }) => cluster.server, wide: true },
  ...columnsOf(operationColumns, shown, (operation) => operation, now),
];

const data = ({ cluster, kind, jobId, title, state, startedAt, endedAt, result }: Shown): unknown => ({
  cluster: cluster.clusterId,
  namespace: cluster.namespace,
  server: cluster.server,
  kind,
  jobId: jobId ?? null,
  title,
  state,
  startedAt: isoTime(startedAt) ?? null,
  endedAt: isoTime(endedAt) ?? null,
  result: result ?? null,
});

const clustersOf = (shown: readonly Shown[]): readonly JournalEntry['cluster'][] => [
  ...new Map(shown.map(({ cluster }) => [`${cluster.server} ${cluster.namespace} ${cluster.clusterId}`, cluster])).values(),
];
