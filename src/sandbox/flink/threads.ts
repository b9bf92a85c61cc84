import type { FlinkJob } from './job.ts';
import {
  ACTORS,
  classOf,
  COLLECTOR,
  FLUSHER,
  IDLE_POOL,
  MAIN,
  NETTY,
  SCHEDULER,
  WAITS,
  workStacks,
  type Frame,
  type Stack,
} from './stacks.ts';
import { taskName, type Task, type VertexRun } from './tasks.ts';

/** A monitor: the frame that holds it or waits for it, and the thread that has it. */
interface Lock {
  readonly name: string;
  readonly owner: { readonly name: string; readonly id: number };
}

interface Thread {
  readonly name: string;
  readonly stack: Stack;
  /** What it waits for, if another thread has it. */
  readonly wants?: Lock;
  /** A monitor that it has taken in its last frame but one. */
  readonly holds?: string;
}

/** A task, and how much of its time it works now: 0 to 1. */
export interface ThreadTask {
  readonly job: FlinkJob;
  readonly vertex: VertexRun;
  readonly task: Task;
  readonly busy: number;
}

interface ThreadInfo {
  readonly threadName: string;
  readonly stringifiedThreadInfo: string;
}

const numbered = (count: number, name: (index: number) => string, stack: Stack): readonly Thread[] =>
  Array.from({ length: count }, (_, index) => ({ name: name(index + 1), stack }));

/** What every process has. */
const COMMON: readonly Thread[] = [
  { name: 'main', stack: MAIN },
  { name: 'Reference Handler', stack: COLLECTOR },
  { name: 'Signal Dispatcher', stack: { state: 'RUNNABLE', frames: [] } },
  { name: 'Notification Thread', stack: { state: 'RUNNABLE', frames: [] } },
  ...numbered(2, (index) => `Log4j2-TF-${2 * index + 1}-Scheduled-${index}`, SCHEDULER),
  { name: 'flink-scheduler-1', stack: SCHEDULER },
  ...numbered(8, (index) => `flink-pekko.actor.default-dispatcher-${index + 3}`, ACTORS),
  ...numbered(4, (index) => `flink-pekko.remote.default-remote-dispatcher-${index + 11}`, ACTORS),
  ...numbered(3, (index) => `flink-metrics-pekko.actor.internal-dispatcher-${index + 1}`, ACTORS),
  { name: 'Flink-Metric-View-Updater-thread-1', stack: SCHEDULER },
];

/** The threads of the JobManager: those for its jobs come last. */
export function jobManagerThreads(jobs: readonly FlinkJob[]): readonly ThreadInfo[] {
  const running = jobs.filter(({ ended }) => !ended);
  return dumped([
    ...COMMON,
    { name: 'BLOB Server listener at 6124', stack: NETTY },
    ...numbered(4, (index) => `Flink-DispatcherRestEndpoint-thread-${index}`, SCHEDULER),
    ...numbered(4, (index) => `flink-rest-server-netty-worker-thread-${index}`, NETTY),
    ...numbered(8, (index) => `cluster-io-thread-${index}`, IDLE_POOL),
    ...numbered(2, (index) => `jobmanager-io-thread-${index}`, IDLE_POOL),
    ...running.flatMap((job, index) => [
      { name: `jobmanager_${index + 2}-main-scheduler-thread-1`, stack: SCHEDULER },
      { name: 'Checkpoint Timer', stack: SCHEDULER },
      ...job.vertices
        .filter(({ graph }) => graph.inputs === undefined)
        .map(({ graph }) => ({ name: `SourceCoordinator-${graph.name.split(' -> ')[0]}`, stack: IDLE_POOL })),
    ]),
  ]);
}

/** The threads of a TaskManager at one moment. Each task is found at work as often as it works; `round` is the moment. */
export function taskManagerThreads(
  tasks: readonly ThreadTask[],
  { round, deadlocked }: { readonly round: number; readonly deadlocked: boolean },
): readonly ThreadInfo[] {
  const before = [
    ...COMMON,
    ...numbered(2, (index) => `Timer-${index - 1}`, SCHEDULER),
    { name: 'IOManager writer thread #1', stack: IDLE_POOL },
    { name: 'IOManager reader thread #1', stack: IDLE_POOL },
    { name: 'Flink Netty Server (0) Thread 0', stack: NETTY },
    { name: 'taskmanager_0-main-scheduler-thread-1', stack: SCHEDULER },
    ...numbered(6, (index) => `flink-taskexecutor-io-thread-${index}`, IDLE_POOL),
  ];
  const hot = tasks.find(({ vertex }) => vertex.graph.hot !== undefined);
  const refreshing = hot === undefined ? [] : refreshers(hot, before.length + 1);
  return dumped([
    ...before,
    ...refreshing,
    ...tasks.flatMap(({ job, vertex, task, busy }): readonly Thread[] => {
      const name = `${taskName(vertex, task)}#${task.attempt}`;
      return [
        { name, stack: foundIn({ job, vertex, task, busy }, round) },
        { name: `OutputFlusher for ${name}`, stack: FLUSHER },
        { name: `System Time Trigger for ${name}`, stack: SCHEDULER },
      ];
    }),
    ...(deadlocked && tasks[0] !== undefined
      ? deadlock(classOf(tasks[0].job, tasks[0].vertex), before.length + refreshing.length + 3 * tasks.length + 1)
      : []),
  ]);
}

function foundIn({ job, vertex, task, busy }: ThreadTask, round: number): Stack {
  const chance = ((task.subtask * 61 + vertex.index * 17 + round * 37) % 100) / 100;
  // A task that is blocked waits for a lock that somebody has: the threads of the pool show that.
  const work = workStacks(job, vertex).filter(({ state }) => state !== 'BLOCKED');
  return chance < busy ? (work[(task.subtask + round) % work.length] ?? WAITS) : WAITS;
}

const REFRESHERS = 6;

/** A pool of the user's threads in which all but one wait for the same lock. */
function refreshers({ job, vertex }: ThreadTask, firstId: number): readonly Thread[] {
  const own = classOf(job, vertex);
  const lock = `${own}$Cache@3f2a91c4`;
  const name = (index: number): string => `cache-refresh-thread-${index}`;
  const frames = (...last: readonly Frame[]): readonly Frame[] => [
    'java.lang.Thread.run:840',
    'java.util.concurrent.ThreadPoolExecutor$Worker.run:635',
    'java.util.concurrent.ThreadPoolExecutor.runWorker:1136',
    `${own}$Refresh.run:133`,
    `${own}$Cache.refresh:141`,
    ...last,
  ];
  return Array.from({ length: REFRESHERS }, (_, index) =>
    index === 0
      ? { name: name(1), stack: { state: 'RUNNABLE', frames: frames(`${own}$Cache.load:156`) }, holds: lock }
      : {
          name: name(index + 1),
          stack: { state: 'BLOCKED', frames: frames() },
          wants: { name: lock, owner: { name: name(1), id: firstId } },
        },
  );
}

/** Two threads of the user each of which has what the other one waits for. */
function deadlock(own: string, firstId: number): readonly Thread[] {
  const sides = ['accounts', 'ledger'] as const;
  const name = (side: number): string => `transfer-${sides[side]}`;
  const lock = (side: number): string => `${own}$${side === 0 ? 'Accounts@51c20f7a' : 'Ledger@6b09d3e1'}`;
  return [0, 1].map((side) => ({
    name: name(side),
    stack: {
      state: 'BLOCKED',
      frames: [
        'java.lang.Thread.run:840',
        `${own}$Transfer.run:${71 + side}`,
        `${own}$Transfer.move:${84 + side}`,
        `${own}$Transfer.book:${97 + side}`,
      ],
    },
    holds: lock(side),
    wants: { name: lock(1 - side), owner: { name: name(1 - side), id: firstId + 1 - side } },
  }));
}

const dumped = (threads: readonly Thread[]): readonly ThreadInfo[] =>
  threads.map((thread, index) => ({ threadName: thread.name, stringifiedThreadInfo: stringified(thread, index + 1) }));

/** What a thread in this state waits on if nobody has it. */
const LOCKS: Readonly<Record<Stack['state'], string | undefined>> = {
  RUNNABLE: undefined,
  BLOCKED: undefined,
  WAITING: 'java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject',
  TIMED_WAITING: 'java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject',
};

/** Source: ThreadDumpInfo.stringifyThreadInfo, Flink 2.3. */
function stringified({ name, stack: { state, frames }, wants, holds }: Thread, id: number): string {
  const sleeps = frames.at(-1)?.startsWith('java.lang.Thread.sleep') === true;
  const hash = ((id * 2_654_435_761) >>> 0).toString(16);
  const idle = LOCKS[state];
  const lock = wants?.name ?? (idle === undefined || sleeps || frames.length === 0 ? undefined : `${idle}@${hash}`);
  const owned = wants === undefined ? '' : ` owned by "${wants.owner.name}" Id=${wants.owner.id}`;
  const native = state === 'RUNNABLE' && frames.at(-1)?.endsWith(':-2') === true ? ' (in native)' : '';
  const lines = frames
    .toReversed()
    .flatMap((frame, depth) => [
      `\tat ${javaFrame(frame)}`,
      ...(depth === 0 && lock !== undefined ? [`\t-  ${state === 'BLOCKED' ? 'blocked' : 'waiting'} on ${lock}`] : []),
      ...(depth === 1 && holds !== undefined ? [`\t-  locked ${holds}`] : []),
    ]);
  return `${[`"${name}" Id=${id} ${state}${lock === undefined ? '' : ` on ${lock}`}${owned}${native}`, ...lines].join('\n')}\n\n`;
}

/** `java.lang.Thread.run:840` as `java.base@17.0.15/java.lang.Thread.run(Thread.java:840)`. */
function javaFrame(frame: Frame): string {
  const [, method = frame, line = '-1'] = /^(.*):(-?\d+)$/.exec(frame) ?? [];
  const module = /^(java|jdk)\./.test(method) ? 'java.base@17.0.15/' : method.startsWith('org.apache.') ? 'app//' : '';
  if (line === '-2') return `${module}${method}(Native Method)`;
  if (line === '-1') return `${module}${method}(Unknown Source)`;
  const file = method.split('.').at(-2)?.split('$')[0];
  return `${module}${method}(${file}.java:${line})`;
}
