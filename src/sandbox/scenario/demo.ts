import { stamp } from '../api/objects.ts';
import type { ObjectStore } from '../api/store.ts';
import { NAMESPACES, PODS } from '../api/resources.ts';
import { backlog } from '../flink/chatter.ts';
import { graphOf } from '../flink/graphs.ts';
import type { Random } from '../base/random.ts';
import { runningTaskManagers, type RunningPodServices } from './running-pods.ts';
import { createSessionCluster, type SessionClusterOptions } from './session-cluster.ts';
import type { SandboxClock } from '../base/clock.ts';

export interface DemoServices extends RunningPodServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly random: Random;
}

const JOBS = [
  { name: 'CarTopSpeedWindowing', entryClass: 'org.apache.flink.streaming.examples.windowing.TopSpeedWindowing', parallelism: 2 },
  { name: 'orders-enrichment', entryClass: 'org.example.orders.OrdersEnrichment', parallelism: 4 },
] as const;

const HOUR = 3_600_000;

/** A session cluster that has been running for an hour: a JobManager, two TaskManagers, two jobs. */
export async function startDemo(
  services: DemoServices,
  { clusterId, highAvailability }: { readonly clusterId: string; readonly highAvailability: boolean },
): Promise<void> {
  await startRunning(services, {
    clusterId,
    namespace: 'default',
    address: '10.96.41.17',
    highAvailability,
    adaptive: false,
    taskManagers: 2,
    jobs: JOBS,
  });
}

/** A smaller one beside it, in a namespace of its own and with a job of its own. */
export async function startNeighbour(services: DemoServices): Promise<void> {
  const { store, clock } = services;
  store.create(NAMESPACES, undefined, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: 'reports',
      creationTimestamp: stamp(clock.now() - 24 * HOUR),
      labels: { 'kubernetes.io/metadata.name': 'reports' },
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
  await startRunning(services, {
    clusterId: 'nightly-reports',
    namespace: 'reports',
    address: '10.96.41.18',
    highAvailability: false,
    adaptive: true,
    taskManagers: 1,
    jobs: [{ ...JOBS[0], name: 'nightly-backfill' }],
  });
}

/** A cluster that started an hour ago. */
interface RunningCluster extends Omit<SessionClusterOptions, 'at'> {
  readonly taskManagers: 1 | 2;
  readonly jobs: readonly { readonly name: string; readonly entryClass: string; readonly parallelism: number }[];
}

async function startRunning(
  { store, clock, random, node, world, past }: DemoServices,
  { taskManagers, jobs, ...objects }: RunningCluster,
): Promise<void> {
  const since = clock.now() - HOUR;
  const { clusterId, namespace } = objects;
  createSessionCluster(store, { ...objects, at: since });
  const jobManager = store.list(PODS, namespace).find((pod) => pod.metadata.labels?.['component'] === 'jobmanager');
  if (jobManager === undefined) throw new Error('the Deployment made no pod');
  past.set(jobManager.metadata.name, since + 2_000);
  node.adopt(jobManager, since + 2_000);
  await world.settled();
  const cluster = world.find(namespace, clusterId);
  if (cluster === undefined) throw new Error('the JobManager has not started');
  const begins = [62_000, 63_000].slice(0, taskManagers).map((offset) => since + offset);
  await runningTaskManagers({ node, world, past }, cluster, begins);
  // Jobs are submitted one after the other, so that they have an order which does not depend on their ids.
  for (const [index, { name, entryClass, parallelism }] of jobs.entries())
    cluster.adopt(
      { id: random.hex(32), graph: { ...graphOf(entryClass, []), name }, parallelism, entryClass, configuration: {} },
      since + 65_000 + index * 4_000,
    );
  backlog(cluster, clock.now(), random);
  past.clear();
}
