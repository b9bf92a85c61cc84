import { diagnose, type Judged } from '../../causes/diagnose.ts';
import type { Matter } from '../../causes/facts.ts';
import { endedFromOutside, endOf, type Failure, lastFailure, podNamed, wasForCheckpoints } from '../../causes/failure.ts';
import type { Evidence, Finding } from '../../causes/finding.ts';
import { isLasting } from '../../causes/rules.ts';
import { exceptionEvidence } from '../../causes/words.ts';
import type { PodTrouble } from '../../native/pod-trouble.ts';
import { phaseOf } from '../../session/job-phase.ts';
import { failedCheckpoint } from '../../session/selectors/job-troubles.ts';
import type { Job, LostJob, Pod, Session } from '../../session/types.ts';
import { jobLabel } from '../../session/job-words.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatSpan } from '../../support/format.ts';
import { type Asked, askServers, checkpointsOf, eventsSettled, exceptionsOf } from './ask.ts';
import { explained } from './explained.ts';
import { matterOf } from './explain-pod.ts';
import { glanceMs, sessionWithin } from '../model/wait.ts';

/** States of a job that mean trouble. */
const troubledPhases = new Set<string>(['FAILED', 'FAILING', 'RESTARTING', 'SUSPENDED']);
/** The job ended as somebody wanted it to: an earlier failure is over. */
const settledPhases = new Set<string>(['CANCELED', 'CANCELLING', 'FINISHED']);
/** How long to mention a failure, even if the job runs again. */
const recentMs = 15 * 60_000;

/** The finding about a job, and whether it is a problem. */
export interface JobExplanation {
  readonly finding: Finding;
  readonly wrong: boolean;
}

/** Its state, its last failure, the slots that it waits for. */
export async function explainJob(job: Job, asked: Asked): Promise<JobExplanation> {
  const known = await freshly(job, asked);
  const lacksSlots = waitsForSlots(known, lastFailure(known, asked.store.get()));
  if (lacksSlots) await sessionWithin(asked, glanceMs(asked), eventsSettled);
  const session = asked.store.get();
  const now = asked.clock.now();
  const phase = phaseOf(job);
  const failure = lastFailure(known, session);
  const recent = failure !== undefined && now - failure.reported.at < recentMs && !settledPhases.has(phase);
  const checkpoint = failedCheckpoint(job);
  const stuck = lacksSlots ? stuckWorkers(job, failure, session, now) : [];
  const matters: readonly Matter[] = [
    ...stuck.slice(0, 1),
    ...(lacksSlots ? [{ kind: 'slots', job: known } as const] : []),
    // A job that waits again failed before, perhaps long ago.
    ...(failure !== undefined && (phase !== 'WAITING' || recent) ? failureMatters(failure, session, now) : []),
    ...checkpointMatters(known, failure),
  ];
  const diagnosis = await diagnose(session, now, matters, askServers(asked));
  const why = explained(diagnosis, (judged) => inJob(judged, stuck.length));
  const worker = workerOf(failure, session);
  const finding: Finding = {
    subject: { kind: 'job', id: job.id, name: job.name },
    severity: troubledPhases.has(phase) || recent ? 'error' : 'warn',
    what: headline(job, failure),
    ...why,
    evidence: [...why.evidence, ...otherEvidence(failure, checkpoint, matters, session), ...taskEvidence(job, session)],
    advice: [
      ...why.advice,
      ...(phase === 'FAILED' && !isLasting(why.rule) ? restartAdvice(known, failure) : []),
      ...(worker === undefined ? [] : [`logs ${worker.shortName} shows its log.`]),
    ],
  };
  return { finding, wrong: troubledPhases.has(phase) || phase === 'WAITING' || recent || checkpoint !== undefined };
}

/** The job with what Flink says now; its checkpoints only if it failed for them and the session has not seen them. */
async function freshly(job: Job, asked: Asked): Promise<Job> {
  const known: Job = { ...job, exceptions: await exceptionsOf(job, asked) };
  const failure = lastFailure(known, asked.store.get());
  return known.checkpoints === undefined && failure !== undefined && wasForCheckpoints(failure.reported)
    ? { ...known, checkpoints: await checkpointsOf(job, asked) }
    : known;
}

/** It waits for slots, or failed for want of them, as far as nothing else is known. */
const waitsForSlots = (job: Job, failure: Failure | undefined): boolean =>
  phaseOf(job) === 'WAITING' ||
  (failure !== undefined && failure.cause === undefined && failure.worker === undefined && !wasForCheckpoints(failure.reported));

/** The last checkpoint, if it failed and the job did not fail for another reason; a failure may only say that checkpoints failed. */
function checkpointMatters(job: Job, failure: Failure | undefined): readonly Matter[] {
  const checkpoint =
    failure === undefined ? failedCheckpoint(job) : wasForCheckpoints(failure.reported) ? job.checkpoints?.latestFailed : undefined;
  return checkpoint === undefined ? [] : [{ kind: 'checkpoint', job, checkpoint }];
}

/**
 * What went wrong when a job failed. A TaskManager that was ended from outside explains every exception on it, and of one that ended by
 * itself the log does if only consequences were recorded; an exception on another TaskManager has a cause of its own.
 */
function failureMatters({ worker, cause, reported }: Failure, session: Session, now: number): readonly Matter[] {
  const outside = worker !== undefined && endedFromOutside(worker);
  const elsewhere = cause?.taskManagerId !== undefined && cause.taskManagerId !== worker?.name;
  return [
    ...(worker !== undefined && (outside || cause === undefined) ? [matterOf(worker, session, now)] : []),
    ...(!outside || elsewhere ? [{ kind: 'exception', exception: cause ?? reported } as const] : []),
  ];
}

/** A request for a slot is given up after this time (`slot.request.timeout`, Flink 2.3): what ended before is not why it had to wait. */
const slotRequestMs = 5 * 60_000;

/** TaskManagers that do not start, or ended while the job waited. */
function stuckWorkers(job: Job, failure: Failure | undefined, session: Session, now: number): readonly Matter[] {
  const since = (phaseOf(job) === 'WAITING' ? job.lastModification : (failure?.reported.at ?? now)) - slotRequestMs;
  return [...session.pods.values()]
    .filter((pod) => pod.role === 'taskmanager' && pod.deletedAt === undefined)
    .map((pod) => matterOf(pod, session, now))
    .filter(
      (matter) => matter.kind === 'pod' && matter.trouble !== undefined && (!hasEnded(matter.trouble) || (endOf(matter.pod) ?? 0) >= since),
    );
}

/** It started, so only when it ended shows whether the job missed it. */
const hasEnded = ({ kind }: PodTrouble): boolean => kind === 'crashed' || kind === 'over';

/** A cause as the cause of a job: which pod it is about, and what that has to do with the job. */
function inJob({ matter, cause }: Judged, stuck: number): string {
  if (matter.kind !== 'pod') return cause.text;
  const { pod, ended } = matter;
  if (stuck > 0) return `${stuck === 1 ? 'a TaskManager does' : `${stuck} TaskManagers do`} not start: ${pod.shortName}: ${cause.text}`;
  return ended === undefined || endedFromOutside(pod)
    ? `${pod.shortName}: ${cause.text}`
    : `${pod.shortName} ended with ${pod.state}: ${cause.text}`;
}

/** What is known of a failure and of the last checkpoint, besides what was looked at as a possible cause. */
function otherEvidence(
  failure: Failure | undefined,
  checkpoint: ReturnType<typeof failedCheckpoint>,
  matters: readonly Matter[],
  session: Session,
): readonly Evidence[] {
  const told = new Set(matters.flatMap((matter) => (matter.kind === 'exception' ? [matter.exception] : [])));
  const exceptions = failure === undefined ? [] : [...new Set([failure.cause ?? failure.reported, failure.reported])];
  return [
    ...exceptions.filter((each) => !told.has(each)).map((each) => exceptionEvidence(each, session)),
    ...(checkpoint === undefined || matters.some(({ kind }) => kind === 'checkpoint') ? [] : [checkpointEvidence(checkpoint)]),
  ];
}

const checkpointEvidence = ({ failure, endedAt, triggeredAt }: NonNullable<ReturnType<typeof failedCheckpoint>>): Evidence => ({
  source: { kind: 'rest', what: 'checkpoints' },
  at: endedAt ?? triggeredAt,
  text: oneLine(failure ?? 'no reason given'),
});

/** Why a job that failed is not started again. Source: `NoRestartBackoffTimeStrategy`, `FixedDelayRestartBackoffTimeStrategy`, Flink 2.3. */
function restartAdvice({ checkpoints }: Job, failure: Failure | undefined): readonly string[] {
  const text = failure?.reported.stacktrace ?? '';
  // Of a job that ended, Flink tells counts of zero if it takes no checkpoints.
  const taken = checkpoints === undefined ? 0 : checkpoints.completed + checkpoints.failed + checkpoints.inProgress;
  if (/Recovery is suppressed by NoRestartBackoffTimeStrategy/.test(text))
    return [
      taken === 0
        ? 'without checkpoints a job is not restarted: execution.checkpointing.interval, or restart-strategy.type: exponential-delay.'
        : 'the job takes checkpoints, so its restart-strategy.type is none: exponential-delay restarts it.',
    ];
  const attempts = /Recovery is suppressed by FixedDelay\w*\(maxNumberRestartAttempts=(\d+)/.exec(text)?.[1];
  return attempts === undefined
    ? []
    : [
        `it was restarted ${attempts} times, and restart-strategy.fixed-delay.attempts allows no more; restart-strategy.type: exponential-delay has no such end.`,
      ];
}

/** The TaskManager that a failure is about, or on which it happened. */
function workerOf(failure: Failure | undefined, session: Session): Pod | undefined {
  const reporter = failure?.reported.taskManagerId;
  return failure?.worker ?? (reporter === undefined ? undefined : podNamed(reporter, session));
}

function headline(job: Job, failure: Failure | undefined): string {
  const phase = phaseOf(job);
  const restarts =
    job.restarts === undefined || job.restarts === 0 ? '' : `, restarted ${job.restarts === 1 ? 'once' : `${job.restarts} times`}`;
  const none = failure === undefined && phase !== 'WAITING' ? ' No failure is recorded.' : '';
  return `Job ${jobLabel(job)} is ${phase}${restarts}.${none}`;
}

/** Tasks of a job that should run but do not, and the number of slots. */
function taskEvidence(job: Job, { overview }: Session): readonly Evidence[] {
  if (job.state !== 'RUNNING' && job.state !== 'CREATED') return [];
  const parts = ['created', 'scheduled', 'deploying', 'initializing', 'reconciling'].flatMap((name) => {
    const count = job.tasks.byState[name] ?? 0;
    return count > 0 ? [`${count} ${name}`] : [];
  });
  if (parts.length === 0) return [];
  return [
    { source: { kind: 'rest', what: 'jobs' }, at: undefined, text: `not all of its ${job.tasks.total} tasks run: ${parts.join(', ')}` },
    ...(overview === undefined
      ? []
      : [
          {
            source: { kind: 'rest', what: 'slots' } as const,
            at: undefined,
            text: `${overview.slotsAvailable} of ${overview.slotsTotal} are free`,
          },
        ]),
  ];
}

/** Jobs that ran and that Flink no longer knows. */
export function explainLostJobs(asked: Asked): Promise<readonly Finding[]> {
  const session = asked.store.get();
  return Promise.all(session.lostJobs.map((lost) => explainLostJob(lost, session, asked)));
}

async function explainLostJob({ job, forgottenBy }: LostJob, session: Session, asked: Asked): Promise<Finding> {
  const now = asked.clock.now();
  const path = job.checkpoints?.latestCompleted?.path ?? job.checkpoints?.latestSavepoint?.path;
  const jobManager = [...session.pods.values()].find(({ shortName }) => shortName === forgottenBy);
  const why = explained(await diagnose(session, now, [{ kind: 'lost-job', job, forgottenBy: jobManager }], askServers(asked)));
  return {
    subject: { kind: 'job', id: job.id, name: job.name },
    severity: 'error',
    what: `Job ${jobLabel(job)} is lost: it was last seen ${formatSpan(Math.max(0, now - job.startTime - job.durationMs))} ago, and Flink does not list it any more.`,
    ...why,
    advice: [
      path === undefined
        ? 'submit the job again; no checkpoint of it is known here.'
        : `submit JAR -s ${path} continues from its last checkpoint, if that is still there.`,
      ...why.advice,
    ],
  };
}

/**
 * A JobManager that is younger than a TaskManager replaced the one that requested it, which had jobs. Without high availability, the new
 * one does not know them, and neither does a session that did not see them.
 */
export function unseenJobs({ pods, jobs, jobsKnown, lostJobs, highAvailability }: Session, now: number): readonly string[] {
  if (highAvailability !== false || !jobsKnown || jobs.length > 0 || lostJobs.length > 0) return [];
  const all = [...pods.values()];
  const started = (pod: Pod): number | undefined => pod.containers.find(({ init, state }) => !init && state === 'running')?.startedAt;
  for (const jobManager of all.filter(({ role }) => role === 'jobmanager')) {
    const startedAt = started(jobManager);
    const older =
      startedAt === undefined
        ? undefined
        : all.find(({ role, createdAt }) => role === 'taskmanager' && createdAt !== undefined && createdAt < startedAt);
    if (startedAt === undefined || older === undefined) continue;
    return [
      `which jobs ran before ${jobManager.shortName} started ${formatSpan(Math.max(0, now - startedAt))} ago: ${older.shortName} is older, and a JobManager without high availability does not know the jobs of the one before it.`,
    ];
  }
  return [];
}
