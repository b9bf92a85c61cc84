import { findClusters } from '../../cluster/find-clusters.ts';
import { unreadableSentence } from '../../session/job-words.ts';
import { clusterColumns } from '../../session/tables/clusters.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { CommandContext } from '../model/types.ts';

const without = 'Without a screen the clusters are listed: one session stays with its cluster.';

/** Prints the clusters as lines, and how to attach to one of them. */
async function printClusters({ kubernetes, store, front, clock, signal }: CommandContext, namespace: string | undefined): Promise<void> {
  const { clusters, unreadable } = await findClusters(kubernetes, namespace, signal);
  if (unreadable !== undefined) front.print([unreadableSentence('deployment', unreadable)], 'warn');
  const { context } = store.get().target;
  front.print(
    clusters.length === 0
      ? [`There is no Flink cluster in ${namespace === undefined ? 'any namespace' : `namespace ${namespace}`}.`]
      : [
          ...textTable(clusterColumns('several'), clusters, { now: clock.now(), whole: true }),
          `Attach to one: drey attach NAME -n NAMESPACE${context === undefined ? '' : ` --context ${context}`}`,
        ],
  );
}

export const clusters = command({
  name: 'clusters',
  aliases: ['cluster'],
  summary: 'Switch to another cluster of this context',
  details: `Lists the clusters of all namespaces with their jobs and what is wrong with them; Enter leaves this cluster and attaches to that one, Esc goes back. ${without}`,
  group: 'session',
  examples: ['clusters'],
  shell: { kind: 'list', what: 'clusters', summary: 'Show the clusters' },
  danger: 'safe',
  async run(context) {
    await (context.front.switchCluster?.({ kind: 'clusters' }) ?? printClusters(context, undefined));
  },
});

export const namespace = command({
  name: 'namespace',
  aliases: ['ns'],
  summary: 'Switch to a cluster of another namespace',
  details: `With a name, only the clusters of that namespace are listed. ${without}`,
  group: 'session',
  examples: ['namespace', 'namespace orders'],
  args: { name: optional(arg.text('Name of the namespace')) },
  danger: 'safe',
  async run(context, { name }) {
    await (context.front.switchCluster?.({ kind: 'clusters', namespace: name }) ?? printClusters(context, name));
  },
});

export const context = command({
  name: 'context',
  aliases: ['ctx'],
  summary: 'Switch to a cluster of another context',
  details:
    'Lists the contexts of the kubeconfig, then the clusters of the one that is chosen; with a name, those at once. The others are not contacted. Without a screen, drey attach CLUSTER --context NAME does it.',
  group: 'session',
  examples: ['context', 'context prod-eu'],
  args: { name: optional(arg.text('Name of the context')) },
  danger: 'safe',
  async run({ front }, { name }) {
    if (front.switchCluster === undefined)
      return front.print([`One session stays in its context. Attach to another: drey attach CLUSTER --context ${name ?? 'NAME'}`]);
    await front.switchCluster(name === undefined ? { kind: 'contexts' } : { kind: 'context', name });
  },
});
