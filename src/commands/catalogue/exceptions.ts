import { readExceptions } from '../../session/inspections/exceptions.ts';
import { jobLabel } from '../../session/job-words.ts';
import { arg, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { exceptionsData, exceptionsText } from '../procedures/exception-text.ts';

export const exceptions = command({
  name: 'exceptions',
  summary: 'Show why a job failed, and how often',
  details:
    'The failures that Flink keeps (web.exception-history-size), newest first, each with its root cause, the subtask and the TaskManager; what failed at the same time is grouped by its cause. ' +
    'Frames of Flink and the JDK are counted, not listed; -o json has the whole stack trace.',
  group: 'jobs',
  examples: ['exceptions orders-enrichment'],
  args: { job: orHere(arg.job('Job id, unique prefix or name'), 'job') },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run({ flink, front, clock, signal }, { job }) {
    if (front.enter !== undefined) return front.enter({ kind: 'exceptions', job: job.id });
    const facts = await readExceptions(flink, job.id, signal);
    return front.show({
      kind: 'facts',
      title: `Failures of ${jobLabel(job)}`,
      text: exceptionsText(facts, clock.now()),
      data: exceptionsData(facts),
    });
  },
});
