import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import type { Task, VertexRun } from '../flink/tasks.ts';
import { aggregatedAnswer, metricsAnswer, type Metrics } from './metrics.ts';
import { idPart, jobPart, unresolved, vertexPart } from './path-parts.ts';
import { refused } from './rest-errors.ts';
import type { RestRoute } from './rest-route.ts';
import { operatorsOf, taskMetrics } from './task-metrics.ts';
import {
  accumulatorsAnswer,
  attemptAccumulatorsAnswer,
  backPressureAnswer,
  subtaskAccumulatorsAnswer,
  subtaskAnswer,
  taskManagersAnswer,
  timesAnswer,
  vertexAnswer,
  watermarksAnswer,
  type VertexScene,
} from './vertex-answers.ts';

type Parts = Readonly<Record<string, string>>;

const VERTEX = '/jobs/:job/vertices/:vertex';

/** An answer about a vertex. */
const ofVertex = (below: string, answer: (scene: VertexScene) => unknown): RestRoute => ({
  method: 'GET',
  pattern: `${VERTEX}${below}`,
  run: (cluster, _call, parts) => answer(sceneOf(cluster, parts)),
});

/** An answer about a subtask: about its newest attempt, unless the path names another one. */
const ofTask = (below: string, answer: (scene: VertexScene, task: Task) => unknown): RestRoute => ({
  method: 'GET',
  pattern: `${VERTEX}/subtasks/:subtask${below}`,
  run(cluster, _call, parts) {
    const scene = sceneOf(cluster, parts);
    return answer(scene, attemptPart(taskPart(scene.vertex, parts), parts['attempt']));
  },
});

/** Below `/jobs/:job/vertices/:vertex`. */
export const vertexRoutes: readonly RestRoute[] = [
  ofVertex('', vertexAnswer),
  ofVertex('/subtasktimes', timesAnswer),
  ofVertex('/taskmanagers', taskManagersAnswer),
  ofVertex('/accumulators', accumulatorsAnswer),
  ofVertex('/watermarks', watermarksAnswer),
  ofVertex('/backpressure', backPressureAnswer),
  { method: 'GET', pattern: `${VERTEX}/metrics`, run: (cluster, call, parts) => metricsAnswer(prefixed(cluster, parts), call.query) },
  {
    method: 'GET',
    pattern: `${VERTEX}/jm-operator-metrics`,
    run: (cluster, call, parts) => metricsAnswer(coordinatorMetrics(cluster, parts), call.query),
  },
  {
    method: 'GET',
    pattern: `${VERTEX}/subtasks/metrics`,
    run: (cluster, call, parts) => subtasksMetrics(cluster, parts, call.query),
  },
  ofVertex('/subtasks/accumulators', subtaskAccumulatorsAnswer),
  ofTask('', subtaskAnswer),
  ofTask('/attempts/:attempt', subtaskAnswer),
  ofTask('/attempts/:attempt/accumulators', attemptAccumulatorsAnswer),
  {
    method: 'GET',
    pattern: `${VERTEX}/subtasks/:subtask/metrics`,
    run: (cluster, call, parts) => metricsAnswer(subtaskMetrics(cluster, parts), call.query),
  },
];

function sceneOf(cluster: FlinkCluster, parts: Parts): VertexScene {
  const job = jobPart(cluster, parts);
  return { cluster, job, vertex: vertexPart(job, parts), now: cluster.now() };
}

function taskPart(vertex: VertexRun, parts: Parts): Task {
  const text = parts['subtask'] ?? '';
  if (!/^\d+$/.test(text)) throw unresolved('path', 'subtaskindex', text);
  const task = vertex.tasks[Number(text)];
  if (task === undefined) throw refused(404, `Invalid subtask index for vertex ${vertex.id}`);
  return task;
}

/** Source: AbstractSubtaskAttemptHandler, Flink 2.3. */
function attemptPart(task: Task, text: string | undefined): Task {
  if (text === undefined) return task;
  if (!/^\d+$/.test(text)) throw unresolved('path', 'attempt', text);
  const wanted = Number(text);
  if (wanted === task.attempt) return task;
  const earlier = task.earlier.find(({ attempt }) => attempt === wanted);
  if (earlier === undefined) throw refused(404, `Invalid attempt num ${wanted}`);
  return { ...earlier, earlier: [] };
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
      [...taskMetrics(here.job, here.vertex, task, cluster.now())].map(([name, value]): [string, string | number] => [
        `${task.subtask}.${name}`,
        value,
      ]),
    ),
  );
}

/** Of the coordinators of operators: only sources have one. */
function coordinatorMetrics(cluster: FlinkCluster, parts: Parts): Metrics {
  const vertex = found(cluster, parts)?.vertex;
  if (vertex === undefined || vertex.graph.inputs !== undefined) return new Map();
  return new Map([[`${operatorsOf(vertex)[0]}.coordinator.enumerator.unassignedSplits`, 0]]);
}

function subtaskMetrics(cluster: FlinkCluster, parts: Parts): Metrics {
  const here = found(cluster, parts);
  const task = here?.vertex.tasks[Number(parts['subtask'])];
  return here === undefined || task === undefined ? new Map() : taskMetrics(here.job, here.vertex, task, cluster.now());
}

function subtasksMetrics(cluster: FlinkCluster, parts: Parts, query: URLSearchParams): unknown {
  const here = found(cluster, parts);
  const now = cluster.now();
  const answer = aggregatedAnswer(
    here === undefined
      ? []
      : here.vertex.tasks
          .filter((task) => inRanges(query.get('subtasks'), task.subtask))
          .map((task) => taskMetrics(here.job, here.vertex, task, now)),
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
