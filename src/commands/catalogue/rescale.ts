import type { Rescale } from '../../flink/rescale-types.ts';
import { boundsText, type VertexRescale } from '../../inside/parallelism.ts';
import { jobLabel } from '../../session/job-words.ts';
import type { Column } from '../../session/tables/column.ts';
import { textTable } from '../../session/tables/text-table.ts';
import type { Job } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDateTime, formatDuration } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { noRunningJob } from '../model/reasons.ts';
import type { CommandContext } from '../model/types.ts';
import { changed, changeText, planRescale, rescaleJob, type RescalePlan, slotsText } from '../procedures/rescaling.ts';

export const rescale = command({
  name: 'rescale',
  summary: 'Change the parallelism of a running job, or show it',
  details:
    'Without a parallelism it shows that of each vertex, the slots, and the rescales so far (Flink 2.3, if web.adaptive-scheduler.rescale-history.size is above 0). ' +
    'N is the most that the scheduler may use, N-M the least and the most; VERTEX is the id or the name of a vertex, or a part of it. ' +
    'Only the adaptive scheduler does this: the job restarts from its last checkpoint as soon as there are slots.',
  group: 'jobs',
  examples: ['rescale orders-enrichment', 'rescale orders-enrichment 8', "rescale 9f13c2 Enrich=8 'Source: Orders=2-4'"],
  args: {
    job: arg.job('Job id, unique prefix or name', 'running'),
    parallelism: optional(arg.parallelisms('N or N-M for all vertices, VERTEX=N or VERTEX=N-M for one')),
  },
  shell: { kind: 'run' },
  danger: 'confirm',
  dangerOf: ({ parallelism }) => (parallelism === undefined ? 'safe' : 'confirm'),
  source: 'flink',
  available: (session) => noRunningJob(session) ?? true,
  async confirmation(_session, { job, parallelism = [] }, context) {
    const plan = await planRescale(context, job, parallelism);
    // `run` reports that there is nothing to do.
    if (changed(plan).length === 0) return undefined;
    return {
      title: 'Rescale a job',
      lines: [
        `This restarts ${jobLabel(job)} from its last checkpoint, with another parallelism:`,
        ...changed(plan).map(changeText),
        slotsText(plan.slots),
      ],
      jobs: [job],
      action: 'Rescale the job',
    };
  },
  async run(context, { job, parallelism }) {
    const plan = await planRescale(context, job, parallelism ?? []);
    if (parallelism === undefined) return await show(context, job, plan);
    if (changed(plan).length === 0) {
      context.front.print([`Job ${jobLabel(job)} may already use this parallelism; nothing was changed.`]);
      return;
    }
    context.front.print([slotsText(plan.slots)], 'event');
    context.front.print([`Job ${jobLabel(job)} is rescaled: ${await rescaleJob(context, job, plan)}.`], 'good');
  },
});

async function show({ flink, front, clock, signal }: CommandContext, job: Job, plan: RescalePlan): Promise<void> {
  const history = await flink.rescales(job.id, { signal });
  const form = { now: clock.now(), whole: true };
  await front.show({
    kind: 'facts',
    title: 'Rescale',
    text: [
      ...textTable(vertexColumns, plan.vertices, form),
      '',
      slotsText(plan.slots),
      '',
      ...(history === undefined
        ? ['Earlier rescales are not known: this cluster keeps no history of them.']
        : history.length === 0
          ? ['It was never rescaled.']
          : textTable(rescaleColumns, history, form)),
    ],
    data: {
      jobId: job.id,
      vertices: plan.vertices.map(({ vertex, before }) => ({
        id: vertex.id,
        name: vertex.name,
        parallelism: vertex.parallelism,
        lowerBound: before.least,
        upperBound: before.most,
        maxParallelism: vertex.maxParallelism,
      })),
      slots: plan.slots,
      rescales: history?.map(({ id, trigger, state, reason, startedAt, endedAt }) => ({
        id,
        trigger,
        state,
        reason,
        startedAt: isoTime(startedAt),
        endedAt: isoTime(endedAt),
      })),
    },
  });
}

const vertexColumns: readonly Column<VertexRescale>[] = [
  { title: 'VERTEX', min: 10, max: 60, drop: 0, text: ({ vertex }) => oneLine(vertex.name, 60) },
  { title: 'ID', min: 6, max: 6, drop: 1, text: ({ vertex }) => vertex.id.slice(0, 6) },
  { title: 'PARALLELISM', min: 11, max: 11, align: 'right', drop: 0, text: ({ vertex }) => String(vertex.parallelism) },
  { title: 'BOUNDS', min: 6, max: 11, align: 'right', drop: 0, text: ({ before }) => boundsText(before) },
  {
    title: 'MAXIMUM',
    min: 7,
    max: 7,
    align: 'right',
    drop: 1,
    text: ({ vertex }) => (vertex.maxParallelism > 0 ? String(vertex.maxParallelism) : '-'),
  },
];

const words = (text: string): string => oneLine(text.toLowerCase().replaceAll('_', ' '));

const rescaleColumns: readonly Column<Rescale>[] = [
  { title: 'RESCALE', min: 10, max: 26, drop: 0, text: ({ startedAt }) => formatDateTime(startedAt) },
  { title: 'TRIGGER', min: 10, max: 30, drop: 0, text: ({ trigger }) => words(trigger ?? '-') },
  { title: 'END', min: 8, max: 12, drop: 0, text: ({ state }) => words(state ?? 'under way') },
  {
    title: 'TOOK',
    min: 4,
    max: 8,
    align: 'right',
    drop: 1,
    text: ({ startedAt, endedAt }) => (endedAt === undefined ? '-' : formatDuration(endedAt - startedAt)),
  },
  { title: 'REASON', min: 8, max: 50, drop: 1, text: ({ reason }) => words(reason ?? '-') },
];
