import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { Subject } from '../model/find-subject.ts';
import type { WhyAbout } from '../model/shown.ts';
import type { CommandContext } from '../model/types.ts';
import { sessionWithin, glanceMs } from '../model/wait.ts';
import { explainJob } from '../why/explain-job.ts';
import { allSettled } from '../why/ask.ts';
import { explainPod, headline } from '../why/explain-pod.ts';
import { explainSession } from '../why/explain.ts';
import { findingLines, reportLines } from '../model/finding-lines.ts';
import type { Report } from '../../causes/finding.ts';

export const why = command({
  name: 'why',
  summary: 'Say what is wrong, and the root cause',
  details:
    'Without a name it looks at everything: sources that do not answer, pods and jobs that fail. With the name of a job or a pod it explains only that one. ' +
    'A cause is named only if something proves it: a state, an event, an exception or a line of a log, which are shown with where they come from; what follows from them is marked. In a shell, `-o markdown` is for the channel of an incident.',
  group: 'session',
  examples: ['why', 'why orders-enrichment', 'why taskmanager-1-3'],
  args: { subject: optional(arg.subject('Name of a pod, or id or name of a job')) },
  shell: { kind: 'run', exitCode: true },
  danger: 'safe',
  source: 'kubernetes',
  async run(context, { subject }) {
    const { report, text } = subject === undefined ? await explainAll(context) : await explainOne(context, subject);
    return context.front.show({ kind: 'why', about: aboutOf(subject), text, report });
  },
});

interface Explanation {
  readonly report: Report;
  readonly text: readonly string[];
}

/** Everything that is wrong, once the sources have answered. */
export async function explainAll(context: CommandContext): Promise<Explanation> {
  await sessionWithin(context, glanceMs(context), allSettled);
  const report = await explainSession(context);
  return { report, text: reportLines(report, context.clock.now()) };
}

async function explainOne(context: CommandContext, subject: Subject): Promise<Explanation> {
  const now = context.clock.now();
  if (subject.kind === 'pod') {
    const finding = await explainPod(subject.pod, context);
    return finding === undefined
      ? { report: { findings: [], unknown: [] }, text: [headline(subject.pod, context.store.get(), now)] }
      : { report: { findings: [finding], unknown: [] }, text: findingLines(finding, now) };
  }
  const { wrong, finding } = await explainJob(subject.job, context);
  return { report: { findings: wrong ? [finding] : [], unknown: [] }, text: findingLines(finding, now) };
}

function aboutOf(subject: Subject | undefined): WhyAbout | undefined {
  if (subject === undefined) return undefined;
  return subject.kind === 'pod' ? { kind: 'pod', name: subject.pod.name } : { kind: 'job', id: subject.job.id };
}
