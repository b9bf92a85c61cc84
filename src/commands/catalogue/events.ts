import { type ClusterEvent, readEvents } from '../../cluster/pods/events.ts';
import { unreadableSentence } from '../../session/job-words.ts';
import { eventColumns } from '../../session/tables/events.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { timelineColumns } from '../../session/tables/timeline.ts';
import type { Session } from '../../session/types.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { Subject } from '../model/find-subject.ts';
import { notRecorded } from '../model/servers-of-now.ts';
import type { CommandContext } from '../model/types.ts';
import { eventData, eventsOfPods } from '../procedures/event-text.ts';
import { timelineData } from '../procedures/timeline-data.ts';

export const events = command({
  name: 'events',
  summary: 'Show the events of Kubernetes about the cluster, a pod, or the TaskManagers of a job',
  details:
    'Kubernetes keeps an event for an hour by default, and counts one that repeats. timeline shows them as they come, between what happened to the jobs; in the past, those of the timeline are shown here. ' +
    'In a shell, -w prints new ones as they come, and a pod that is gone can be named as long as there are events about it.',
  group: 'pods',
  examples: ['events', 'events jm', 'events taskmanager-1-1', 'events orders-enrichment'],
  args: { subject: optional(arg.subject('Name of a pod, or id or name of a job')) },
  shell: { kind: 'list', what: 'events', one: 'job|pod' },
  danger: 'safe',
  source: 'kubernetes',
  async run(context, { subject }) {
    const { clock, front, kubernetes, signal, store } = context;
    if (store.get().past !== undefined) return recordedEvents(subject, context);
    const pods = await podsOf(subject, context);
    const { items, unreadable } = await readEvents(kubernetes, store.get().target, signal);
    const found = pods === undefined ? items : eventsOfPods(items, pods);
    const name = nameOf(subject);
    return front.show({
      kind: 'facts',
      title: `Events of ${name}`,
      text: [
        ...(unreadable === undefined ? [] : [unreadableSentence('events', unreadable), '']),
        ...(found.length === 0
          ? [`Kubernetes has no event about ${name} from the past hour.`]
          : textTable(
              eventColumns,
              found.map((event) => withShortName(event, store.get())),
              { now: clock.now(), whole: false },
            )),
      ],
      data: found.map(eventData),
      ...(subject?.kind === 'pod' ? { about: { kind: 'pod', name: subject.pod.name } } : {}),
    });
  },
});

const nameOf = (subject: Subject | undefined): string =>
  subject === undefined ? 'the cluster' : subject.kind === 'pod' ? subject.pod.shortName : subject.job.name;

/** Those that the timeline tells: the server only has those of the past hour. */
async function recordedEvents(subject: Subject | undefined, { clock, front, store }: CommandContext): Promise<void> {
  const { past, target, timeline } = store.get();
  // Which TaskManagers had worked for a job is not recorded.
  if (past !== undefined && subject?.kind === 'job') throw notRecorded(past, target);
  const pod = subject?.kind === 'pod' ? subject.pod.name : undefined;
  const found = timeline.filter((entry) => entry.from === 'k8s' && (pod === undefined || entry.subject === pod));
  const name = nameOf(subject);
  return front.show({
    kind: 'facts',
    title: `Events of ${name}`,
    text:
      found.length === 0 ? [`No event about ${name} was recorded.`] : textTable(timelineColumns, found, { now: clock.now(), whole: true }),
    data: found.map(timelineData),
  });
}

/** As the panels name the pod that it is about. */
const withShortName = (event: ClusterEvent, { pods }: Session): ClusterEvent => ({
  ...event,
  object: { ...event.object, name: pods.get(event.object.name)?.shortName ?? event.object.name },
});

/** The names of the pods; undefined: all of the cluster, and its other objects. */
async function podsOf(subject: Subject | undefined, { flink, signal }: CommandContext): Promise<readonly string[] | undefined> {
  if (subject === undefined) return undefined;
  return subject.kind === 'pod' ? [subject.pod.name] : flink.jobTaskManagers(subject.job.id, { signal });
}
