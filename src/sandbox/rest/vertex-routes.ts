import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import { aggregatedAnswer, metricsAnswer, taskMetrics, type Metrics } from './metrics.ts';
import { aggregated, ioMetrics, taskNumbers } from './task-numbers.ts';
import { refused } from './rest-errors.ts';
import { countsOf, since20 } from './job-shapes.ts';
import { idPart, jobPart, unresolved, vertexPart } from './path-parts.ts';
import type { RestRoute } from './rest-route.ts';
import { aggregateState, isEnded, taskStates, type Task, type VertexRun } from '../flink/tasks.ts';

type Parts = Readonly<Record<string, string>>;

/** Below `/jobs/:job/vertices/:vertex`. */
export const vertexRoutes: readonly RestRoute[] = [
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex',
    run: (cluster, _call, parts) => withVertex(cluster, parts, (job, vertex) => detail(cluster, job, vertex)),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/subtasktimes',
    run: (cluster, _call, parts) => withVertex(cluster, parts, (_job, vertex) => times(vertex)),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/taskmanagers',
    run: (cluster, _call, parts) => withVertex(cluster, parts, (job, vertex) => byTaskManager(cluster, job, vertex)),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/accumulators',
    run: (cluster, _call, parts) => withVertex(cluster, parts, (_job, vertex) => ({ id: vertex.id, 'user-accumulators': [] })),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/watermarks',
    run: (cluster, _call, parts) => withVertex(cluster, parts, watermarks),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/backpressure',
    run: (cluster, _call, parts) => withVertex(cluster, parts, backpressure),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/flamegraph',
    run: (cluster, _call, parts) => withVertex(cluster, parts, () => ({ endTimestamp: -2 })),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/metrics',
    run: (cluster, call, parts) => metricsAnswer(prefixed(cluster, parts), call.query),
  },
  { method: 'GET', pattern: '/jobs/:job/vertices/:vertex/jm-operator-metrics', run: () => [] },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/subtasks/metrics',
    run: (cluster, call, parts) => subtasksMetrics(cluster, parts, call.query),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/subtasks/accumulators',
    run: (cluster, _call, parts) =>
      withVertex(cluster, parts, (_job, vertex) => ({ id: vertex.id, parallelism: vertex.tasks.length, subtasks: [] })),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/subtasks/:subtask',
    run: (cluster, _call, parts) => withVertex(cluster, parts, (job, vertex) => subtask(cluster, job, vertex, taskPart(vertex, parts))),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/subtasks/:subtask/attempts/:attempt',
    run: (cluster, _call, parts) => withVertex(cluster, parts, (job, vertex) => subtask(cluster, job, vertex, taskPart(vertex, parts))),
  },
  {
    method: 'GET',
    pattern: '/jobs/:job/vertices/:vertex/subtasks/:subtask/metrics',
    run: (cluster, call, parts) => metricsAnswer(subtaskMetrics(cluster, parts), call.query),
  },
];

function withVertex<T>(cluster: FlinkCluster, parts: Parts, make: (job: FlinkJob, vertex: VertexRun) => T): T {
  const job = jobPart(cluster, parts);
  return make(job, vertexPart(job, parts));
}

function taskPart(vertex: VertexRun, parts: Parts): Task {
  const text = parts['subtask'] ?? '';
  if (!/^\d+$/.test(text)) throw unresolved('path', 'subtaskindex', text);
  const task = vertex.tasks[Number(text)];
  if (task === undefined) throw refused(404, `Invalid subtask index for vertex ${vertex.id}`);
  return task;
}

const endpointOf = (task: Task): string => (task.slot === undefined ? '(unassigned)' : `${task.slot.taskManager}:6121`);

/** Milliseconds in each state that was entered. */
function durations(task: Task, now: number): Record<string, number> {
  const entered = [...task.stamps].sort(([, a], [, b]) => a - b);
  return Object.fromEntries(entered.map(([state, at], index) => [state, isEnded(state) ? 0 : (entered[index + 1]?.[1] ?? now) - at]));
}

function subtask(cluster: FlinkCluster, job: FlinkJob, vertex: VertexRun, task: Task): Record<string, unknown> {
  const now = Date.now();
  const start = task.stamps.get('DEPLOYING') ?? -1;
  const end = isEnded(task.state) ? (task.stamps.get(task.state) ?? -1) : -1;
  return {
    subtask: task.subtask,
    status: task.state,
    attempt: task.attempt,
    endpoint: endpointOf(task),
    ...(since20(cluster) ? {} : { host: task.slot?.taskManager ?? '(unassigned)' }),
    'start-time': start,
    'end-time': end,
    duration: start < 0 ? -1 : (end < 0 ? now : end) - start,
    metrics: ioMetrics([taskNumbers(job, vertex, task, now)]),
    'taskmanager-id': task.slot?.taskManager ?? '(unassigned)',
    'status-duration': durations(task, now),
    start_time: start,
  };
}

function summed(entries: readonly Record<string, unknown>[]): Record<string, unknown> {
  const collect = (member: string): Record<string, unknown> => {
    const values = new Map<string, number[]>();
    for (const entry of entries)
      for (const [key, value] of Object.entries(entry[member] as Readonly<Record<string, unknown>>)) {
        if (typeof value === 'number') values.set(key, [...(values.get(key) ?? []), value]);
      }
    return Object.fromEntries([...values].map(([key, list]) => [key, aggregated(list)]));
  };
  return { metrics: collect('metrics'), 'status-duration': collect('status-duration') };
}

function detail(cluster: FlinkCluster, job: FlinkJob, vertex: VertexRun): unknown {
  const subtasks = vertex.tasks.map((task) => subtask(cluster, job, vertex, task));
  return {
    id: vertex.id,
    name: vertex.graph.name,
    parallelism: vertex.tasks.length,
    maxParallelism: 128,
    now: Date.now(),
    subtasks,
    aggregated: summed(subtasks),
  };
}

function times(vertex: VertexRun): unknown {
  const now = Date.now();
  return {
    id: vertex.id,
    name: vertex.graph.name,
    now,
    subtasks: vertex.tasks.map((task) => ({
      subtask: task.subtask,
      endpoint: endpointOf(task),
      duration: now - (task.stamps.get('SCHEDULED') ?? now),
      timestamps: Object.fromEntries(taskStates.map((state) => [state, task.stamps.get(state) ?? 0])),
    })),
  };
}

function byTaskManager(cluster: FlinkCluster, job: FlinkJob, vertex: VertexRun): unknown {
  const now = Date.now();
  const groups = Map.groupBy(vertex.tasks, (task) => task.slot?.taskManager ?? '(unassigned)');
  return {
    id: vertex.id,
    name: vertex.graph.name,
    now,
    taskmanagers: [...groups].map(([name, tasks]) => {
      const entries = tasks.map((task) => subtask(cluster, job, vertex, task));
      const start = Math.min(...tasks.map((task) => task.stamps.get('DEPLOYING') ?? now));
      return {
        endpoint: name === '(unassigned)' ? name : `${name}:6121`,
        ...(since20(cluster) ? {} : { host: name }),
        status: aggregateState(tasks),
        'start-time': start,
        'end-time': -1,
        duration: now - start,
        metrics: ioMetrics(tasks.map((task) => taskNumbers(job, vertex, task, now))),
        'status-counts': countsOf(tasks.map((task) => task.state)),
        'taskmanager-id': name,
        aggregated: summed(entries),
      };
    }),
  };
}

function watermarks(job: FlinkJob, vertex: VertexRun): unknown {
  if (vertex.graph.input === undefined) return [];
  return vertex.tasks.map((task) => ({
    id: `${task.subtask}.currentInputWatermark`,
    value: String(taskMetrics(job, vertex, task, Date.now()).get('currentInputWatermark') ?? '-9223372036854775808'),
  }));
}

const levelOf = (ratio: number): 'ok' | 'low' | 'high' => (ratio <= 0.1 ? 'ok' : ratio <= 0.5 ? 'low' : 'high');

function backpressure(job: FlinkJob, vertex: VertexRun): unknown {
  const now = Date.now();
  if (vertex.tasks.every((task) => task.runningSince === undefined)) return { status: 'deprecated' };
  const subtasks = vertex.tasks.map((task) => {
    const { backPressured, idle, busy } = taskNumbers(job, vertex, task, now);
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
  const level = levelOf(Math.max(...subtasks.map((one) => one.ratio)));
  return { status: 'ok', backpressureLevel: level, 'end-timestamp': now, subtasks, 'backpressure-level': level };
}

/** Unknown jobs and vertices have no metrics; that is not an error. */
function found(cluster: FlinkCluster, parts: Parts): { readonly job: FlinkJob; readonly vertex: VertexRun } | undefined {
  const job = cluster.jobs.get(idPart('jobid', parts['job']));
  const vertex = job?.vertices.find((one) => one.id === parts['vertex']);
  return job === undefined || vertex === undefined ? undefined : { job, vertex };
}

function prefixed(cluster: FlinkCluster, parts: Parts): Metrics {
  const here = found(cluster, parts);
  if (here === undefined) return new Map();
  return new Map(
    here.vertex.tasks.flatMap((task) =>
      [...taskMetrics(here.job, here.vertex, task, Date.now())].map(([name, value]): [string, string | number] => [
        `${task.subtask}.${name}`,
        value,
      ]),
    ),
  );
}

function subtaskMetrics(cluster: FlinkCluster, parts: Parts): Metrics {
  const here = found(cluster, parts);
  const task = here?.vertex.tasks[Number(parts['subtask'])];
  return here === undefined || task === undefined ? new Map() : taskMetrics(here.job, here.vertex, task, Date.now());
}

function subtasksMetrics(cluster: FlinkCluster, parts: Parts, query: URLSearchParams): unknown {
  const here = found(cluster, parts);
  const answer = aggregatedAnswer(
    here === undefined
      ? []
      : here.vertex.tasks
          .filter((task) => inRanges(query.get('subtasks'), task.subtask))
          .map((task) => taskMetrics(here.job, here.vertex, task, Date.now())),
    query,
  );
  if ('badAggregate' in answer) throw unresolved('query', 'agg', answer.badAggregate);
  return answer;
}

/** `1,3,5-9`. */
function inRanges(ranges: string | null, subtask: number): boolean {
  return (
    ranges === null ||
    ranges.split(',').some((range) => {
      const [low = 0, high = low] = range.split('-').map(Number);
      return subtask >= low && subtask <= high;
    })
  );
}
