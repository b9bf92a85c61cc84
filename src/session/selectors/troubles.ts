import { podStateWords, podTrouble, warningsOf } from '../../native/pod-trouble.ts';
import type { Instant } from '../../support/clock.ts';
import { formatSpan } from '../../support/format.ts';
import { stoppedHere } from '../apply-cluster.ts';
import { endOf } from '../../causes/failure.ts';
import { subjectKey } from '../../causes/finding.ts';
import type { Pod, Session, SourceStatus, Warning } from '../types.ts';
import { unreadableWords } from '../job-words.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { jobTroubles } from './job-troubles.ts';
import { selectTroubledPods } from './pods.ts';
import { freshMs, minute, ranks, type Trouble, type TroubleWords } from './trouble.ts';

/** A controller retries, and reports failures again, at least every quarter of an hour. */
const controllerRepeatsMs = 20 * minute;
/** After running this long, a container is no longer in a crash loop. Source: `MaxContainerBackOff` doubled, kubelet 1.34. */
const settledMs = 10 * minute;
/** A node that has the image starts a container in seconds. */
const slowStartMs = 2 * minute;

/** Everything that is wrong, worst first. */
export function findTroubles(session: Session, now: Instant): readonly Trouble[] {
  const { sources } = session;
  if (session.stopped || session.deployment?.gone === true) return stoppedHere(session) ? [] : [deletedCluster(session)];
  const kubernetes = lostSource('kubernetes', 'Kubernetes', sources.get('pods'));
  const jobs = jobTroubles(session, now);
  const explained = new Set(jobs.flatMap(({ worker }) => (worker === undefined ? [] : [worker])));
  const pods = podTroubles(session, explained, now);
  const masterless = pods.some(({ rank }) => rank === 'jobmanager');
  // A crashed JobManager explains why Flink does not answer; a TaskManager does not.
  const flink = masterless ? undefined : lostSource('flink', 'Flink', sources.get('flink'));
  const all = [
    ...(kubernetes === undefined ? [] : [kubernetes]),
    ...unreadTroubles(session),
    ...failover(session),
    ...pods,
    ...(flink === undefined ? [] : [flink]),
    ...jobs,
    ...goneTroubles(session, explained, now),
  ];
  return all.toSorted((a, b) => ranks.indexOf(a.rank) - ranks.indexOf(b.rank) || a.order - b.order);
}

/** Then nothing else can be wrong. */
function deletedCluster({ target, stopped }: Session): Trouble {
  const left = stopped ? 'nothing of it is left' : 'its pods are going';
  return {
    rank: 'cluster',
    order: 0,
    severity: 'warn',
    words: () => ({ text: `${target.clusterId} was deleted, and not from here: ${left}`, command: stopped ? 'clusters' : undefined }),
  };
}

function failover({ highAvailability, ledBefore }: Session): readonly Trouble[] {
  return highAvailability !== true || ledBefore === undefined
    ? []
    : [
        {
          rank: 'cluster',
          order: 0,
          severity: 'warn',
          words: () => ({ text: 'Failover: no JobManager has been leading', command: 'timeline', since: ledBefore.until }),
        },
      ];
}

/** A server that is unreachable or hangs, with its reason; the reason of a refusal already names the server. */
function lostSource(rank: 'kubernetes' | 'flink', name: string, status: SourceStatus | undefined): Trouble | undefined {
  if (status?.problem === undefined || (status.state !== 'lost' && status.state !== 'stale' && status.state !== 'denied')) return undefined;
  const { message, hint, kind } = status.problem;
  const text = oneLine(message).replace(/\.$/, '');
  const denied = status.state === 'denied';
  return {
    rank,
    order: 0,
    severity: 'error',
    words: () =>
      denied
        ? { text: hint === undefined ? text : `${text}. ${oneLine(hint).replace(/\.$/, '')}`, command: undefined }
        : {
            text: `${name}: ${text}`,
            command: 'refresh',
            since: status.state === 'stale' && kind === 'unreachable' ? status.since : undefined,
          },
  };
}

/** Without its pods or its Deployment the state of the cluster is unknown; the other sources only add details. */
function unreadTroubles({ unreadable }: Session): readonly Trouble[] {
  return [...unreadable].map(([source, { count }]) => ({
    rank: source === 'pods' || source === 'deployment' ? 'cluster' : 'warning',
    order: 0,
    severity: 'warn',
    words: () => ({ text: unreadableWords(source, count), command: 'why' }),
  }));
}

/** `explained`: TaskManagers that the line of their job already mentions. */
function podTroubles(session: Session, explained: ReadonlySet<string>, now: Instant): readonly Trouble[] {
  const { masters, troubled, restarted } = selectTroubledPods(session);
  const heldUp = heldUpPods(session, now);
  const known = new Set([...troubled, ...restarted, ...heldUp]);
  return [
    ...troubled.filter(({ name }) => !explained.has(name)).map((pod) => troubleOf(pod, session, now)),
    ...heldUp.map((pod) => standing(pod, 'error', () => troubleWords(pod, session, now))),
    ...restarted
      .filter((pod) => restartedLately(pod, now))
      .map((pod) =>
        standing(pod, session.sources.get('flink')?.state === 'live' ? 'warn' : 'error', () => `${pod.shortName} ${restartWords(pod)}`),
      ),
    ...masters
      .filter(
        (pod) => !known.has(pod) && pod.severity === 'busy' && pod.deletedAt === undefined && now - (pod.createdAt ?? now) > slowStartMs,
      )
      .map((pod) => standing(pod, 'warn', () => `${pod.shortName} has been ${pod.state} for ${formatSpan(now - (pod.createdAt ?? now))}`)),
    ...(session.podsKnown && !session.unreadable.has('pods') && masters.every(({ deletedAt }) => deletedAt !== undefined)
      ? notCreated(session, now)
      : []),
  ];
}

function troubleOf(pod: Pod, session: Session, now: Instant): Trouble {
  const end = endOf(pod);
  const over =
    end !== undefined && now - end > freshMs && pod.containers.every(({ state }) => state === 'terminated' || state === 'unknown');
  const trouble = standing(pod, pod.severity === 'error' ? 'error' : 'warn', () => troubleWords(pod, session, now));
  return over ? { ...trouble, rank: 'over', order: -end } : trouble;
}

const troubleWords = (pod: Pod, { warnings }: Session, now: Instant): string =>
  `${pod.shortName} ${podTrouble(pod, warnings.values(), now)?.words ?? podStateWords(pod)}`;

const explains = ({ name, shortName }: Pod): Pick<TroubleWords, 'command' | 'about'> => ({
  command: `why ${shortName}`,
  about: subjectKey({ kind: 'pod', name }),
});

/** Among present ones, a JobManager comes first, then the one that has lasted longest. */
function standing(pod: Pod, severity: Trouble['severity'], text: () => string): Trouble {
  const rank = pod.role === 'jobmanager' ? 'jobmanager' : severity === 'error' ? 'taskmanager' : 'warning';
  return { rank, order: pod.createdAt ?? 0, severity, words: () => ({ text: text(), ...explains(pod) }) };
}

/** Pods that do not start for a reason that only events show: a missing secret, a missing volume. Few pods have warnings. */
function heldUpPods({ pods, warnings }: Session, now: Instant): readonly Pod[] {
  const held = new Set<Pod>();
  for (const warning of warnings.values()) {
    const pod = warning.object.kind === 'Pod' ? pods.get(warning.object.name) : undefined;
    if (pod?.severity === 'busy' && warningsOf(pod, [warning], now).length > 0) held.add(pod);
  }
  return [...held];
}

/** Its container was restarted and has not yet run long enough to count as healthy: the fewer restarts, the shorter that is. */
export function restartedLately({ containers, restarts }: Pod, now: Instant): boolean {
  return containers.some(
    ({ state, startedAt, before }) =>
      state === 'running' && failedBefore(before) && now - (startedAt ?? 0) < Math.min(settledMs, 2 * minute * restarts),
  );
}

const failedBefore = (before: Pod['containers'][number]['before']): boolean => before !== undefined && before.exitCode !== 0;

/** `restarted 3 times, the last time after Error (239)`. */
export function restartWords({ containers, restarts }: Pod): string {
  const ends = containers.flatMap(({ before }) => (before === undefined ? [] : [before])).toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
  const [last] = ends;
  const how =
    last === undefined
      ? ''
      : `${restarts === 1 ? ' after' : ', the last time after'} ${last.reason ?? 'Error'}${last.exitCode === undefined ? '' : ` (${last.exitCode})`}`;
  return `restarted ${restarts === 1 ? 'once' : `${restarts} times`}${how}`;
}

/** The warning that explains why no JobManager pod can be created: a missing service account, a quota, an admission webhook. */
export function refusedCreation({ warnings }: Session, now: Instant): Warning | undefined {
  return [...warnings.values()]
    .filter(({ object, reason, at }) => object.kind !== 'Pod' && reason === 'FailedCreate' && now - at < controllerRepeatsMs)
    .toSorted((a, b) => b.at - a.at)[0];
}

function notCreated(session: Session, now: Instant): readonly Trouble[] {
  const refused = refusedCreation(session, now);
  return refused === undefined
    ? []
    : [
        {
          rank: 'jobmanager',
          order: 0,
          severity: 'error',
          words: () => ({
            text: `no JobManager pod can be created: ${oneLine(refused.message.replace(/^Error creating: /, ''), 240)}`,
            command: 'why',
          }),
        },
      ];
}

/** TaskManagers that failed a moment ago and are already gone. */
function goneTroubles({ gone }: Session, explained: ReadonlySet<string>, now: Instant): readonly Trouble[] {
  return gone
    .filter(({ name, severity, deletedAt }) => severity === 'error' && now - (deletedAt ?? 0) < freshMs && !explained.has(name))
    .map((pod) => ({
      rank: 'gone',
      order: -(pod.deletedAt ?? 0),
      severity: 'error',
      words: () => ({ text: `${pod.shortName} is gone: ${podStateWords(pod)}`, ...explains(pod) }),
    }));
}
