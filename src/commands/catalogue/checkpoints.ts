import { readCheckpoint, readCheckpoints } from '../../session/inspections/checkpoints.ts';
import { jobLabel } from '../../session/job-words.ts';
import { arg, optional, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { checkpointInsideData, checkpointsData, checkpointsText, checkpointText } from '../procedures/checkpoint-text.ts';

export const checkpoints = command({
  name: 'checkpoints',
  summary: 'Show the checkpoints of a job, or what held one of them up',
  details:
    'The history with the time that each phase took (start delay, alignment, sync and async of the subtask that acknowledged last), percentiles, and the configuration. ' +
    'With the number of a checkpoint, its operators and the subtasks of the slowest one.',
  group: 'jobs',
  examples: ['checkpoints orders-enrichment', 'checkpoints 9f13c2 42'],
  args: {
    job: orHere(arg.job('Job id, unique prefix or name'), 'job'),
    id: optional(arg.number('Number of a checkpoint; default: all of them')),
  },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run({ flink, front, clock, signal }, { job, id }) {
    if (front.enter !== undefined)
      return front.enter(
        id === undefined ? { kind: 'checkpoints', job: job.id } : { kind: 'checkpoint', job: job.id, id, vertex: undefined },
      );
    if (id === undefined) {
      const facts = await readCheckpoints(flink, job.id, { signal, before: undefined, mostSplits: Number.POSITIVE_INFINITY });
      const text = [`Checkpoints of ${jobLabel(job)}`, ...checkpointsText(facts, clock.now())];
      return front.show({ kind: 'facts', title: `Checkpoints of ${jobLabel(job)}`, text, data: checkpointsData(facts) });
    }
    const inside = await readCheckpoint(flink, { jobId: job.id, id }, { signal, before: undefined });
    return front.show({
      kind: 'facts',
      title: `Checkpoint ${id} of ${jobLabel(job)}`,
      text: checkpointText(inside, clock.now()),
      data: checkpointInsideData(inside),
    });
  },
});
