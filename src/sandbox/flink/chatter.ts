import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { FlinkJob } from './job.ts';
import { LOGGERS, type FlinkLog, type Level } from './log-format.ts';
import type { TaskManager, TaskManagers } from './task-managers.ts';
import { taskName, type Task, type VertexRun } from './tasks.ts';

/** The part of a cluster that writes log lines. */
export interface TalkingCluster {
  readonly jobs: ReadonlyMap<string, FlinkJob>;
  readonly taskManagers: TaskManagers;
  readonly log: FlinkLog;
}

interface Remark {
  readonly level: Level;
  readonly logger: string;
  readonly message: string;
}

interface Scene {
  readonly job: FlinkJob;
  readonly vertex: VertexRun;
  readonly task: Task;
  readonly random: Random;
}

const info = (logger: string, message: string): Remark => ({ level: 'INFO', logger, message });
const warn = (logger: string, message: string): Remark => ({ level: 'WARN', logger, message });

/** Log lines of a TaskManager with running tasks, from frequent to rare. */
const REMARKS: readonly ((scene: Scene) => Remark)[] = [
  ({ job, vertex, task }) =>
    info(
      LOGGERS.asyncPart,
      `${taskName(vertex, task)} - asynchronous part of checkpoint ${job.checkpoints.history[0]?.id ?? 1} could be completed.`,
    ),
  ({ random, task }) => info(LOGGERS.sourceReader, `Finished reading split(s) [orders-${task.subtask}-${random.between(100, 999)}]`),
  ({ random, task }) =>
    info(
      LOGGERS.kafkaReader,
      `Adding split(s) to reader: [[Partition: orders-${task.subtask}, StartingOffset: ${random.between(1_000_000, 9_999_999)}, StoppingOffset: -9223372036854775808]]`,
    ),
  ({ random }) => info(LOGGERS.heapBackend, `Finished to build heap keyed state-backend. Entries: ${random.between(2_000, 90_000)}.`),
  ({ random }) =>
    info(
      'org.apache.flink.runtime.io.network.buffer.LocalBufferPool',
      `Redistributed buffers: ${random.between(8, 64)} of ${random.between(64, 256)} in use.`,
    ),
  ({ job }) => info(LOGGERS.streamTask, `Checkpoint storage is set to 'filesystem': (checkpoints "s3://flink/checkpoints/${job.id}")`),
  ({ random }) =>
    info(
      'org.example.orders.CustomerCache',
      `Refreshed ${random.between(40, 900)} customers in ${random.between(12, 340)} ms, hit rate ${random.between(87, 99)} %`,
    ),
  ({ random }) =>
    warn(
      LOGGERS.kafkaClient,
      `[Consumer clientId=orders-${random.between(0, 3)}, groupId=orders-enrichment] Connection to node ${random.between(1, 3)} (kafka-${random.between(1, 3)}.kafka.svc/10.96.14.${random.between(2, 9)}:9092) could not be established. Node may not be available.`,
    ),
  ({ random }) =>
    warn(
      'org.example.orders.Enricher',
      `Order ${random.between(40_000_000, 49_999_999)} names a customer that is not known: written without enrichment`,
    ),
  ({ vertex, task, random }) =>
    warn(LOGGERS.task, `${taskName(vertex, task)}: backpressured for ${random.between(300, 900)} ms of the last second.`),
];

function remark(cluster: TalkingCluster, worker: TaskManager, random: Random): Remark | undefined {
  const scenes = [...cluster.jobs.values()]
    .filter((job) => job.status === 'RUNNING')
    .flatMap((job) =>
      job.vertices.flatMap((vertex) =>
        vertex.tasks
          .filter((task) => task.slot?.taskManager === worker.name && task.state === 'RUNNING')
          .map((task): Scene => ({ job, vertex, task, random })),
      ),
    );
  if (scenes.length === 0) return undefined;
  // The smaller of two random numbers: the front of the list comes up more often.
  const at = Math.min(random.between(0, REMARKS.length - 1), random.between(0, REMARKS.length - 1));
  return REMARKS[at]?.(random.pick(scenes));
}

/** Makes the processes of a cluster log something now and then. */
export function chatter(cluster: TalkingCluster, clock: SandboxClock, random: Random): () => void {
  const stops = [
    clock.every(
      () => random.between(350, 1_600),
      () => {
        const workers = cluster.taskManagers.all();
        if (workers.length === 0) return;
        const worker = random.pick(workers);
        const said = remark(cluster, worker, random);
        if (said !== undefined) worker.log(said.logger, said.message, { level: said.level });
      },
    ),
    clock.every(HEARTBEAT, () => heartbeat(cluster)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Milliseconds between two heartbeats; `heartbeat.interval` is 10 s. */
const HEARTBEAT = 2_500;

/** What is said all the time, but only at DEBUG and TRACE. Source: HeartbeatManagerSenderImpl and HeartbeatManagerImpl, Flink 2.3. */
function heartbeat({ log, taskManagers }: TalkingCluster): void {
  const debug = { level: 'DEBUG' } as const;
  log(LOGGERS.resourceManager, 'Trigger heartbeat request.', debug);
  for (const worker of taskManagers.all()) {
    worker.log(LOGGERS.taskExecutor, 'Received heartbeat request from 5f1c7d3e9a0b4c2d8e6f7a1b2c3d4e5f.', debug);
    worker.log(LOGGERS.kafkaClient, '[Consumer clientId=orders-0, groupId=orders-enrichment] Sending FETCH request to node 1', debug);
    worker.log(LOGGERS.streamTask, 'Mailbox: 0 mails', { level: 'TRACE' });
    log(LOGGERS.resourceManager, `Received heartbeat from ${worker.name}.`, debug);
  }
}

/** How many milliseconds of log lines a cluster that has been running for a while has already written. */
const REMEMBERED = 600_000;

/** Writes the log lines of the time before now, so that there is something to scroll: checkpoints and remarks. */
export function backlog(cluster: TalkingCluster, now: number, random: Random): void {
  const begin = Math.max(now - REMEMBERED, ...[...cluster.jobs.values()].map((job) => job.startTime + 2_000));
  for (let at = begin; at < now - 1_000; at += random.between(1_200, 3_400)) {
    const worker = random.pick(cluster.taskManagers.all());
    const said = remark(cluster, worker, random);
    if (said !== undefined) worker.log(said.logger, said.message, { level: said.level, at });
  }
  const steps = [...cluster.jobs.values()]
    .flatMap((job) => job.checkpoints.history.map((entry) => ({ job, entry })))
    .sort((a, b) => a.entry.triggeredAt - b.entry.triggeredAt);
  for (const { job, entry } of steps) {
    cluster.log(LOGGERS.coordinator, `Triggering checkpoint ${entry.id} (type=CHECKPOINT) @ ${entry.triggeredAt} for job ${job.id}.`, {
      at: entry.triggeredAt,
    });
    cluster.log(
      LOGGERS.coordinator,
      `Completed checkpoint ${entry.id} for job ${job.id} (${entry.bytes} bytes, checkpointDuration=${entry.endedAt - entry.triggeredAt} ms, finalizationTime=2 ms).`,
      { at: entry.endedAt },
    );
  }
}
