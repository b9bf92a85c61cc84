import type { FlinkJob } from './job.ts';
import type { VertexRun } from './tasks.ts';

/** A frame as Flink's flame graphs name it: `class.method:line`; -1 is a line that is not known, -2 native code. */
export type Frame = string;

export type ThreadState = 'RUNNABLE' | 'WAITING' | 'TIMED_WAITING' | 'BLOCKED';

/** A stack in which a thread is found, the frame that began it first. */
export interface Stack {
  readonly frames: readonly Frame[];
  readonly state: ThreadState;
}

/** A stack, and how often a task that works is found in it. */
export interface WorkStack extends Stack {
  readonly weight: number;
}

const PARKED: readonly Frame[] = [
  'java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.await:1764',
  'java.util.concurrent.locks.LockSupport.parkNanos:252',
  'jdk.internal.misc.Unsafe.park:-2',
];

const TASK: readonly Frame[] = [
  'java.lang.Thread.run:840',
  'org.apache.flink.runtime.taskmanager.Task.run:579',
  'org.apache.flink.runtime.taskmanager.Task.doRun:774',
  'org.apache.flink.runtime.taskmanager.Task.restoreAndInvoke:969',
  'org.apache.flink.runtime.taskmanager.Task.runWithSystemExitMonitoring:987',
  'org.apache.flink.runtime.taskmanager.Task$$Lambda$0/0x0.run:-1',
  'org.apache.flink.streaming.runtime.tasks.StreamTask.invoke:959',
  'org.apache.flink.streaming.runtime.tasks.StreamTask.runMailboxLoop:1022',
];

/** A task that has nothing to read, or that may not write. */
export const WAITS: Stack = {
  state: 'TIMED_WAITING',
  frames: [
    ...TASK,
    'org.apache.flink.streaming.runtime.tasks.mailbox.MailboxProcessor.runMailboxLoop:229',
    'org.apache.flink.streaming.runtime.tasks.mailbox.MailboxProcessor.processMail:369',
    'org.apache.flink.streaming.runtime.tasks.mailbox.MailboxProcessor.processMailsWhenDefaultActionUnavailable:380',
    'org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailboxImpl.take:161',
    ...PARKED,
  ],
};

const WORKS: readonly Frame[] = [
  ...TASK,
  'org.apache.flink.streaming.runtime.tasks.mailbox.MailboxProcessor.runMailboxLoop:231',
  'org.apache.flink.streaming.runtime.tasks.StreamTask$$Lambda$0/0x0.runDefaultAction:-1',
  'org.apache.flink.streaming.runtime.tasks.StreamTask.processInput:656',
  'org.apache.flink.streaming.runtime.io.StreamOneInputProcessor.processInput:65',
];

const READS: readonly Frame[] = [
  'org.apache.flink.streaming.runtime.io.AbstractStreamTaskNetworkInput.emitNext:170',
  'org.apache.flink.streaming.runtime.io.AbstractStreamTaskNetworkInput.processElement:213',
  'org.apache.flink.streaming.runtime.tasks.OneInputStreamTask$StreamTaskNetworkOutput.emitRecord:251',
  'org.apache.flink.streaming.runtime.io.RecordProcessorUtils$$Lambda$0/0x0.accept:-1',
  'org.apache.flink.streaming.api.operators.StreamMap.processElement:37',
];

const SOURCE: readonly Frame[] = [
  'org.apache.flink.streaming.runtime.io.StreamTaskSourceInput.emitNext:110',
  'org.apache.flink.streaming.api.operators.SourceOperator.emitNext:427',
  'org.apache.flink.connector.base.source.reader.SourceReaderBase.pollNext:163',
];

const WRITES: readonly Frame[] = [
  'org.apache.flink.streaming.api.operators.CountingOutput.collect:52',
  'org.apache.flink.streaming.runtime.io.RecordWriterOutput.collect:143',
  'org.apache.flink.runtime.io.network.api.writer.RecordWriter.emit:107',
  'org.apache.flink.runtime.io.network.api.writer.RecordWriter.serializeRecord:127',
  'org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer.serialize:176',
];

const DECODES: readonly Frame[] = [
  'org.apache.flink.streaming.runtime.io.AbstractStreamTaskNetworkInput.emitNext:155',
  'org.apache.flink.runtime.io.network.api.serialization.SpillingAdaptiveSpanningRecordDeserializer.getNextRecord:103',
  'org.apache.flink.streaming.runtime.streamrecord.StreamElementSerializer.deserialize:202',
  'org.apache.flink.types.StringValue.readString:786',
];

/** The user's class behind a vertex: `enrich with customers` in `org.example.orders` is `org.example.orders.EnrichWithCustomers`. */
export function classOf(job: FlinkJob, vertex: VertexRun): string {
  const { entryClass } = job.request;
  const words = (vertex.graph.name.split(' -> ')[0] ?? '').replace(/^Source: /, '').match(/[A-Za-z0-9]+/g) ?? ['Function'];
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  const at = entryClass.lastIndexOf('.');
  return at < 0 ? name : `${entryClass.slice(0, at)}.${name}`;
}

/** The stacks of a task that works. One that is slow waits for a service more than it computes; a hot one contends for its cache. */
export function workStacks(job: FlinkJob, vertex: VertexRun): readonly WorkStack[] {
  const own = classOf(job, vertex);
  const { graph, flow } = vertex;
  if (graph.inputs === undefined)
    return [
      {
        state: 'RUNNABLE',
        weight: 0.55,
        frames: [...WORKS, ...SOURCE, `${own}Reader.next:88`, `${own}Reader.parse:104`, 'java.lang.Long.parseLong:711'],
      },
      { state: 'RUNNABLE', weight: 0.15, frames: [...WORKS, ...SOURCE, `${own}Reader.next:91`, 'java.util.zip.Inflater.inflate:-2'] },
      { state: 'RUNNABLE', weight: 0.3, frames: [...WORKS, ...SOURCE, ...WRITES] },
    ];
  const map = [...WORKS, ...READS, `${own}.map:61`];
  const compute: readonly WorkStack[] = [
    { state: 'RUNNABLE', weight: 0.28, frames: [...map, `${own}.lookup:84`, 'java.util.HashMap.get:564', 'java.util.HashMap.getNode:576'] },
    {
      state: 'RUNNABLE',
      weight: 0.14,
      frames: [...map, `${own}.normalize:97`, 'java.util.regex.Matcher.find:729', 'java.util.regex.Pattern$Start.match:3787'],
    },
    { state: 'RUNNABLE', weight: 0.08, frames: [...map, `${own}.normalize:99`, 'java.lang.String.toLowerCase:2846'] },
    { state: 'RUNNABLE', weight: 0.2, frames: [...WORKS, ...DECODES] },
    { state: 'RUNNABLE', weight: 0.16, frames: [...map, ...WRITES] },
  ];
  if (graph.hot !== undefined)
    return [...compute, { state: 'BLOCKED', weight: 0.14, frames: [...map, `${own}.lookup:90`, `${own}$Cache.refresh:141`] }];
  if (flow.load > SLOW)
    return [
      { state: 'TIMED_WAITING', weight: 0.9, frames: [...map, `${own}.call:49`, 'java.lang.Thread.sleep:-2'] },
      { state: 'RUNNABLE', weight: 0.1, frames: [...map, `${own}.call:52`, 'java.lang.Integer.toString:438'] },
    ];
  return [
    ...compute,
    {
      state: 'RUNNABLE',
      weight: 0.14,
      frames: [
        ...map,
        `${own}.update:110`,
        'org.apache.flink.runtime.state.heap.HeapValueState.update:91',
        'org.apache.flink.runtime.state.heap.CopyOnWriteStateMap.put:291',
      ],
    },
  ];
}

const SLOW = 0.9;

/** Stacks of the threads that every process of Flink has. */
export const IDLE_POOL: Stack = {
  state: 'WAITING',
  frames: [
    'java.lang.Thread.run:840',
    'java.util.concurrent.ThreadPoolExecutor$Worker.run:635',
    'java.util.concurrent.ThreadPoolExecutor.runWorker:1122',
    'java.util.concurrent.ThreadPoolExecutor.getTask:1062',
    'java.util.concurrent.LinkedBlockingQueue.take:435',
    'java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.await:1630',
    'java.util.concurrent.locks.LockSupport.park:341',
    'jdk.internal.misc.Unsafe.park:-2',
  ],
};
export const SCHEDULER: Stack = {
  state: 'TIMED_WAITING',
  frames: [
    'java.lang.Thread.run:840',
    'java.util.concurrent.ThreadPoolExecutor$Worker.run:635',
    'java.util.concurrent.ThreadPoolExecutor.runWorker:1122',
    'java.util.concurrent.ThreadPoolExecutor.getTask:1062',
    'java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue.take:1182',
    'java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.awaitNanos:1679',
    'java.util.concurrent.locks.LockSupport.parkNanos:252',
    'jdk.internal.misc.Unsafe.park:-2',
  ],
};
export const ACTORS: Stack = {
  state: 'WAITING',
  frames: [
    'java.util.concurrent.ForkJoinWorkerThread.run:165',
    'java.util.concurrent.ForkJoinPool.runWorker:1623',
    'java.util.concurrent.ForkJoinPool.awaitWork:1724',
    'java.util.concurrent.locks.LockSupport.park:341',
    'jdk.internal.misc.Unsafe.park:-2',
  ],
};
export const NETTY: Stack = {
  state: 'RUNNABLE',
  frames: [
    'java.lang.Thread.run:840',
    'org.apache.flink.shaded.netty4.io.netty.util.internal.ThreadExecutorMap$2.run:74',
    'org.apache.flink.shaded.netty4.io.netty.util.concurrent.SingleThreadEventExecutor$5.run:1193',
    'org.apache.flink.shaded.netty4.io.netty.channel.SingleThreadIoEventLoop.run:196',
    'org.apache.flink.shaded.netty4.io.netty.channel.epoll.EpollIoHandler.epollWait:372',
    'org.apache.flink.shaded.netty4.io.netty.channel.epoll.Native.epollWait0:-2',
  ],
};
export const FLUSHER: Stack = {
  state: 'TIMED_WAITING',
  frames: ['org.apache.flink.runtime.io.network.api.writer.RecordWriter$OutputFlusher.run:280', 'java.lang.Thread.sleep:-2'],
};
export const MAIN: Stack = {
  state: 'WAITING',
  frames: [
    'org.apache.flink.runtime.taskexecutor.TaskManagerRunner.main:484',
    'org.apache.flink.runtime.taskexecutor.TaskManagerRunner.runTaskManager:508',
    'java.util.concurrent.CompletableFuture.get:2072',
    'java.util.concurrent.locks.LockSupport.park:211',
    'jdk.internal.misc.Unsafe.park:-2',
  ],
};
export const COLLECTOR: Stack = {
  state: 'RUNNABLE',
  frames: [
    'java.lang.ref.Reference$ReferenceHandler.run:215',
    'java.lang.ref.Reference.processPendingReferences:253',
    'java.lang.ref.Reference.waitForReferencePendingList:-2',
  ],
};
