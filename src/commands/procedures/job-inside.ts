import { isTerminal } from '../../flink/types.ts';
import { bottleneckSentence } from '../../inside/job/bottleneck.ts';
import { readJob } from '../../inside/job/read-job.ts';
import type { Bottleneck, JobInside, VertexInside } from '../../inside/job/types.ts';
import { stagesWords, tasksWords } from '../../inside/job/words.ts';
import { columnsFor, type CellForm } from '../../session/tables/column.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { vertexColumns, vertexRows } from '../../session/tables/vertices.ts';
import type { Job } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDateTime, formatDuration } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';
import type { CommandContext } from '../model/types.ts';

/**
 * A JobManager that nobody asked for metrics begins to fetch them with the first question, and answers the next one. In milliseconds. Source:
 * `MetricFetcherImpl`, Flink 2.3.
 */
const fetchMs = 1_500;

/** How often to look again for figures that the JobManager does not have yet. */
const mostLooks = 4;

/** Looks at a job until its figures are known, or do not come. */
export async function lookInside({ flink, clock, signal }: CommandContext, { id }: Pick<Job, 'id'>): Promise<JobInside> {
  let seen: JobInside | undefined;
  for (let look = 1; ; look += 1) {
    // Figures of now are differences, for which one would have to wait: each vertex is asked for its own instead.
    seen = await readJob(id, { flink, signal, before: seen, vertices: Number.POSITIVE_INFINITY });
    if (seen.bottleneck.kind !== 'unknown' || look === mostLooks) return seen;
    await clock.sleep(fetchMs, signal);
  }
}

/** How often the job was started again; undefined: not known. */
export async function restartsOf({ flink, store, signal }: CommandContext, { id, state }: Job): Promise<number | undefined> {
  const known = store.get().jobs.find((job) => job.id === id)?.restarts;
  if (known !== undefined || isTerminal(state)) return known;
  return (await flink.jobMetrics(id, ['numRestarts'], { signal })).get('numRestarts');
}

const row = (label: string, value: string): string => `${label.padEnd(16)}${value}`;

/** What a person reads. */
export function insideText(inside: JobInside, restarts: number | undefined, form: CellForm): readonly string[] {
  const { job } = inside;
  const columns = columnsFor(vertexColumns, []).filter(({ wide }) => wide !== true);
  const stages = stagesWords(inside);
  return [
    row('Job', oneLine(job.name)),
    row('Id', job.id),
    row('State', `${job.state} ${isTerminal(job.state) ? 'after' : 'for'} ${formatDuration(job.durationMs)}`),
    row('Started', formatDateTime(job.startTime)),
    ...(restarts === undefined ? [] : [row('Restarts', String(restarts))]),
    row('Tasks', tasksWords(inside)),
    ...(stages === undefined ? [] : [row('Stages', stages)]),
    row('Bottleneck', bottleneckSentence(inside)),
    '',
    ...(inside.vertices.length === 0 ? ['The job has no vertices yet.'] : textTable(columns, vertexRows(inside), form)),
  ];
}

/** What a program reads. */
export function insideData(inside: JobInside, restarts: number | undefined): unknown {
  const { job, vertices, bottleneck } = inside;
  return {
    id: job.id,
    name: job.name,
    state: job.state,
    type: job.type,
    scheduler: job.scheduler,
    startTime: isoTime(job.startTime),
    endTime: isoTime(job.endTime),
    durationMs: job.durationMs,
    restarts,
    bottleneck: { ...bottleneckData(bottleneck), sentence: bottleneckSentence(inside) },
    vertices: vertices.map(vertexData),
    edges: job.edges,
    pendingOperators: job.pendingOperators,
    pending: job.pending,
  };
}

function bottleneckData(bottleneck: Bottleneck): object {
  switch (bottleneck.kind) {
    case 'found':
      return { kind: 'found', vertex: bottleneck.id, busy: bottleneck.busy, waiting: bottleneck.waiting };
    case 'none':
    case 'unproved':
    case 'unknown':
    case 'not-running':
      return bottleneck;
  }
}

const vertexData = ({ vertex, load, peak, rates }: VertexInside): unknown => ({
  id: vertex.id,
  name: vertex.name,
  operators: vertex.operators,
  state: vertex.state,
  parallelism: vertex.parallelism,
  maxParallelism: vertex.maxParallelism,
  tasks: vertex.tasks,
  startTime: isoTime(vertex.startTime),
  endTime: isoTime(vertex.endTime),
  durationMs: vertex.durationMs,
  load,
  peak,
  perSecond: rates,
  total: vertex.totals,
});
