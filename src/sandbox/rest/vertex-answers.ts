import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import { aggregateState, countStates, isEnded, taskStates, type Task, type VertexRun } from '../flink/tasks.ts';
import { since20 } from './job-shapes.ts';
import { watermarkOf } from './task-metrics.ts';
import { aggregated, ioMetrics, taskNumbers } from './task-numbers.ts';

/** A vertex at one moment. */
export interface VertexScene {
  readonly cluster: FlinkCluster;
  readonly job: FlinkJob;
  readonly vertex: VertexRun;
  readonly now: number;
}

const UNASSIGNED = '(unassigned)';

export const endpointOf = (task: Task): string => (task.slot === undefined ? UNASSIGNED : `${task.slot.taskManager}:6121`);

/** Milliseconds in each state that was entered. */
function durations(task: Task, now: number): Record<string, number> {
  const entered = [...task.stamps].sort(([, a], [, b]) => a - b);
  return Object.fromEntries(entered.map(([state, at], index) => [state, isEnded(state) ? 0 : (entered[index + 1]?.[1] ?? now) - at]));
}

export function subtaskAnswer({ cluster, vertex, now }: VertexScene, task: Task): Record<string, unknown> {
  const start = task.stamps.get('DEPLOYING') ?? -1;
  const end = isEnded(task.state) ? (task.stamps.get(task.state) ?? -1) : -1;
  return {
    subtask: task.subtask,
    status: task.state,
    attempt: task.attempt,
    endpoint: endpointOf(task),
    ...(since20(cluster) ? {} : { host: task.slot?.taskManager ?? UNASSIGNED }),
    'start-time': start,
    'end-time': end,
    duration: start < 0 ? -1 : (end < 0 ? now : end) - start,
    metrics: ioMetrics([taskNumbers(vertex, task, now)]),
    'taskmanager-id': task.slot?.taskManager ?? UNASSIGNED,
    'status-duration': durations(task, now),
    start_time: start,
  };
}

function summed(entries: readonly Record<string, unknown>[]): Record<string, unknown> {
  const collect = (member: string): Record<string, unknown> => {
    const values = new Map<string, number[]>();
    for (const entry of entries)
      for (const [key, value] of Object.entries(entry[member] as Readonly<Record<string, unknown>>)) {
        if (typeof value !== 'number') continue;
        const known = values.get(key);
        if (known === undefined) values.set(key, [value]);
        else known.push(value);
      }
    return Object.fromEntries([...values].map(([key, list]) => [key, aggregated(list)]));
  };
  return { metrics: collect('metrics'), 'status-duration': collect('status-duration') };
}

export function vertexAnswer(scene: VertexScene): unknown {
  const { vertex, now } = scene;
  const subtasks = vertex.tasks.map((task) => subtaskAnswer(scene, task));
  return {
    id: vertex.id,
    name: vertex.graph.name,
    parallelism: vertex.tasks.length,
    maxParallelism: 128,
    now,
    subtasks,
    aggregated: summed(subtasks),
  };
}

export const timesAnswer = ({ vertex, now }: VertexScene): unknown => ({
  id: vertex.id,
  name: vertex.graph.name,
  now,
  subtasks: vertex.tasks.map((task) => ({
    subtask: task.subtask,
    endpoint: endpointOf(task),
    duration: now - (task.stamps.get('SCHEDULED') ?? now),
    timestamps: Object.fromEntries(taskStates.map((state) => [state, task.stamps.get(state) ?? 0])),
  })),
});

export function taskManagersAnswer(scene: VertexScene): unknown {
  const { cluster, vertex, now } = scene;
  const groups = Map.groupBy(vertex.tasks, (task) => task.slot?.taskManager ?? UNASSIGNED);
  return {
    id: vertex.id,
    name: vertex.graph.name,
    now,
    taskmanagers: [...groups].map(([name, tasks]) => {
      const start = Math.min(...tasks.map((task) => task.stamps.get('DEPLOYING') ?? now));
      return {
        endpoint: name === UNASSIGNED ? name : `${name}:6121`,
        ...(since20(cluster) ? {} : { host: name }),
        status: aggregateState(tasks),
        'start-time': start,
        'end-time': -1,
        duration: now - start,
        metrics: ioMetrics(tasks.map((task) => taskNumbers(vertex, task, now))),
        'status-counts': countStates(tasks),
        'taskmanager-id': name,
        aggregated: summed(tasks.map((task) => subtaskAnswer(scene, task))),
      };
    }),
  };
}

/** A source reads no watermarks. */
export const watermarksAnswer = ({ job, vertex, now }: VertexScene): unknown =>
  vertex.graph.inputs === undefined
    ? []
    : vertex.tasks
        .filter((task) => task.runningSince !== undefined)
        .map((task) => ({ id: `${task.subtask}.currentInputWatermark`, value: watermarkOf(job, vertex, task, now) }));

const levelOf = (ratio: number): 'ok' | 'low' | 'high' => (ratio <= 0.1 ? 'ok' : ratio <= 0.5 ? 'low' : 'high');

export function backPressureAnswer({ vertex, now }: VertexScene): unknown {
  if (vertex.tasks.every((task) => task.runningSince === undefined)) return { status: 'deprecated' };
  const subtasks = vertex.tasks.map((task) => {
    const { backPressured, idle, busy } = taskNumbers(vertex, task, now);
    const level = levelOf(backPressured / 1000);
    return {
      subtask: task.subtask,
      backpressureLevel: level,
      ratio: backPressured / 1000,
      idleRatio: idle / 1000,
      busyRatio: busy / 1000,
      'backpressure-level': level,
    };
  });
  const level = levelOf(subtasks.reduce((most, { ratio }) => Math.max(most, ratio), 0));
  return { status: 'ok', backpressureLevel: level, 'end-timestamp': now, subtasks, 'backpressure-level': level };
}

interface Accumulator {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}

/** The user's own counters: a vertex with an uneven load counts what it looks up. */
function accumulatorsOf({ vertex, now }: VertexScene, tasks: readonly Task[]): readonly Accumulator[] {
  if (vertex.graph.hot === undefined) return [];
  const read = tasks.reduce((sum, task) => sum + taskNumbers(vertex, task, now).recordsIn, 0);
  return [
    { name: 'lookups', type: 'LongCounter', value: String(read) },
    { name: 'not found', type: 'IntCounter', value: String(Math.round(read / 1_900)) },
    { name: 'longest lookup (ms)', type: 'DoubleMaximum', value: '48.25' },
  ];
}

export const accumulatorsAnswer = (scene: VertexScene): unknown => ({
  id: scene.vertex.id,
  'user-accumulators': accumulatorsOf(scene, scene.vertex.tasks),
});

export const subtaskAccumulatorsAnswer = (scene: VertexScene): unknown => ({
  id: scene.vertex.id,
  parallelism: scene.vertex.tasks.length,
  subtasks: scene.vertex.tasks.map((task) => ({
    subtask: task.subtask,
    attempt: task.attempt,
    endpoint: endpointOf(task),
    'user-accumulators': accumulatorsOf(scene, [task]),
  })),
});

export const attemptAccumulatorsAnswer = (scene: VertexScene, task: Task): unknown => ({
  subtask: task.subtask,
  attempt: task.attempt,
  id: scene.job.executionId(scene.vertex, task),
  'user-accumulators': accumulatorsOf(scene, [task]),
});

/** Those of all vertices: the values of the same name are added up. */
export const jobAccumulatorsAnswer = (scenes: readonly VertexScene[]): unknown => ({
  'job-accumulators': [],
  'user-task-accumulators': scenes.flatMap((scene) => accumulatorsOf(scene, scene.vertex.tasks)),
  'serialized-user-task-accumulators': {},
});
