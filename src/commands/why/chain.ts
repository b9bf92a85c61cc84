import { blamedTaskManager } from '../../causes/failure.ts';
import type { Evidence, Finding } from '../../causes/finding.ts';
import { rootCause } from '../../causes/root-cause.ts';
import { failureIdOf } from '../../inside/exceptions/failures.ts';
import { firstAt } from '../../session/logs/first-at.ts';
import type { Job, Pod, Session, SessionLogs, TimelineEntry } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatTime } from '../../support/format.ts';
import { plain } from '../../support/text-width.ts';
import type { CardPlace, Link } from '../model/card.ts';

/** What is shown of the time before an incident: a checkpoint that times out takes ten minutes (`execution.checkpointing.timeout`). */
const beforeMs = 10 * 60_000;
const mostLinks = 30;
/** The log of more pods than these is not read for one incident. */
const mostPods = 3;
/** In a log, what a failure is about stands in the minute before it, and some seconds after. */
const logBeforeMs = 60_000;
const logAfterMs = 5_000;
/** How many lines of a log to look at, and how many of its warnings and errors to show: the last ones. */
const mostLines = 2_000;
const mostTroubles = 4;
/** A chain is read at a glance: the evidence of a cause has the whole of a message. */
const longestText = 160;

/** The pods and the job that a finding is about. */
interface Involved {
  readonly job: Job | undefined;
  /** Their full names. */
  readonly pods: ReadonlySet<string>;
}

/** A pod by its full name or its short one, also one that is gone. */
export const podCalled = (name: string, { pods, gone }: Session): Pod | undefined => {
  const isIt = (pod: Pod): boolean => pod.name === name || pod.shortName === name;
  return [...pods.values()].find(isIt) ?? gone.findLast(isIt);
};

export const jobOf = ({ subject }: Pick<Finding, 'subject'>, { jobs, lostJobs }: Session): Job | undefined =>
  subject.kind === 'job' ? (jobs.find(({ id }) => id === subject.id) ?? lostJobs.find(({ job }) => job.id === subject.id)?.job) : undefined;

/** The pod that a piece of evidence is about; its short name, or what the source has for one. */
export function podIn({ source }: Evidence): string | undefined {
  switch (source.kind) {
    case 'status':
    case 'event':
      return source.object;
    case 'log':
    case 'exception':
      return source.pod;
    case 'rest':
      return undefined;
  }
}

const evidenceOf = ({ evidence, also, possible }: Finding): readonly Evidence[] => [
  ...evidence,
  ...[...also, ...possible].flatMap((each) => each.evidence),
];

/** When the newest of its evidence is from; undefined: none has a time. */
export function momentOf(finding: Finding): Instant | undefined {
  const moments = evidenceOf(finding).flatMap(({ at }) => at ?? []);
  return moments.length === 0 ? undefined : Math.max(...moments);
}

function involvedIn(finding: Finding, session: Session, from: Instant): Involved {
  const job = jobOf(finding, session);
  const named = [
    ...(finding.subject.kind === 'pod' ? [finding.subject.name] : []),
    ...evidenceOf(finding).flatMap((each) => podIn(each) ?? []),
    ...(job?.exceptions ?? [])
      .filter(({ at }) => at >= from)
      .flatMap(({ stacktrace, taskManagerId }) => blamedTaskManager(stacktrace) ?? taskManagerId ?? []),
  ];
  return { job, pods: new Set(named.flatMap((name) => podCalled(name, session)?.name ?? [])) };
}

/** Repeated changes are one link, at the last of them. */
interface Repeated extends Link {
  readonly first: Instant;
  readonly times: number;
}

/** What happened around an incident, oldest first: the timeline, failures, checkpoints, and what the pods in it complained of. */
export function chainOf(finding: Finding, session: Session, logs: SessionLogs, now: Instant): readonly Link[] {
  const at = momentOf(finding) ?? now;
  const from = at - beforeMs;
  const involved = involvedIn(finding, session, from);
  const links = [
    ...session.timeline
      .filter((entry) => entry.at >= from && entry.at <= now && concerns(entry, involved))
      .map((entry) => toldLink(entry, involved)),
    ...(involved.job === undefined ? [] : [...failures(involved.job, session, from), ...checkpoints(involved.job, from)]),
    ...complaints([...involved.pods].slice(0, mostPods), session, logs, at),
  ];
  return together(links).slice(-mostLinks);
}

/** What is about no pod and no job is about the whole cluster: it matters if it is trouble. */
const concerns = ({ subject, severity }: TimelineEntry, { job, pods }: Involved): boolean =>
  subject === undefined ? severity !== 'info' : subject === job?.id || pods.has(subject);

function toldLink({ at, from, severity, text, subject }: TimelineEntry, { job, pods }: Involved): Link {
  const failure = subject !== undefined && subject === job?.id ? job.exceptions.find((each) => each.at === at) : undefined;
  const place: CardPlace =
    failure !== undefined && job !== undefined
      ? { kind: 'failure', job: job.id, id: failureIdOf(failure) }
      : { kind: 'log', pod: subject !== undefined && pods.has(subject) ? subject : undefined, at };
  return { at, from, severity, text, place };
}

/** Failures that the timeline does not tell: it begins when the session does. */
function failures({ id, exceptions }: Job, { timeline }: Session, from: Instant): readonly Link[] {
  return exceptions
    .filter(({ at }) => at >= from && !timeline.some((entry) => entry.subject === id && entry.at === at))
    .map(({ at, taskName, stacktrace, name }) => ({
      at,
      from: 'flink',
      severity: 'warn',
      text: `it failed${taskName === undefined ? '' : ` in ${oneLine(taskName, 100)}`}: ${rootCause({ name, stacktrace })}`,
      place: { kind: 'failure', job: id, id: failureIdOf({ at, stacktrace }) },
    }));
}

function checkpoints({ id: job, checkpoints: all }: Job, from: Instant): readonly Link[] {
  const { latestCompleted: completed, latestFailed: failed } = all ?? {};
  return [
    ...(completed === undefined ? [] : [{ ...completed, severity: 'info' as const, text: `checkpoint ${completed.id} completed` }]),
    ...(failed === undefined
      ? []
      : [
          { ...failed, severity: 'warn' as const, text: `checkpoint ${failed.id} failed: ${oneLine(failed.failure ?? 'no reason given')}` },
        ]),
  ].flatMap(({ id, endedAt, triggeredAt, severity, text }): readonly Link[] => {
    const at = endedAt ?? triggeredAt;
    return at < from ? [] : [{ at, from: 'flink', severity, text, place: { kind: 'checkpoint', job, id } }];
  });
}

/** Warnings and errors that these pods wrote around a moment. */
function complaints(pods: readonly string[], session: Session, logs: SessionLogs, around: Instant): readonly Link[] {
  return pods.flatMap((pod) => {
    const view = logs.view([pod], { timeline: false });
    const links: Link[] = [];
    const end = firstAt(view, Math.min(around + logAfterMs, session.past ?? Number.POSITIVE_INFINITY) + 1);
    for (let index = end - 1; index >= Math.max(0, end - mostLines) && links.length < mostTroubles; index -= 1) {
      const line = view.line(index);
      if (line === undefined || line.at < around - logBeforeMs) break;
      const { at, level, text } = line;
      if (line.begins !== true || (level !== 'WARN' && level !== 'ERROR')) continue;
      const message = oneLine(plain(logs.reader.head(text)?.message ?? text), longestText);
      links.push({
        at,
        from: 'log',
        severity: level === 'ERROR' ? 'error' : 'warn',
        text: `${podCalled(pod, session)?.shortName ?? pod} ${level} ${message}`,
        place: { kind: 'log', pod, at },
      });
    }
    return links;
  });
}

function together(links: readonly Link[]): readonly Link[] {
  const known = new Map<string, Repeated>();
  for (const link of links.toSorted((a, b) => a.at - b.at)) {
    const key = `${link.from} ${link.text}`;
    const before = known.get(key);
    known.delete(key);
    known.set(key, { ...link, first: before?.first ?? link.at, times: (before?.times ?? 0) + 1 });
  }
  return [...known.values()].map(({ first, times, ...link }) => {
    const text = oneLine(link.text, longestText);
    return { ...link, text: times === 1 ? text : `${text} (${times} times since ${formatTime(first)})` };
  });
}
