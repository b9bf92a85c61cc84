import { type FoundCluster, type FoundClusters, findClusters } from '../../cluster/find-clusters.ts';
import type { SwitchScope } from '../../commands/model/types.ts';
import { loadKubeconfig } from '../../kubernetes/config/kubeconfig.ts';
import type { Column } from '../../session/tables/column.ts';
import { unreadableWords } from '../../session/job-words.ts';
import { clusterColumns } from '../../session/tables/clusters.ts';
import { type OpenPicker, pick, type PickerOptions } from '../../tui/picker.tsx';
import type { Settings } from '../../tui/settings/settings.ts';
import { isForbidden, Problem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import { type ClusterNews, createNewsDesk } from './cluster-news.ts';
import type { ConnectionOptions } from '../command-line/connection-options.ts';
import type { CliIo } from '../process/io.ts';
import { type Connection, connect } from '../wiring/services.ts';

/** A cluster of a context; undefined: the current context. */
export interface Destination {
  readonly context: string | undefined;
  readonly namespace: string;
  readonly clusterId: string;
}

interface ContextRow {
  readonly name: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly current: boolean;
}

const contextColumns: readonly Column<ContextRow>[] = [
  { title: 'CONTEXT', min: 20, max: 60, drop: 0, text: ({ name, current }) => (current ? `${name} (current)` : name) },
  { title: 'CLUSTER', min: 10, max: 40, drop: 1, text: ({ cluster }) => cluster },
  { title: 'NAMESPACE', min: 10, max: 40, drop: 2, text: ({ namespace }) => namespace },
];

/** A cluster in the list; the facts that are not in its Deployment come later. */
type Listed = FoundCluster & Partial<ClusterNews>;

/** The clusters found in a place, and its name. */
export interface Found extends FoundClusters {
  readonly where: string;
}

/** Lets the user choose a cluster, in this context or another one. Undefined if they leave. */
export async function chooseCluster(
  options: ConnectionOptions,
  scope: SwitchScope,
  settings: Settings,
  io: CliIo,
): Promise<Destination | undefined> {
  const shared = { streams: { stdin: process.stdin, stdout: process.stdout }, env: io.env, settings, clock: io.clock, signal: io.signal };
  let context = scope.kind === 'context' ? scope.name : options.context;
  let level: Exclude<SwitchScope, { readonly kind: 'context' }> = scope.kind === 'context' ? { kind: 'clusters' } : scope;
  for (;;) {
    if (level.kind === 'contexts') {
      const picked = await pick(contextsOf(options, io), {
        ...shared,
        title: 'Contexts',
        columns: contextColumns,
        nameOf: ({ name }) => name,
        verb: 'list its clusters',
        empty: 'The kubeconfig has no contexts.',
      });
      if (picked.kind !== 'row') return undefined;
      context = picked.row.name;
      level = { kind: 'clusters' };
    } else {
      const picked = await pickOf(
        { ...options, context, namespace: level.namespace ?? (context === options.context ? options.namespace : undefined) },
        level.namespace,
        shared,
        io,
      );
      if (picked === 'back') level = { kind: 'contexts' };
      else return picked === undefined ? undefined : { context, namespace: picked.namespace, clusterId: picked.id };
    }
  }
}

/** The clusters of one context; `namespace`: only of this one. */
async function pickOf(
  options: ConnectionOptions,
  namespace: string | undefined,
  shared: Pick<PickerOptions<Listed>, 'streams' | 'env' | 'settings' | 'clock' | 'signal'>,
  io: CliIo,
): Promise<FoundCluster | 'back' | undefined> {
  const { signal, end: leave } = lifetime(io.signal);
  const list = Promise.withResolvers<OpenPicker>();
  const opening = connect(
    options,
    io,
    (note) => void list.promise.then((open) => open.say(note)),
    async (work) => (await list.promise).letAsk(work),
  );
  // A user who leaves before it is open does not need the error; otherwise the list shows it.
  opening.catch(() => undefined);
  try {
    const listing = opening.then(async (connection) => ({ connection, ...(await lookAround(connection, namespace, signal)) }));
    const desk = listing.then(({ connection }) => createNewsDesk(connection, io, signal));
    let news: Awaited<typeof desk> | undefined;
    let heard = (): void => {};
    desk.then(
      (open) => {
        news = open;
        open.onNews(heard);
      },
      () => undefined,
    );
    const place = options.context === undefined ? '' : ` of ${options.context}`;
    let missing: string | undefined;
    const picked = await pick<Listed>(
      listing.then(({ clusters, unreadable }) => {
        missing = unreadable === undefined ? undefined : unreadableWords('deployment', unreadable.count);
        return clusters;
      }),
      {
        ...shared,
        title: `Flink clusters${namespace === undefined ? '' : ` in namespace ${namespace}`}${place}`,
        columns: clusterColumns('several').filter(({ wide }) => wide !== true),
        paint: ({ theme }) => ({
          READY: ({ ready, wanted }, text) => theme.paint(ready < wanted || wanted === 0 ? 'warn' : undefined, text),
          TROUBLE: (_, text) => theme.paint('error', text),
        }),
        onOpen: list.resolve,
        nameOf: ({ namespace: space, id }) => `${space}/${id}`,
        verb: 'attach',
        empty: `There is no Flink cluster${namespace === undefined ? ' here' : ` in namespace ${namespace}`}.`,
        missing: () => missing,
        back: 'contexts',
        more: {
          of: (row) => news?.of(row),
          onNews(listener) {
            heard = listener;
            news?.onNews(listener);
          },
        },
      },
    );
    return picked.kind === 'row' ? picked.row : picked.kind === 'back' ? 'back' : undefined;
  } finally {
    leave();
    await opening.then(
      (connection) => connection[Symbol.asyncDispose](),
      () => undefined,
    );
  }
}

/** The clusters of all namespaces; if that is forbidden, those of the own namespace. */
export async function lookAround(
  { kubernetes, namespace: own }: Connection,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<Found> {
  if (namespace !== undefined) return { ...(await findClusters(kubernetes, namespace, signal)), where: `namespace ${namespace}` };
  try {
    return { ...(await findClusters(kubernetes, undefined, signal)), where: 'any namespace' };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return { ...(await findClusters(kubernetes, own, signal)), where: `namespace ${own}` };
  }
}

/** The contexts of the kubeconfig, the attached one first. */
async function contextsOf({ kubeconfig, context }: ConnectionOptions, io: CliIo): Promise<readonly ContextRow[]> {
  const config = await loadKubeconfig({ kubeconfig, env: io.env, home: io.home });
  if (config === undefined) throw new Problem('not-found', 'There is no kubeconfig, so there are no contexts to choose from.');
  const current = context ?? config.currentContext;
  return [...config.contexts]
    .map(([name, { cluster = '', namespace = 'default' }]) => ({ name, cluster, namespace, current: name === current }))
    .toSorted((a, b) => Number(b.current) - Number(a.current) || a.name.localeCompare(b.name));
}
