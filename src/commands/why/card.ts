import type { Finding, Report } from '../../causes/finding.ts';
import type { Job, Pod, Session } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { harmlessRow } from '../../support/foreign-text.ts';
import { formatSpan, formatTime } from '../../support/format.ts';
import type { Card, CardLine, Incident } from '../model/card.ts';
import { findingLines, incidentLines } from '../model/card-lines.ts';
import type { WhyAbout } from '../model/shown.ts';
import { glanceMs, sessionWithin } from '../model/wait.ts';
import { attemptsFor } from './attempts.ts';
import { allSettled, type Asked } from './ask.ts';
import { placesOf } from './card-places.ts';
import { chainOf, momentOf, podCalled } from './chain.ts';
import { explainSession } from './explain.ts';
import { explainJob } from './explain-job.ts';
import { explainPod, headline } from './explain-pod.ts';

/** What is wrong with a subject, or what is said if nothing is. */
interface Explained extends Report {
  readonly calm: readonly CardLine[];
}

const calmLine = (text: string): CardLine => ({ id: `calm ${text}`, part: 'calm', text });

/** Reads the card of a pod, of a job or of everything, as it is now or at the moment of the past that is shown. */
export async function readCard(about: WhyAbout | undefined, asked: Asked): Promise<Card> {
  const { findings: found, unknown, calm } = await explained(about, asked);
  const session = asked.store.get();
  const now = asked.clock.now();
  const findings = found.map((finding) => incidentOf(finding, session, asked, now)).toSorted(newestFirst);
  const lines = [
    ...(findings.length === 0 ? calm : findings.flatMap((incident) => incidentLines(incident, placesOf(incident, session)))),
    ...unknown.map((text): CardLine => ({ id: `unknown ${text}`, part: 'unknown', text })),
  ];
  return { findings, unknown, lines: lines.map((line) => ({ ...line, text: harmlessRow(line.text) })) };
}

/** What has no end is so now. */
const newestFirst = (a: Incident, b: Incident): number => (b.at ?? Number.POSITIVE_INFINITY) - (a.at ?? Number.POSITIVE_INFINITY) || 0;

const incidentOf = (finding: Finding, session: Session, { logs }: Asked, now: Instant): Incident => ({
  ...finding,
  at: momentOf(finding),
  chain: chainOf(finding, session, logs, now),
  attempts: attemptsFor(finding, session, now),
});

async function explained(about: WhyAbout | undefined, asked: Asked): Promise<Explained> {
  if (about === undefined) return explainedAll(asked);
  const session = asked.store.get();
  if (about.kind === 'pod') {
    const pod = podCalled(about.name, session);
    return pod === undefined ? forgotten(about.name) : explainedPod(pod, asked);
  }
  const job = session.jobs.find(({ id }) => id === about.id);
  return job === undefined ? forgotten(about.id) : explainedJob(job, asked);
}

const forgotten = (name: string): Explained => ({ findings: [], unknown: [], calm: [calmLine(`${name} is not known any more.`)] });

async function explainedAll(asked: Asked): Promise<Explained> {
  await sessionWithin(asked, glanceMs(asked), allSettled);
  const report = await explainSession(asked);
  const none = report.unknown.length === 0 ? 'No problems found.' : 'No problems found in what is known.';
  const last = report.unknown.length === 0 ? lastTrouble(asked.store.get(), asked.clock.now()) : [];
  return { ...report, calm: [calmLine(none), ...last] };
}

async function explainedPod(pod: Pod, asked: Asked): Promise<Explained> {
  const finding = await explainPod(pod, asked);
  const calm = finding === undefined ? [calmLine(headline(pod, asked.store.get(), asked.clock.now()))] : [];
  return { findings: finding === undefined ? [] : [finding], unknown: [], calm };
}

async function explainedJob(job: Job, asked: Asked): Promise<Explained> {
  const { wrong, finding } = await explainJob(job, asked);
  return { findings: wrong ? [finding] : [], unknown: [], calm: wrong ? [] : findingLines(finding, placesOf(finding, asked.store.get())) };
}

/** When the last thing went wrong that the timeline tells, and when that ended, if it tells that as well. */
function lastTrouble({ timeline }: Session, now: Instant): readonly CardLine[] {
  const last = timeline.findLast(({ severity }) => severity !== 'info');
  if (last === undefined) return [];
  const { at, subject, text } = last;
  const end = subject === undefined ? undefined : timeline.find((entry) => entry.at > at && entry.subject === subject);
  const when = end?.at ?? at;
  const ended = `The last one ${end === undefined ? 'was' : 'ended'} ${formatSpan(Math.max(0, now - when))} ago, at ${formatTime(when)}: ${text.replace(/\.$/, '')}.`;
  const place = { kind: 'log', pod: undefined, at } as const;
  return [{ id: 'calm last', part: 'calm', text: ended, place }];
}
