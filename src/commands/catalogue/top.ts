import { readTop } from '../../inside/vertex/read-top.ts';
import type { TopVertex } from '../../inside/vertex/top.ts';
import { columnName } from '../../session/tables/column.ts';
import { sortRows } from '../../session/tables/order.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { topColumns, type TopOrder, topOrders, type TopRow, topRow } from '../../session/tables/top.ts';
import { podUsageColumns } from '../../session/tables/pod-usage.ts';
import { jobLabel } from '../../session/job-words.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option, optional, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { CommandContext } from '../model/types.ts';
import { podsInUse, podUseData } from '../procedures/pod-usage.ts';

const orders = ['busy', 'skew', 'lag', 'state'] as const satisfies readonly TopOrder[];

export const top = command({
  name: 'top',
  summary: 'Rank the vertices of a job, or the pods of the cluster by what they use',
  details:
    'top JOB ranks vertices: busiest, most skewed, furthest behind or longest in a state. ' +
    'BUSY and BACK are those of the busiest and the most back-pressured subtask, AVG is the average of BUSY. SKEW is the data skew as Flink defines it. ' +
    'LAG is that of the lowest watermark. FOR is how long the subtask in LONGEST has been in its state. ' +
    'It makes one request for the job and two for each vertex; on the screen at most six a refresh, so that a large job is read little by little. ' +
    'top pods shows CPU and memory as metrics-server measures them, with their shares of the requests and limits, and the heap as Flink measures it. ' +
    'Without a job it is about the one that is looked at or selected on the screen, and elsewhere about the pods.',
  group: 'jobs',
  examples: ['top pods', 'top orders-enrichment', 'top orders-enrichment skew --most 5'],
  args: {
    job: orHere(optional(arg.jobOrPods('Job id, unique prefix or name; or pods')), 'job'),
    by: optional(arg.choice(orders, 'busy: busiest subtask; skew: uneven work; lag: oldest watermark; state: longest in a state')),
  },
  options: { most: option.integer('N', 'Only the first N', { least: 1, most: 10_000 }) },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run(context, { job = 'pods', by, most }) {
    const { flink, front, clock, signal } = context;
    if (job === 'pods') {
      if (by !== undefined)
        throw new Problem('usage', `Pods are not ranked by ${by}: they come in the order of their CPU use.`, {
          hint: 'Name a job to rank its vertices.',
        });
      return topPods(context, most);
    }
    if (front.enter !== undefined && by === undefined && most === undefined) return front.enter({ kind: 'top', job: job.id });
    const { vertices, now, requests } = await readTop(flink, job.id, undefined, { signal, most: Number.POSITIVE_INFINITY });
    const rows = ranked(
      vertices.map((one) => topRow(one, now)),
      by ?? 'busy',
      clock.now(),
    ).slice(0, most);
    return front.show({
      kind: 'facts',
      title: `Top of ${jobLabel(job)}`,
      text: textTable(topColumns, rows, { now: clock.now(), whole: false }),
      data: { requests, vertices: rows.map((row) => topData(row, now)) },
    });
  },
});

async function topPods(context: CommandContext, most: number | undefined): Promise<void> {
  const { pods, missing } = await podsInUse(context);
  const shown = pods.slice(0, most);
  return context.front.show({
    kind: 'facts',
    title: 'Top of the pods',
    text: [
      ...missing,
      ...(missing.length === 0 ? [] : ['']),
      ...textTable(podUsageColumns, shown, { now: context.clock.now(), whole: false }),
    ],
    data: { missing, pods: shown.map(podUseData) },
  });
}

function ranked(rows: readonly TopRow[], by: TopOrder, now: number): readonly TopRow[] {
  const column = topColumns.find((each) => columnName(each) === topOrders[by]);
  return column === undefined ? rows : sortRows(rows, topColumns, { column: columnName(column), descending: true }, { now, whole: true });
}

/** The documented form for programs. */
const topData = ({ id, name, state, parallelism, load, longest }: TopVertex, now: number): unknown => ({
  id,
  name,
  state,
  parallelism,
  busy: load?.busiest ?? null,
  busyAverage: load?.busyAverage ?? null,
  backPressured: load?.mostBackPressured ?? null,
  idle: load?.leastIdle ?? null,
  skew: load?.skew ?? null,
  watermarkLagMs: load?.lagMs ?? null,
  recordsInPerSecond: load?.recordsIn ?? null,
  recordsOutPerSecond: load?.recordsOut ?? null,
  longest: longest === undefined ? null : { subtask: longest.subtask, state: longest.state, ms: now - longest.since },
});
