import type { Instant } from '../../support/clock.ts';
import { formatSpan } from '../../support/format.ts';
import type { Job, Pod, Session, SourceStatus } from '../types.ts';
import { oneLine, podStateWords, shortCause } from '../words.ts';
import { stoppedHere } from '../apply-cluster.ts';
import { memoised } from './memo.ts';
import { selectTroubledPods } from './pods.ts';

/** The cluster's worst problem, in words. */
export interface Worst {
  readonly severity: 'warn' | 'error';
  /** One sentence without its full stop. */
  readonly text: string;
  /** The command line that goes deeper; undefined where there is nothing to type. */
  readonly command: string | undefined;
  /** When it began, if how long it lasts belongs to the sentence. */
  readonly since?: Instant;
}

const minute = 60_000;

/** Failures further apart than this are not one series. */
const seriesGapMs = 10 * minute;

/** Milliseconds between the last failures of a job; undefined where they are no series. */
function restartPeriod(job: Job): number | undefined {
  const times = job.exceptions.slice(0, 6).map(({ at }) => at);
  const gaps: number[] = [];
  for (let index = 1; index < times.length; index += 1) {
    const gap = (times[index - 1] ?? 0) - (times[index] ?? 0);
    if (gap <= 0 || gap > seriesGapMs) break;
    gaps.push(gap);
  }
  return gaps.length === 0 ? undefined : gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
}

function failureWords(job: Job, gone: readonly Pod[]): string | undefined {
  const failure = job.exceptions[0];
  const killed = gone.findLast((pod) => pod.state.startsWith('OOMKilled'));
  const near = killed !== undefined && failure !== undefined && Math.abs((killed.deletedAt ?? 0) - failure.at) < 2 * minute;
  if (near || (failure !== undefined && /java\.lang\.OutOfMemoryError/.test(failure.stacktrace))) return 'TaskManager out of memory';
  return failure === undefined ? undefined : shortCause(failure);
}

/** A word for the command line: quoted where it has blanks. */
const word = (text: string): string => (/^[\w.:/@%+=-]+$/.test(text) ? text : `"${text.replace(/(["\\])/g, '\\$1')}"`);

const jobCommand = (job: Job, jobs: readonly Job[]): string => {
  const unique = jobs.filter(({ name }) => name === job.name).length === 1;
  return `why ${unique ? word(oneLine(job.name)) : job.id.slice(0, 8)}`;
};

/** A server that is away or hangs, with its reason; who refuses is named by it. */
function lostSource(name: string, status: SourceStatus | undefined): Worst | undefined {
  if (status?.problem === undefined || (status.state !== 'lost' && status.state !== 'stale' && status.state !== 'denied')) return undefined;
  const { message, hint } = status.problem;
  const text = oneLine(message).replace(/\.$/, '');
  if (status.state === 'denied') return { severity: 'error', text: hint === undefined ? text : `${text}. ${oneLine(hint).replace(/\.$/, '')}`, command: undefined };
  return { severity: 'error', text: `${name}: ${text}`, command: 'refresh', ...(status.state === 'stale' && status.problem.kind === 'unreachable' ? { since: status.since } : {}) };
}

function podProblem(troubled: readonly Pod[], severity: 'error' | 'warn'): Worst | undefined {
  let worst: Pod | undefined;
  let count = 0;
  for (const pod of troubled) {
    if (pod.severity !== severity) continue;
    count += 1;
    // A JobManager before TaskManagers; among equals the one that is longest in trouble.
    const graver = worst === undefined || (pod.role !== worst.role ? pod.role === 'jobmanager' : pod.createdAt < worst.createdAt);
    if (graver) worst = pod;
  }
  if (worst === undefined) return undefined;
  const others = count === 1 ? '' : `; ${count - 1} more ${count === 2 ? 'pod has a problem' : 'pods have problems'}`;
  return { severity, text: `${worst.shortName} ${podStateWords(worst)}${others}`, command: `why ${worst.shortName}` };
}

function jobTrouble(jobs: readonly Job[], gone: readonly Pod[]): Worst | undefined {
  const job = jobs.find(({ state }) => state === 'RESTARTING' || state === 'FAILING') ?? jobs.find((each) => each.state !== 'FAILED' && recentSeries(each));
  if (job === undefined) return undefined;
  const period = restartPeriod(job);
  const step = job.state === 'FAILING' ? 'is failing' : period === undefined ? 'restarts' : `restarts every ${formatSpan(period)}`;
  const why = failureWords(job, gone);
  return { severity: 'error', text: `${oneLine(job.name, 60)} ${step}${why === undefined ? '' : `: ${why}`}`, command: jobCommand(job, jobs) };
}

/** The job runs again, but has not yet run three times as long as it usually does between two failures. */
function recentSeries(job: Job): boolean {
  const period = restartPeriod(job);
  const failed = job.exceptions[0]?.at;
  if (period === undefined || failed === undefined || job.state !== 'RUNNING') return false;
  return job.startTime + job.durationMs - failed < Math.max(minute, 3 * period);
}

function jobFailure(jobs: readonly Job[], gone: readonly Pod[]): Worst | undefined {
  const failed = jobs.find(({ state }) => state === 'FAILED');
  if (failed !== undefined) {
    const why = failureWords(failed, gone);
    return { severity: 'error', text: `${oneLine(failed.name, 60)} failed${why === undefined ? '' : `: ${why}`}`, command: jobCommand(failed, jobs) };
  }
  const stuck = jobs.find(({ state, checkpoints }) => state === 'RUNNING' && checkpoints?.latestFailed !== undefined && checkpoints.latestFailed.triggeredAt > (checkpoints.latestCompleted?.triggeredAt ?? -1));
  if (stuck === undefined) return undefined;
  const why = stuck.checkpoints?.latestFailed?.failure;
  return { severity: 'warn', text: `the last checkpoint of ${oneLine(stuck.name, 60)} failed${why === undefined ? '' : `: ${oneLine(why, 120)}`}`, command: jobCommand(stuck, jobs) };
}

interface ClusterTrouble {
  readonly worst: Worst | undefined;
  /** Nothing of the cluster is left: nothing else can be wrong with it. */
  readonly final: boolean;
}

const noTrouble: ClusterTrouble = { worst: undefined, final: true };

/** What is wrong with the cluster as a whole: somebody deleted it, or nobody leads it. */
const clusterTrouble: (session: Session) => ClusterTrouble | undefined = memoised(
  (session) => [session.target.clusterId, session.stopped, session.deployment?.gone === true, stoppedHere(session), session.highAvailability === true ? session.ledBefore : undefined] as const,
  (id, stopped, deleted, here, ledBefore) => {
    if (stopped || deleted) {
      if (here) return noTrouble;
      const text = stopped ? `${id} was deleted, and not from here: nothing of it is left` : `${id} was deleted, and not from here: its pods are going`;
      return { worst: { severity: 'warn', text, command: stopped ? 'clusters' : undefined }, final: true };
    }
    if (ledBefore === undefined) return undefined;
    return { worst: { severity: 'warn', text: 'Failover: no JobManager has been leading', command: 'story', since: ledBefore.until }, final: false };
  },
);

/** The one line `!`: what is worst now, or undefined where nothing is wrong. */
export const selectWorst: (session: Session) => Worst | undefined = memoised(
  (session) => [session.sources.get('pods'), session.sources.get('flink'), selectTroubledPods(session).troubled, session.jobs, session.gone, clusterTrouble(session)] as const,
  (kubernetes, flink, troubled, jobs, gone, cluster) => {
    if (cluster?.final === true) return cluster.worst;
    // A JobManager that crashed is why Flink is away; a TaskManager is not.
    const masterless = troubled.some(({ role, severity }) => role === 'jobmanager' && severity === 'error');
    return (
      lostSource('Kubernetes', kubernetes) ?? cluster?.worst ?? (masterless ? podProblem(troubled, 'error') : undefined) ?? lostSource('Flink', flink) ?? podProblem(troubled, 'error') ?? jobTrouble(jobs, gone) ??
      podProblem(troubled, 'warn') ?? jobFailure(jobs, gone)
    );
  },
);
