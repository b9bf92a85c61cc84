import { idPrefix } from '../../session/job-words.ts';
import type { Column } from '../../session/tables/column.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatBytes, formatDateTime } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { type KnownSavepoint, knownSavepoints } from '../procedures/known-savepoints.ts';

export const savepoints = command({
  name: 'savepoints',
  summary: 'Show the known savepoints of all jobs or of one',
  details:
    "They come from Flink's statistics of the jobs, which keep only the newest, and from the journal of this machine, which also has those of restarts and of jobs that are gone. drey does not check whether their files still exist.",
  group: 'jobs',
  examples: ['savepoints', 'savepoints orders-enrichment'],
  args: { job: optional(arg.job('Job id, unique prefix or name; default: all jobs')) },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run(context, { job }) {
    const known = await knownSavepoints(context, job);
    return await context.front.show({
      kind: 'facts',
      title: 'Savepoints',
      text: known.length === 0 ? ['No savepoint is known.'] : textTable(columns, known, { now: context.clock.now(), whole: true }),
      data: known.map(({ at, ...each }) => ({ ...each, at: isoTime(at) })),
    });
  },
});

const columns: readonly Column<KnownSavepoint>[] = [
  { title: 'TAKEN', min: 26, max: 26, drop: 0, text: ({ at }) => formatDateTime(at) },
  { title: 'JOB', min: 10, max: 40, drop: 0, text: ({ jobName }) => oneLine(jobName ?? '-', 40) },
  { title: 'ID', min: 6, max: 6, drop: 1, text: ({ jobId }) => idPrefix(jobId) },
  {
    title: 'SIZE',
    min: 6,
    max: 9,
    align: 'right',
    drop: 1,
    text: ({ sizeBytes }) => (sizeBytes === undefined ? '-' : formatBytes(sizeBytes)),
  },
  { title: 'KNOWN BY', min: 8, max: 8, drop: 2, text: ({ knownBy }) => knownBy },
  { title: 'PATH', min: 20, max: 200, drop: 0, text: ({ path }) => oneLine(path, 1_000) },
];
