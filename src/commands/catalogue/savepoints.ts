import type { StoredOperator } from '../../inside/savepoint/read-metadata.ts';
import { idPrefix } from '../../session/job-words.ts';
import { type Column, orDash } from '../../session/tables/column.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatBytes, formatDateTime } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { CommandContext } from '../model/types.ts';
import {
  type FoundSavepoints,
  type KnownSavepoint,
  knownSavepoints,
  lyingSavepoints,
  savepointsOfJob,
} from '../procedures/known-savepoints.ts';

export const savepoints = command({
  name: 'savepoints',
  summary: 'Show the savepoints of all jobs, of one, or of a folder',
  details:
    "Those of jobs come from Flink's statistics, which keep only the newest, and from the journal of this machine, which also has those of restarts and of jobs that are gone. " +
    "For one job, those that lie in the savepoint directory of the cluster are added, and it is checked whether they are whole. A folder is read in the JobManager's pod, which needs the right to run a command there; if the pod does not have it, on this machine. " +
    'A savepoint is whole if its _metadata can be read and the files that it names are there. The folder of one savepoint shows its operators.',
  group: 'jobs',
  examples: ['savepoints', 'savepoints orders-enrichment', 'savepoints file:///data/savepoints'],
  args: { of: optional(arg.jobOrFolder('Job id, unique prefix or name, or a folder as the cluster sees it; default: all jobs')) },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run(context, { of }) {
    const { savepoints: found, remarks, none } = await look(context, of);
    return await context.front.show({
      kind: 'facts',
      title: 'Savepoints',
      text: [...(found.length === 0 ? [none] : lines(found, context.clock.now())), ...remarks],
      data: found.map(dataOf),
    });
  },
});

/** `none`: what is said if there are none. */
async function look(
  context: CommandContext,
  of: { readonly job: Parameters<typeof savepointsOfJob>[1] } | { readonly directory: string } | undefined,
): Promise<FoundSavepoints & { readonly none: string }> {
  if (of === undefined) return { savepoints: await knownSavepoints(context, undefined), remarks: [], none: 'No savepoint is known.' };
  if ('job' in of) return { ...(await savepointsOfJob(context, of.job)), none: 'No savepoint is known.' };
  const { place, ...found } = await lyingSavepoints(context, of.directory);
  return { ...found, none: `${of.directory} holds no savepoint (${place}).` };
}

function lines(found: readonly KnownSavepoint[], now: number): readonly string[] {
  const [first, ...others] = found;
  const operators = others.length === 0 ? first?.lying?.metadata?.operators : undefined;
  const reasons = found.flatMap(({ path, lying }) =>
    lying?.reason === undefined ? [] : [`${oneLine(path, 1_000)} is ${wordOf(lying)}. ${lying.reason}`],
  );
  return [
    ...textTable(columns, found, { now, whole: true }),
    ...reasons.flatMap((reason, index) => (index === 0 ? ['', reason] : [reason])),
    ...(operators === undefined ? [] : ['', ...textTable(operatorColumns, operators, { now, whole: true })]),
  ];
}

const wordOf = ({ state }: NonNullable<KnownSavepoint['lying']>): string => (state === 'unknown' ? 'not known to be whole' : state);

const columns: readonly Column<KnownSavepoint>[] = [
  { title: 'TAKEN', min: 26, max: 26, drop: 0, text: ({ at }) => orDash(at, formatDateTime) },
  {
    title: 'JOB',
    min: 10,
    max: 40,
    drop: 0,
    optional: ({ jobId }) => jobId !== undefined,
    text: ({ jobName }) => oneLine(jobName ?? '-', 40),
  },
  {
    title: 'ID',
    min: 6,
    max: 6,
    drop: 1,
    optional: ({ jobId }) => jobId !== undefined,
    text: ({ jobId }) => (jobId === undefined ? '-' : idPrefix(jobId)),
  },
  { title: 'SIZE', min: 6, max: 9, align: 'right', drop: 1, text: ({ sizeBytes }) => orDash(sizeBytes, formatBytes) },
  { title: 'STATE', min: 7, max: 7, drop: 0, optional: ({ lying }) => lying !== undefined, text: ({ lying }) => lying?.state ?? '-' },
  {
    title: 'OPERATORS',
    min: 9,
    max: 9,
    align: 'right',
    drop: 3,
    optional: ({ lying }) => lying?.metadata !== undefined,
    text: ({ lying }) => orDash(lying?.metadata?.operators.length, String),
  },
  { title: 'KNOWN BY', min: 8, max: 9, drop: 2, text: ({ knownBy }) => knownBy },
  { title: 'PATH', min: 20, max: 200, drop: 0, text: ({ path }) => oneLine(path, 1_000) },
];

const operatorColumns: readonly Column<StoredOperator>[] = [
  { title: 'OPERATOR', min: 10, max: 60, drop: 0, text: ({ name }) => oneLine(name ?? '-', 60) },
  { title: 'UID', min: 6, max: 40, drop: 1, text: ({ uid }) => oneLine(uid ?? '-', 40) },
  { title: 'STATE', min: 6, max: 9, align: 'right', drop: 0, text: ({ sizeBytes }) => formatBytes(sizeBytes) },
  { title: 'PARALLELISM', min: 4, max: 11, align: 'right', drop: 2, text: ({ parallelism }) => String(parallelism) },
  { title: 'MAX PARALLELISM', min: 4, max: 15, align: 'right', drop: 2, text: ({ maxParallelism }) => String(maxParallelism) },
  { title: 'ID', min: 32, max: 32, drop: 3, text: ({ id }) => id },
];

const dataOf = ({ at, lying, ...each }: KnownSavepoint) => ({
  ...each,
  at: isoTime(at),
  ...(lying === undefined
    ? {}
    : {
        state: lying.state,
        reason: lying.reason,
        kind: lying.metadata?.kind,
        format: lying.metadata?.format,
        checkpointId: lying.metadata?.checkpointId,
        operators: lying.metadata?.operators,
      }),
});
