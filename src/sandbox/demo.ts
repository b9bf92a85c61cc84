import type { ObjectStore } from './api/store.ts';
import { PODS } from './api/resources.ts';
import { backlog } from './flink/chatter.ts';
import { graphOf } from './flink/graphs.ts';
import type { FlinkWorld } from './flink/world.ts';
import type { Kubelet } from './pods/kubelet.ts';
import type { Random } from './random.ts';
import { sessionCluster } from './scenario.ts';
import type { Timeline } from './timeline.ts';

export interface DemoServices {
  readonly store: ObjectStore;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly node: Kubelet;
  readonly world: FlinkWorld;
  /** Start of processes by pod name, where it is in the past. */
  readonly past: Map<string, number>;
}

const JOBS = [
  { name: 'CarTopSpeedWindowing', entryClass: 'org.apache.flink.streaming.examples.windowing.TopSpeedWindowing', parallelism: 2 },
  { name: 'orders-enrichment', entryClass: 'org.example.orders.OrdersEnrichment', parallelism: 4 },
] as const;

const HOUR = 3_600_000;

/** A session cluster that has been running for an hour: a JobManager, two TaskManagers, two jobs. */
export async function tellDemo({ store, timeline, random, node, world, past }: DemoServices, { clusterId, highAvailability }: { readonly clusterId: string; readonly highAvailability: boolean }): Promise<void> {
  const since = timeline.now() - HOUR;
  sessionCluster(store, clusterId, { at: since, highAvailability });
  const jobManager = store.list(PODS, 'default').find((pod) => pod.metadata.labels?.['component'] === 'jobmanager');
  if (jobManager === undefined) throw new Error('the Deployment made no pod');
  past.set(jobManager.metadata.name, since + 2_000);
  node.adopt(jobManager, since + 2_000);
  await world.settled();
  const cluster = world.find('default', clusterId);
  for (const offset of [62_000, 63_000]) {
    const pod = cluster?.taskManagers.createPod();
    if (pod === undefined) continue;
    past.set(pod.metadata.name, since + offset);
    node.adopt(pod, since + offset);
  }
  await world.settled();
  for (const { name, entryClass, parallelism } of JOBS) {
    cluster?.adopt({ id: random.hex(32), graph: { ...graphOf(entryClass, []), name }, parallelism, entryClass, configuration: {} }, since + 65_000);
  }
  if (cluster !== undefined) backlog(cluster, timeline.now(), random);
  past.clear();
}
