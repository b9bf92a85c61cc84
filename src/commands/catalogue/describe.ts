import { arg } from '../arguments.ts';
import { command } from '../command.ts';
import { describeJob } from '../describe-job.ts';
import { yamlLines } from '../yaml-lines.ts';

export const describe = command({
  name: 'describe',
  summary: 'Show everything about a pod or a job',
  group: 'pods',
  examples: ['describe jm', 'describe taskmanager-1-1', 'describe orders-enrichment'],
  args: { subject: arg.subject('Name of a pod, or id or name of a job') },
  danger: 'safe',
  source: 'kubernetes',
  async run({ cluster, flink, front, signal }, { subject }) {
    if (subject.kind === 'job') {
      const { id } = subject.job;
      return front.show({ kind: 'job', id, text: await describeJob(flink, subject.job, signal) });
    }
    const { name } = subject.pod;
    return front.show({ kind: 'pod', name, text: await yamlLines(await cluster.describePod(name, signal)) });
  },
});
