import { arg, optional } from '../arguments.ts';
import { command } from '../command.ts';
import { explainJob, explainPod, explainSession } from '../explain.ts';

export const why = command({
  name: 'why',
  summary: 'Say what is wrong, and the root cause',
  details: 'Without a name it looks at everything: sources that do not answer, pods and jobs that fail. With the name of a job or a pod it tells the causes of that one.',
  group: 'session',
  examples: ['why', 'why orders-enrichment', 'why taskmanager-1-3'],
  args: { subject: optional(arg.subject('Name of a pod, or id or name of a job')) },
  danger: 'safe',
  source: 'kubernetes',
  async run({ store, flink, front, signal, clock }, { subject }) {
    const session = store.get();
    const now = clock.now();
    const lines = subject === undefined ? await explainSession(session, flink, now, signal)
      : subject.kind === 'pod' ? explainPod(subject.pod, session, now)
        : await explainJob(subject.job, session, flink, now, signal);
    const about = subject === undefined ? undefined : subject.kind === 'pod' ? { kind: 'pod' as const, name: subject.pod.name } : { kind: 'job' as const, id: subject.job.id };
    return front.show({ kind: 'why', about, text: lines });
  },
});
