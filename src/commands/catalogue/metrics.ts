import type { FlinkClient } from '../../flink/types.ts';
import { findVertex, vertexName } from '../../inside/find-vertex.ts';
import type { Job } from '../../session/types.ts';
import { jobLabel } from '../../session/job-words.ts';
import { aggregations, type Aggregation, metricColumns, type ValueRow, valueColumns } from '../../session/tables/metrics.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option, optional, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { listed } from '../model/find-subject.ts';
import { similar } from '../model/similar.ts';
import type { CommandContext } from '../model/types.ts';

export const metrics = command({
  name: 'metrics',
  summary: 'Show the metrics of a job or of one of its vertices',
  details:
    'Without a vertex, the metrics of the job itself. Without names, every metric; * in a name stands for any characters. ' +
    'A metric of a vertex is shown over all its subtasks, or with --by-subtask for each of them.',
  group: 'jobs',
  examples: [
    'metrics orders-enrichment',
    'metrics orders-enrichment Enrich busyTimeMsPerSecond --by-subtask',
    'metrics orders-enrichment Enrich "*Watermark" --agg min,max',
  ],
  args: {
    job: orHere(arg.job('Job id, unique prefix or name'), 'job'),
    vertex: orHere(optional(arg.vertex('Id of a vertex, or a part of its name')), 'vertex'),
    names: arg.metrics('Names of metrics'),
  },
  options: {
    agg: option.choices('KINDS', aggregations, 'Only these of min, max, avg, sum and skew, separated by commas'),
    bySubtask: option.flag('One row for each subtask'),
  },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run(context, { job, vertex, names, agg, bySubtask }) {
    if (bySubtask && agg !== undefined)
      throw new Problem('usage', 'A metric by subtask is not aggregated.', { hint: 'Leave out --agg or --by-subtask.' });
    if (vertex === undefined) {
      if (bySubtask || agg !== undefined)
        throw new Problem('usage', 'Only the metrics of a vertex have subtasks.', { hint: 'Name a vertex of the job.' });
      return showValues(context, `Metrics of ${jobLabel(job)}`, await jobValues(context, job));
    }
    const { vertices } = await context.flink.job(job.id, { signal: context.signal });
    const found = findVertex(vertex, vertices);
    if (context.front.enter !== undefined && names.length === 0 && agg === undefined && !bySubtask)
      return context.front.enter({ kind: 'vertex-metrics', job: job.id, vertex: found.id });
    const title = `Metrics of ${vertexName(found)}`;
    const subject: Subject = { job, vertexId: found.id, name: found.name };
    const wanted = await wantedNames(context, subject, names);
    if (bySubtask) return showValues(context, title, await subtaskValues(context.flink, subject, wanted, context.signal));
    return showAggregated(context, title, await context.flink.aggregatedMetrics(job.id, found.id, wanted, { signal: context.signal }), agg);
  },
});

interface Subject {
  readonly job: Job;
  readonly vertexId: string;
  readonly name: string;
}

async function jobValues({ flink, signal }: CommandContext, { id }: Job): Promise<readonly ValueRow[]> {
  const names = await flink.jobMetricNames(id, { signal });
  const values = await flink.jobMetrics(id, names, { signal });
  return names.map((name) => ({ name, subtask: undefined, value: values.get(name) }));
}

/** The metrics that the user names; all if none is named. */
async function wantedNames({ flink, signal }: CommandContext, subject: Subject, words: readonly string[]): Promise<readonly string[]> {
  const known = await flink.vertexMetricNames(subject.job.id, subject.vertexId, { signal });
  if (words.length === 0) return known;
  return [...new Set(words.flatMap((word) => metricsMeant(word, known, subject)))];
}

/** Whether a name has these parts in this order, the first at its beginning and the last at its end: `*` stands between them. */
function hasParts(name: string, [first = '', ...others]: readonly string[]): boolean {
  const last = others.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first) || name.length < first.length + last.length || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}

function metricsMeant(word: string, known: readonly string[], subject: Subject): readonly string[] {
  const meant = known.filter((name) => hasParts(name, word.split('*')));
  if (meant.length > 0) return meant;
  const close = similar(
    word,
    known.map((name) => ({ word: name, risky: false })),
  );
  const within = known.filter((name) => name.toLowerCase().includes(word.toLowerCase()));
  throw new Problem('not-found', `${vertexName(subject)} has no metric "${word}".`, {
    hint:
      close !== undefined
        ? `Did you mean ${close}?`
        : within.length > 0
          ? `Names with it: ${listed(within)}.`
          : 'Without a name, all of them are listed.',
  });
}

async function subtaskValues(
  flink: FlinkClient,
  { job, vertexId }: Subject,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly ValueRow[]> {
  const { subtasks } = await flink.vertex(job.id, vertexId, { signal });
  const numbers = subtasks.map(({ subtask }) => subtask);
  const values = await flink.subtaskMetrics(job.id, vertexId, { names, subtasks: numbers }, { signal });
  return names.flatMap((name) => numbers.map((subtask) => ({ name, subtask, value: values.get(name)?.get(subtask) })));
}

const showValues = ({ front, clock }: CommandContext, title: string, rows: readonly ValueRow[]): void | Promise<void> =>
  front.show({
    kind: 'facts',
    title,
    text: textTable(valueColumns, rows, { now: clock.now(), whole: true }),
    data: {
      metrics: rows.map(({ name, subtask, value }) => ({ name, ...(subtask === undefined ? {} : { subtask }), value: value ?? null })),
    },
  });

function showAggregated(
  { front, clock }: CommandContext,
  title: string,
  rows: Awaited<ReturnType<FlinkClient['aggregatedMetrics']>>,
  agg: readonly Aggregation[] | undefined,
): void | Promise<void> {
  const shown = agg ?? aggregations;
  return front.show({
    kind: 'facts',
    title,
    text: textTable(metricColumns(shown), rows, { now: clock.now(), whole: true }),
    data: { metrics: rows.map((row) => ({ name: row.name, ...Object.fromEntries(shown.map((each) => [each, row[each] ?? null])) })) },
  });
}
