import type { Call, ReadBody } from './call.ts';

/** A process of Flink: the leading JobManager, or a TaskManager by its id, which is its pod's name on Kubernetes. */
export type FlinkProcess = { readonly kind: 'jobmanager' } | { readonly kind: 'taskmanager'; readonly id: string };

/** The configured sizes of a process, in bytes. */
export interface MemorySizes {
  readonly frameworkHeap: number | undefined;
  readonly taskHeap: number | undefined;
  readonly frameworkOffHeap: number | undefined;
  readonly taskOffHeap: number | undefined;
  readonly network: number | undefined;
  readonly managed: number | undefined;
  readonly metaspace: number | undefined;
  readonly overhead: number | undefined;
  readonly totalFlink: number | undefined;
  readonly totalProcess: number | undefined;
}

/** A slot that is in use; sizes in bytes. */
export interface AllocatedSlot {
  readonly jobId: string;
  /** Flink 2.3 and newer. */
  readonly tasks: number | undefined;
  readonly cpuCores: number | undefined;
  readonly taskHeap: number | undefined;
  readonly managed: number | undefined;
  readonly network: number | undefined;
}

/** The buffers that tasks exchange records with. */
export interface NetworkBuffers {
  readonly segmentsUsed: number | undefined;
  readonly segmentsAvailable: number | undefined;
  readonly segmentsTotal: number | undefined;
  readonly bytesUsed: number | undefined;
  readonly bytesTotal: number | undefined;
}

/** What a garbage collector of the JVM has done since the process started. */
export interface Collector {
  readonly name: string;
  readonly count: number | undefined;
  readonly timeMs: number | undefined;
}

/** `GET /taskmanagers/:id`. */
export interface TaskManagerDetail {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly lastHeartbeat: number;
  readonly slots: number;
  readonly freeSlots: number;
  readonly cpuCores: number | undefined;
  readonly physicalMemory: number | undefined;
  readonly memory: MemorySizes;
  readonly allocated: readonly AllocatedSlot[];
  readonly heapUsed: number | undefined;
  readonly heapMax: number | undefined;
  readonly directUsed: number | undefined;
  readonly directMax: number | undefined;
  readonly network: NetworkBuffers;
  readonly collectors: readonly Collector[];
}

/** `GET /jobmanager/environment`. */
export interface JvmEnvironment {
  readonly version: string | undefined;
  readonly architecture: string | undefined;
  readonly options: readonly string[];
  readonly classpath: readonly string[];
}

/** One thread of a dump; `text` is as `ThreadInfo.toString` of Java writes it. */
export interface ThreadInfo {
  readonly name: string;
  readonly text: string;
}

export interface LogFile {
  readonly name: string;
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly changedAt: number | undefined;
}

/** The calls about one process. */
export interface ProcessCalls {
  taskManager(id: string, call?: Call): Promise<TaskManagerDetail>;
  /** Flink has it for the JobManager only. */
  jvmEnvironment(call?: Call): Promise<JvmEnvironment>;
  threadDump(process: FlinkProcess, call?: Call): Promise<readonly ThreadInfo[]>;
  logFiles(process: FlinkProcess, call?: Call): Promise<readonly LogFile[]>;
  /** A log file may be larger than what fits into memory: `read` gets it piece by piece. */
  logFile<T>(process: FlinkProcess, name: string, read: ReadBody<T>, call?: Call): Promise<T>;
}
