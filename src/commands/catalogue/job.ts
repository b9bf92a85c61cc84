import { jobLabel } from '../../session/job-words.ts';
import type { Job, Session } from '../../session/types.ts';
import { Problem } from '../../support/problem.ts';
import { arg, optional, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { isRunning } from '../model/find-subject.ts';
import { readJobConfiguration } from '../../session/inspections/job-configuration.ts';
import type { CommandContext } from '../model/types.ts';
import { jobConfigurationData, jobConfigurationText } from '../procedures/job-configuration.ts';
import { insideData, insideText, lookInside, restartsOf } from '../procedures/job-inside.ts';

const parts = ['overview', 'configuration'] as const;

export const job = command({
  name: 'job',
  summary: 'Show the inside of a job: its vertices, what they do, and the bottleneck; or its configuration',
  details:
    'BUSY, BACK and IDLE say how the subtasks of a vertex spend their time: at work, held up by what comes after them, or without records; MAX is the share of the busiest subtask. ' +
    'The bottleneck is the first vertex that is busy while those before it are back-pressured. Without a name it shows the only job that runs. ' +
    'configuration shows how Flink runs the job, how it takes checkpoints, and what its program registered; secrets are masked.',
  group: 'jobs',
  examples: ['job', 'job orders-enrichment', 'job orders-enrichment configuration'],
  args: {
    job: orHere(optional(arg.job('Job id, unique prefix or name')), 'job'),
    part: optional(arg.choice(parts, 'What to show; default: overview')),
  },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run(context, { job: named, part }) {
    const { front, clock, store } = context;
    const meant = named ?? onlyRunning(store.get());
    if (part === 'configuration') return showConfiguration(context, meant);
    if (front.enter !== undefined) return front.enter({ kind: 'job', job: meant.id }, 'Overview');
    const inside = await lookInside(context, meant);
    const restarts = await restartsOf(context, meant);
    await front.show({
      kind: 'facts',
      title: 'Job',
      text: insideText(inside, restarts, { now: clock.now(), whole: false }),
      data: insideData(inside, restarts),
    });
  },
});

async function showConfiguration({ flink, front, clock, signal }: CommandContext, job: Job): Promise<void> {
  if (front.enter !== undefined) return front.enter({ kind: 'job-configuration', job: job.id });
  const facts = await readJobConfiguration(flink, job.id, signal);
  await front.show({
    kind: 'facts',
    title: `Configuration of ${jobLabel(job)}`,
    text: jobConfigurationText(facts, clock.now()),
    data: jobConfigurationData(facts),
  });
}

/** The job that runs, if there is only one. */
function onlyRunning({ jobs }: Session): Job {
  const running = jobs.filter(isRunning);
  const [only, ...others] = running.length === 0 ? jobs : running;
  if (only === undefined) throw new Problem('not-found', 'There are no jobs.');
  if (others.length > 0) {
    const count = others.length + 1;
    throw new Problem('usage', running.length === 0 ? `There are ${count} jobs, and none runs.` : `${count} jobs are running.`, {
      hint: `Name one of them: ${[only, ...others].slice(0, 8).map(jobLabel).join(', ')}.`,
    });
  }
  return only;
}
