import { readTop } from '../../inside/vertex/read-top.ts';
import type { TopVertex } from '../../inside/vertex/top.ts';
import { columnName } from '../../session/tables/column.ts';
import { sortRows } from '../../session/tables/order.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { topColumns, type TopOrder, topOrders, type TopRow, topRow } from '../../session/tables/top.ts';
import { jobLabel } from '../../session/job-words.ts';
import { arg, option, optional, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';

const orders = ['busy', 'skew', 'lag', 'state'] as const satisfies readonly TopOrder[];

export const top = command({
  name: 'top',
  summary: 'Rank the vertices of a job: busiest, most skewed, furthest behind or longest in a state',
  details:
    'BUSY and BACK are those of the busiest and the most back-pressured subtask, AVG is the average of BUSY. SKEW is the data skew as Flink defines it. ' +
    'LAG is that of the lowest watermark. FOR is how long the subtask in LONGEST has been in its state. ' +
    'It makes one request for the job and two for each vertex; on the screen at most six a refresh, so that a large job is read little by little.',
  group: 'jobs',
  examples: ['top orders-enrichment', 'top orders-enrichment skew --most 5'],
  args: {
    job: orHere(arg.job('Job id, unique prefix or name'), 'job'),
    by: optional(arg.choice(orders, 'busy: busiest subtask; skew: uneven work; lag: oldest watermark; state: longest in a state')),
  },
  options: { most: option.integer('N', 'Only the first N', { least: 1, most: 10_000 }) },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run({ flink, front, clock, signal }, { job, by, most }) {
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
