import { diagnose } from '../../causes/diagnose.ts';
import type { Finding, Report } from '../../causes/finding.ts';
import { refusedCreation } from '../../session/selectors/troubles.ts';
import type { Session, SourceName } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatSpan } from '../../support/format.ts';
import { sentence } from '../../support/problem.ts';
import { type Asked, askServers } from './ask.ts';
import { explained, unexplained } from './explained.ts';
import { explainJob, explainLostJobs, unseenJobs } from './explain-job.ts';
import { explainPod, inTrouble } from './explain-pod.ts';

/** How long to mention a pod that went because of a problem. */
const recentMs = 15 * 60_000;
/** Of many pods with the same trouble, explain this many. */
const mostPods = 20;

/** Everything that is wrong, and everything that could not be checked. */
export async function explainSession(asked: Asked): Promise<Report> {
  const session = asked.store.get();
  const now = asked.clock.now();
  const pods = [...session.pods.values()]
    .filter((pod) => inTrouble(pod, session, now))
    .toSorted((a, b) => (a.role === b.role ? (a.createdAt ?? 0) - (b.createdAt ?? 0) : a.role === 'jobmanager' ? -1 : 1));
  const gone = session.gone.filter(({ severity, deletedAt }) => severity === 'error' && now - (deletedAt ?? 0) < recentMs).toReversed();
  const [jobs, found, lost, refused] = await Promise.all([
    Promise.all(session.jobs.map((job) => explainJob(job, asked))),
    Promise.all([...pods, ...gone].slice(0, mostPods).map((pod) => explainPod(pod, asked))),
    explainLostJobs(asked),
    notCreated(session, asked),
  ]);
  const masterless = refused.length > 0 || pods.some(({ role }) => role === 'jobmanager');
  return {
    findings: [
      ...connection(session, 'pods', 'Kubernetes'),
      ...refused,
      ...found.filter((one) => one !== undefined),
      // If there is no JobManager, it is clear why Flink does not answer.
      ...(masterless ? [] : connection(session, 'flink', 'Flink')),
      ...lost,
      ...jobs.filter(({ wrong }) => wrong).map(({ finding }) => finding),
    ],
    unknown: [
      ...unknownSources(session, now),
      ...unreadObjects(session),
      ...unseenJobs(session, now),
      ...(pods.length + gone.length > mostPods
        ? [`${pods.length + gone.length - mostPods} more pods are in trouble; why POD explains each.`]
        : []),
    ],
  };
}

function connection({ sources }: Session, source: 'pods' | 'flink', name: string): readonly Finding[] {
  const status = sources.get(source);
  if (status?.problem === undefined || (status.state !== 'lost' && status.state !== 'denied' && status.state !== 'stale')) return [];
  const { message, hint } = status.problem;
  return [
    {
      subject: { kind: 'connection', name },
      severity: 'error',
      what: `${name} ${status.state === 'denied' ? 'refuses' : 'does not answer'}: ${oneLine(message).replace(/\.?$/, '.')}`,
      ...unexplained,
      advice: hint === undefined ? [] : [hint],
    },
  ];
}

/** No JobManager, because its pod may not be created: only an event of its ReplicaSet shows that. */
async function notCreated(session: Session, asked: Asked): Promise<readonly Finding[]> {
  const now = asked.clock.now();
  const refusal = refusedCreation(session, now);
  if (
    refusal === undefined ||
    !session.podsKnown ||
    session.unreadable.has('pods') ||
    [...session.pods.values()].some(({ role }) => role === 'jobmanager')
  )
    return [];
  return [
    {
      subject: { kind: 'cluster', name: session.target.clusterId },
      severity: 'error',
      what: `${session.target.clusterId} has no JobManager: its pod cannot be created.`,
      ...explained(await diagnose(session, now, [{ kind: 'creation', refusal }], askServers(asked))),
    },
  ];
}

const notRead = {
  events: 'what events tell',
  deployment: 'what its Deployment says',
  leader: 'which JobManager leads',
} as const;

/** The facts that are unknown because objects of Kubernetes cannot be read. */
function unreadObjects({ unreadable }: Session): readonly string[] {
  return [...unreadable].map(([source, { count, reason }]) => {
    const what = source in notRead ? notRead[source as keyof typeof notRead] : count === 1 ? 'how one pod is' : `how ${count} pods are`;
    return `${what}: ${oneLine(reason, 400)}`;
  });
}

/** What the servers have not reported, or may not report. Each reason is given once. */
function unknownSources(session: Session, now: number): readonly string[] {
  const { sources, podsKnown, jobsKnown, stopped } = session;
  if (stopped) return [];
  const flink = sources.get('flink');
  const told = new Set([sources.get('pods')?.problem?.message, flink?.problem?.message]);
  const starting =
    flink?.state === 'starting'
      ? `the JobManager has been starting for ${formatSpan(Math.max(0, now - flink.since))}`
      : "Flink's REST endpoint has not answered yet";
  return [
    ...(podsKnown ? [] : ['which pods there are: the API server has not answered yet.']),
    ...(jobsKnown ? [] : [`which jobs there are: ${starting}.`]),
    ...Object.entries(notRead).flatMap(([name, what]) => {
      const status = sources.get(name as SourceName);
      if (status?.problem === undefined || (status.state !== 'denied' && status.state !== 'lost') || told.has(status.problem.message))
        return [];
      told.add(status.problem.message);
      return [`${what}: ${sentence(status.problem)}`];
    }),
  ];
}
