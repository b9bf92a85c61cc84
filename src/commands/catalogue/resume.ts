import { idPrefix, jobLabel } from '../../session/job-words.ts';
import type { RestartNote } from '../../session/resume-note.ts';
import type { OpenRestart } from '../../session/types.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { submitForbidden } from '../model/reasons.ts';
import type { CommandContext } from '../model/types.ts';
import { launchLines } from '../procedures/prepare-restart.ts';
import { fileOf, isUpgrade, restartJob } from '../procedures/restarting.ts';

export const resume = command({
  name: 'resume',
  summary: 'Continue a restart or an upgrade that was interrupted or failed',
  details:
    'Each step first checks what is already done: nothing is stopped or started twice. With --back the old version is started from the savepoint, and the new one is cancelled first if it still runs.',
  group: 'jobs',
  examples: ['resume', 'resume 9f13c2', 'resume orders-enrichment --back'],
  args: { job: optional(arg.text('Id, unique prefix or name of the job that was stopped; default: the only one')) },
  options: { back: option.flag('Start the old version again') },
  shell: { kind: 'run' },
  danger: 'confirm',
  source: 'flink',
  available: (session) => submitForbidden(session) ?? true,
  confirmation(_session, { job, back }, context) {
    const { note } = meant(context, job);
    const next = back ? backward(context, note) : note;
    return {
      title: back ? 'Go back to the old version' : 'Continue a restart',
      lines: [
        note.savepoint === undefined
          ? `${labelOf(note)} was to be stopped with a savepoint and started from it. This continues where it ended.`
          : `${labelOf(note)} is stopped; its savepoint is ${note.savepoint}. This starts ${fileOf(next.launch)} from it${next.abandons === undefined ? '' : `, and cancels job ${idPrefix(next.abandons)} first if it still runs`}.`,
        ...launchLines(next.launch),
      ],
      jobs: [],
      action: back ? `Start ${fileOf(next.launch)} again` : 'Go on',
    };
  },
  async run(context, { job, back }) {
    const { operation, note } = meant(context, job);
    const jobId = await restartJob(context, back ? backward(context, note) : note, operation.id);
    context.front.print([`Job ${labelOf(note)} runs again, with JobID ${jobId}.`], 'good');
  },
});

const labelOf = ({ jobId, jobName }: RestartNote): string => jobLabel({ id: jobId, name: jobName });

/** The restart of this job, or the only one. */
function meant({ operations, store }: CommandContext, word: string | undefined): OpenRestart {
  const open = operations.restarts();
  const found = open.filter(({ note }) => word === undefined || isNamed(note, word));
  const [only, ...others] = found;
  const { clusterId } = store.get().target;
  if (only === undefined)
    throw new Problem(
      'not-found',
      word === undefined || open.length === 0
        ? `No restart of ${clusterId} that began on this machine is open.`
        : `No restart of a job "${word}" is open. Open: ${listed(open)}.`,
    );
  if (others.length > 0)
    throw new Problem('usage', `${found.length} restarts are open: ${listed(found)}.`, { hint: 'Name the job by its id.' });
  if (store.get().operations.some(({ id, state }) => id === only.operation.id && state === 'running'))
    throw new Problem('conflict', `The restart of ${labelOf(only.note)} is under way.`);
  return only;
}

const isNamed = ({ jobId, newJobId, jobName }: RestartNote, word: string): boolean =>
  jobName === word || (word.length >= 4 && [jobId, newJobId].some((id) => id.startsWith(word.toLowerCase())));

const listed = (open: readonly OpenRestart[]): string => open.map(({ note }) => labelOf(note)).join(', ');

/** The old version, with an id of its own. */
function backward({ newId }: Pick<CommandContext, 'newId'>, note: RestartNote): RestartNote {
  if (!isUpgrade(note))
    throw new Problem('usage', `There is no other version: ${labelOf(note)} is started with ${fileOf(note.launch)} as before.`);
  if (note.savepoint === undefined)
    throw new Problem('conflict', `${labelOf(note)} is not known to be stopped: there is no savepoint to go back to.`, {
      hint: `resume ${idPrefix(note.jobId)} continues the upgrade.`,
    });
  return { ...note, launch: note.before, abandons: note.newJobId, newJobId: newId() };
}
