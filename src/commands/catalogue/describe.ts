import { arg } from '../arguments.ts';
import { command } from '../command.ts';
import { describeJob } from '../describe-job.ts';
import { explainPod } from '../explain.ts';
import { yamlLines } from '../yaml-lines.ts';
import type { Pod, Session } from '../../session/types.ts';
import { oneLine } from '../../session/words.ts';
import { formatDateTime } from '../../support/format.ts';

export const describe = command({
  name: 'describe',
  summary: 'Show everything about a pod or a job',
  group: 'pods',
  examples: ['describe jm', 'describe taskmanager-1-1', 'describe orders-enrichment'],
  args: { subject: arg.subject('Name of a pod, or id or name of a job') },
  danger: 'safe',
  source: 'kubernetes',
  async run({ cluster, flink, store, front, signal, clock }, { subject }) {
    if (subject.kind === 'job') {
      const { id } = subject.job;
      return front.show({ kind: 'job', id, text: await describeJob(flink, subject.job, signal) });
    }
    const { pod } = subject;
    const object = await yamlLines(await cluster.describePod(pod.name, signal));
    return front.show({ kind: 'pod', name: pod.name, text: [...headOf(pod, store.get(), clock.now()).map((line) => `# ${line}`), ...object] });
  },
});

/** Lines of the story that stand above the object. */
const newsLines = 8;

/** What is looked for first; as comments, so that all of it is still YAML. */
function headOf(pod: Pod, session: Session, now: number): readonly string[] {
  const news = session.story.filter(({ subject }) => subject === pod.name).slice(-newsLines);
  return [...explainPod(pod, session, now), ...news.map(({ at, text }) => `${formatDateTime(at)}  ${oneLine(text)}`)];
}
