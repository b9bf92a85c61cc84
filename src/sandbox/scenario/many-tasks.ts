import type { FlinkCluster } from '../flink/cluster.ts';
import { graphOf } from '../flink/graphs.ts';
import type { FlinkJob } from '../flink/job.ts';
import { runningTaskManagers, type RunningPodServices } from './running-pods.ts';

const ENTRY_CLASS = 'org.example.scale.ManyTasks';
/** How long the job and its TaskManagers have been running; milliseconds. */
const AGE = 600_000;

/** A job of forty vertices with this parallelism that has been running for a while, and the TaskManagers that it needs. */
export async function startManyTasks(services: RunningPodServices, cluster: FlinkCluster, parallelism: number): Promise<FlinkJob> {
  const since = cluster.now() - AGE;
  const missing = Math.max(0, parallelism - cluster.taskManagers.freeSlots);
  const pods = Math.ceil(missing / cluster.taskManagers.slotsEach);
  await runningTaskManagers(
    services,
    cluster,
    Array.from({ length: pods }, () => since),
  );
  services.past.clear();
  return cluster.adopt(
    { id: cluster.newId(), graph: graphOf(ENTRY_CLASS, []), parallelism, entryClass: ENTRY_CLASS, configuration: {} },
    since + 60_000,
  );
}
