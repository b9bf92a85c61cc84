import type { SandboxClock } from '../base/clock.ts';
import type { ContainerLog } from '../pods/container-log.ts';

export type Level = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** A line in the console pattern of the official image: `%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n`. */
export function logLine(at: number, level: Level, logger: string, message: string): string {
  const stamp = new Date(at).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',');
  return `${stamp} ${level.padEnd(5)} ${logger.padEnd(60)} [] - ${message}`;
}

/** Writes lines of a Flink process. `at` defaults to now. */
export type FlinkLog = (logger: string, message: string, more?: { readonly level?: Level; readonly at?: number }) => void;

/** The log of a process that writes to this console what its logging file allows. */
export const processLog =
  (console: ContainerLog, { now }: Pick<SandboxClock, 'now'>, allows: (logger: string, level: Level) => boolean = () => true): FlinkLog =>
  (logger, message, { level = 'INFO', at = now() } = {}) => {
    if (allows(logger, level)) console.write(logLine(at, level, logger, message), at);
  };

/** Loggers by their short names. */
export const LOGGERS = {
  entrypoint: 'org.apache.flink.runtime.entrypoint.ClusterEntrypoint',
  configuration: 'org.apache.flink.configuration.GlobalConfiguration',
  plugins: 'org.apache.flink.core.plugin.DefaultPluginManager',
  fileSystem: 'org.apache.flink.core.fs.FileSystem',
  rpcUtils: 'org.apache.flink.runtime.rpc.pekko.PekkoRpcServiceUtils',
  rpc: 'org.apache.flink.runtime.rpc.pekko.PekkoRpcService',
  blob: 'org.apache.flink.runtime.blob.BlobServer',
  metrics: 'org.apache.flink.runtime.metrics.MetricRegistryImpl',
  rest: 'org.apache.flink.runtime.dispatcher.DispatcherRestEndpoint',
  dispatcher: 'org.apache.flink.runtime.dispatcher.StandaloneDispatcher',
  dispatcherProcess: 'org.apache.flink.runtime.dispatcher.runner.SessionDispatcherLeaderProcess',
  resourceManagerService: 'org.apache.flink.runtime.resourcemanager.ResourceManagerServiceImpl',
  resourceManager: 'org.apache.flink.runtime.resourcemanager.active.ActiveResourceManager',
  slotManager: 'org.apache.flink.runtime.resourcemanager.slotmanager.FineGrainedSlotManager',
  driver: 'org.apache.flink.kubernetes.KubernetesResourceManagerDriver',
  election: 'org.apache.flink.kubernetes.kubeclient.resources.KubernetesLeaderElector',
  jobMaster: 'org.apache.flink.runtime.jobmaster.JobMaster',
  jobRunner: 'org.apache.flink.runtime.jobmaster.JobMasterServiceLeadershipRunner',
  graph: 'org.apache.flink.runtime.executiongraph.ExecutionGraph',
  coordinator: 'org.apache.flink.runtime.checkpoint.CheckpointCoordinator',
  clientUtils: 'org.apache.flink.client.ClientUtils',
  executor: 'org.apache.flink.client.deployment.application.executors.EmbeddedExecutor',
  taskManagerRunner: 'org.apache.flink.runtime.taskexecutor.TaskManagerRunner',
  taskExecutor: 'org.apache.flink.runtime.taskexecutor.TaskExecutor',
  slotTable: 'org.apache.flink.runtime.taskexecutor.slot.TaskSlotTableImpl',
  task: 'org.apache.flink.runtime.taskmanager.Task',
  streamTask: 'org.apache.flink.streaming.runtime.tasks.StreamTask',
  heapBackend: 'org.apache.flink.runtime.state.heap.HeapKeyedStateBackendBuilder',
  asyncPart: 'org.apache.flink.streaming.runtime.tasks.AsyncCheckpointRunnable',
  sourceReader: 'org.apache.flink.connector.base.source.reader.SourceReaderBase',
  kafkaReader: 'org.apache.flink.connector.kafka.source.reader.KafkaPartitionSplitReader',
  kafkaClient: 'org.apache.kafka.clients.NetworkClient',
} as const;
