import type { FlinkCluster } from '../flink/cluster.ts';
import { counts, type CountedStack, type FlameType } from '../flink/flame.ts';
import type { FlinkJob } from '../flink/job.ts';
import type { ProfileMode } from '../flink/samplers.ts';
import { ACTORS, NETTY, SCHEDULER, WAITS, workStacks } from '../flink/stacks.ts';
import type { Task, VertexRun } from '../flink/tasks.ts';
import { taskNumbers } from './task-numbers.ts';

/** A task in its vertex and job. */
export interface RunningTask {
  readonly job: FlinkJob;
  readonly vertex: VertexRun;
  readonly task: Task;
}

/** The tasks that run on a TaskManager. */
export const tasksOn = (cluster: FlinkCluster, taskManager: string): readonly RunningTask[] =>
  [...cluster.jobs.values()].flatMap((job) =>
    job.vertices.flatMap((vertex) =>
      vertex.tasks
        .filter(({ state, slot }) => state === 'RUNNING' && slot?.taskManager === taskManager)
        .map((task) => ({ job, vertex, task })),
    ),
  );

/** How many tasks run on each TaskManager, by its name. */
export function taskCounts(cluster: FlinkCluster): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { tasks } of cluster.jobs.values())
    for (const { state, slot } of tasks)
      if (state === 'RUNNING' && slot !== undefined) counts.set(slot.taskManager, (counts.get(slot.taskManager) ?? 0) + 1);
  return counts;
}

/** In which stacks a task was found in so many samples. Each round of sampling is a little different. */
export function sampled(
  { job, vertex, task }: RunningTask,
  { at, samples }: { readonly at: number; readonly samples: number },
  type: FlameType,
): readonly CountedStack[] {
  const busy = taskNumbers(vertex, task, at).busy / 1000;
  const shifted = (index: number): number => 1 + (((Math.floor(at / 1_000) + index * 5 + task.subtask) % 7) - 3) / 20;
  // A task is in one stack at a time: all of them together are the samples that were taken.
  let left = samples;
  const found = (wanted: number): number => {
    const taken = Math.min(left, Math.round(wanted));
    left -= taken;
    return taken;
  };
  const work = workStacks(job, vertex).map((stack, index) => ({
    ...stack,
    samples: found(samples * busy * stack.weight * shifted(index)),
  }));
  return [...work, { ...WAITS, samples: left }].filter((stack) => counts(type, stack));
}

/** Samples a second of async-profiler; its default interval is 10 ms. */
const PER_SECOND = 100;

/** What a profiler of a TaskManager finds. */
export function profiled(
  tasks: readonly RunningTask[],
  { mode, seconds, at }: { readonly mode: ProfileMode; readonly seconds: number; readonly at: number },
): readonly CountedStack[] {
  const moment = { at, samples: seconds * PER_SECOND };
  const found = (type: FlameType): readonly CountedStack[] => tasks.flatMap((task) => sampled(task, moment, type));
  switch (mode) {
    case 'CPU':
    case 'ITIMER':
      return [...found('ON_CPU'), { frames: NETTY.frames, samples: seconds }];
    case 'WALL':
      return [...found('FULL'), ...[ACTORS, SCHEDULER, NETTY].map(({ frames }) => ({ frames, samples: 4 * moment.samples }))];
    case 'ALLOC':
      return found('ON_CPU').map(({ frames, samples }, index) => ({
        frames: [...frames, index % 2 === 0 ? 'byte[]' : 'java.lang.String'],
        samples: Math.ceil(samples / 4),
      }));
    case 'LOCK':
      return found('OFF_CPU')
        .filter(({ frames }) => frames !== WAITS.frames)
        .map(({ frames, samples }) => ({ frames: [...frames, 'java.lang.Object'], samples }));
  }
}

/** What a profiler of a JobManager finds: it answers requests. */
export const profiledJobManager = (mode: ProfileMode, seconds: number): readonly CountedStack[] =>
  mode === 'LOCK'
    ? []
    : [
        {
          frames: [
            ...NETTY.frames.slice(0, 4),
            'org.apache.flink.runtime.rest.handler.AbstractHandler.respondAsLeader:196',
            'com.fasterxml.jackson.databind.ObjectMapper.writeValue:3214',
          ],
          samples: 6 * seconds,
        },
        { frames: NETTY.frames, samples: 3 * seconds },
        {
          frames: [
            ...ACTORS.frames.slice(0, 2),
            'org.apache.pekko.dispatch.Mailbox.run:234',
            'org.apache.flink.runtime.rpc.pekko.PekkoRpcActor.handleRpcInvocation:316',
          ],
          samples: 4 * seconds,
        },
        ...(mode === 'WALL' ? [{ frames: SCHEDULER.frames, samples: PER_SECOND * seconds }] : []),
      ];
