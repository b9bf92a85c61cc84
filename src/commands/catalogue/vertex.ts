import type { Accumulator } from '../../flink/vertex-types.ts';
import { findVertex } from '../../inside/find-vertex.ts';
import { endsOf } from '../../inside/job/ends.ts';
import { readVertex } from '../../inside/vertex/read-vertex.ts';
import type { VertexFacts } from '../../inside/vertex/vertex-facts.ts';
import { columnsFor } from '../../session/tables/column.ts';
import { subtaskColumns, subtaskRow } from '../../session/tables/subtasks.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatSpan } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';
import { arg, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { subtaskData } from '../procedures/subtask-data.ts';

export const vertex = command({
  name: 'vertex',
  summary: 'Show the subtasks of a vertex: where they run, how busy they are, what they read and write',
  details:
    'BUSY, BACK and IDLE are shares of the time of a subtask. SKEW is the number of records that it works on, divided by the average of all subtasks. ' +
    'LAG is how far its watermark is behind the clock of the JobManager. FOR is the time in its present state.',
  group: 'jobs',
  examples: ['vertex orders-enrichment Enrich', 'vertex 9f13c2 0a4484'],
  args: {
    job: orHere(arg.job('Job id, unique prefix or name'), 'job'),
    vertex: orHere(arg.vertex('Id of a vertex, or a part of its name'), 'vertex'),
  },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run({ flink, front, store, clock, signal }, { job, vertex: word }) {
    const { vertices, edges } = await flink.job(job.id, { signal });
    const subject = { jobId: job.id, vertexId: findVertex(word, vertices).id };
    if (front.enter !== undefined) return front.enter({ kind: 'vertex', job: job.id, vertex: subject.vertexId });
    const [facts, accumulators] = await Promise.all([
      readVertex(flink, subject, undefined, { signal, metered: Number.POSITIVE_INFINITY, ends: endsOf(subject.vertexId, edges) }),
      flink.vertexAccumulators(subject.jobId, subject.vertexId, { signal }),
    ]);
    const rows = facts.subtasks.map((one) => subtaskRow(one, store.get().target.clusterId));
    const columns = columnsFor(subtaskColumns, rows).filter(({ wide }) => wide === undefined);
    return front.show({
      kind: 'facts',
      title: oneLine(facts.name),
      text: [headline(facts), '', ...textTable(columns, rows, { now: clock.now(), whole: false }), ...accumulatorLines(accumulators)],
      data: vertexData(facts, accumulators),
    });
  },
});

/** What is to be known of the vertex as a whole. */
function headline({ name, parallelism, maxParallelism, skew, lagMs }: VertexFacts): string {
  const facts = [
    `parallelism ${parallelism}${maxParallelism === undefined ? '' : ` of at most ${maxParallelism}`}`,
    ...(skew === undefined ? [] : [`skew ${Math.round(skew.percent)}% of ${skew.of}`]),
    ...(lagMs === undefined ? [] : [`watermark ${formatSpan(Math.max(0, lagMs))} behind`]),
  ];
  return `${oneLine(name)}: ${facts.join(', ')}`;
}

const accumulatorLines = (accumulators: readonly Accumulator[]): readonly string[] =>
  accumulators.length === 0
    ? []
    : [
        '',
        'Accumulators:',
        ...accumulators.map(({ name, type, value }) => `  ${oneLine(name)} (${oneLine(type)}): ${oneLine(value, 400)}`),
      ];

/** The documented form for programs. */
const vertexData = (facts: VertexFacts, accumulators: readonly Accumulator[]): unknown => ({
  id: facts.id,
  name: facts.name,
  parallelism: facts.parallelism,
  maxParallelism: facts.maxParallelism ?? null,
  at: isoTime(facts.now),
  skew: facts.skew ?? null,
  watermarkLagMs: facts.lagMs ?? null,
  accumulators,
  subtasks: facts.subtasks.map(subtaskData),
});
