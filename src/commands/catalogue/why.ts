import { arg, optional } from '../model/arguments.ts';
import { cardText } from '../model/card-lines.ts';
import { command } from '../model/command.ts';
import type { Subject } from '../model/find-subject.ts';
import type { WhyAbout } from '../model/shown.ts';
import { rememberAnswers } from '../why/ask.ts';
import { readCard } from '../why/card.ts';

export const why = command({
  name: 'why',
  summary: 'Say what is wrong, and the root cause',
  details:
    'Without a name it looks at everything: sources that do not answer, pods and jobs that fail. With the name of a job or a pod it explains only that one. ' +
    'A cause is named only if something proves it: a state, an event, an exception or a line of a log, which are shown with where they come from; what follows from them is marked. ' +
    'Below the causes stands what happened around them in order of time, and which rescales and restarts were tried before. ' +
    'On the screen each line leads to its place, and y copies the card; in a shell, `-o markdown` is for the channel of an incident.',
  group: 'session',
  examples: ['why', 'why orders-enrichment', 'why taskmanager-1-3'],
  args: { subject: optional(arg.subject('Name of a pod, or id or name of a job')) },
  shell: { kind: 'run', exitCode: true },
  danger: 'safe',
  source: 'kubernetes',
  async run(context, { subject }) {
    const about = aboutOf(subject);
    const memory = rememberAnswers(context.clock);
    const read = (signal: AbortSignal) => readCard(about, { ...context, memory, signal });
    const card = await read(context.signal);
    return context.front.show({ kind: 'why', about, card, text: cardText(card.lines, context.clock.now()), again: read });
  },
});

function aboutOf(subject: Subject | undefined): WhyAbout | undefined {
  if (subject === undefined) return undefined;
  return subject.kind === 'pod' ? { kind: 'pod', name: subject.pod.name } : { kind: 'job', id: subject.job.id };
}
