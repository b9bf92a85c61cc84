import { mergedTimelines } from '../../session/recording/recorded-timeline.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { timelineColumns } from '../../session/tables/timeline.ts';
import type { Session, TimelineEntry } from '../../session/types.ts';
import { formatDateTime } from '../../support/format.ts';
import { arg, option, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { matcherOf } from '../model/matcher.ts';
import { momentOf } from '../model/moment.ts';
import type { CommandContext } from '../model/types.ts';
import { glanceMs, sessionWithin } from '../model/wait.ts';
import { timelineData } from '../procedures/timeline-data.ts';
import { allSettled } from '../why/ask.ts';

/** What is asked for if nothing is said about the time. */
const usualMs = 24 * 60 * 60_000;

export const timeline = command({
  name: 'timeline',
  aliases: ['story'],
  summary: 'Show what happened: events of Kubernetes, changes of pods and jobs, commands given here',
  details:
    'On the screen, timeline alone goes to its panel. With a name, a time or a pattern, and in a shell, it shows the last day, or what happened since that time: what the sessions of this machine have recorded, and what the servers still know. ' +
    'A name is that of a pod or of a job, also of one that is gone.',
  group: 'pods',
  examples: ['timeline', 'timeline orders --since 2h', 'timeline --since 03:00 --grep OOM'],
  args: { about: optional(arg.named('Name of a pod or a job, or id of a job; or a part of it')) },
  options: {
    since: option.time('TIME', 'Only what happened since then: 2h ago, or 03:12, or 2026-11-22T03:12'),
    grep: option.text('PATTERN', 'Only entries that match this regular expression, ignoring case'),
  },
  shell: { kind: 'run' },
  danger: 'safe',
  async run(context, { about, since, grep }) {
    const { clock, front, mode, store } = context;
    if (mode !== 'one-shot' && about === undefined && since === undefined && grep === undefined) return front.show({ kind: 'timeline' });
    const from = since === undefined ? clock.now() - usualMs : momentOf(since, clock.now(), front.logTime?.zone() ?? 'local');
    const isMeant = await matcherOf(grep);
    const all = await entriesSince(from, context);
    const isAbout = about === undefined ? () => true : aboutOf(about, store.get());
    const found = all.filter((entry) => isAbout(entry) && isMeant(entry.text));
    return front.show({
      kind: 'facts',
      title: about === undefined ? 'Timeline' : `Timeline of ${about}`,
      text:
        found.length === 0
          ? [`Nothing${about === undefined && grep === undefined ? '' : ' that matches'} has happened since ${formatDateTime(from)}.`]
          : textTable(timelineColumns, found, { now: clock.now(), whole: true }),
      data: found.map(timelineData),
    });
  },
});

/** What the sessions of this machine have recorded, and what this one knows. */
async function entriesSince(since: number, context: CommandContext): Promise<readonly TimelineEntry[]> {
  const { clock, recorded, signal, store } = context;
  if (store.get().past === undefined) await sessionWithin(context, glanceMs(context), allSettled);
  const earlier = (await recorded?.({ since, until: clock.now(), signal })) ?? [];
  return mergedTimelines([...earlier, store.get().timeline.filter(({ at }) => at >= since)]);
}

/** Entries about a pod or a job have its name or its id; those of a job that is gone have its name in their text. */
function aboutOf(word: string, { jobs, lostJobs }: Session): (entry: TimelineEntry) => boolean {
  const known = [...jobs, ...lostJobs.map(({ job }) => job)];
  const ids = new Set(known.flatMap(({ id, name }) => (name === word ? [id] : [])));
  return ({ subject, text }) => text.includes(word) || (subject !== undefined && (ids.has(subject) || subject.includes(word)));
}
