import { isOutOfMemory } from '../../native/pod-trouble.ts';
import type { Instant } from '../../support/clock.ts';
import { formatSpan } from '../../support/format.ts';
import { subjectKey } from '../../causes/finding.ts';
import { blamedTaskManager, deletedWords, endedFromOutside, killedWords, lackedSlots, lastFailure } from '../../causes/failure.ts';
import { phaseOf, restartedLately, restartPeriod, waitsLong } from '../job-phase.ts';
import type { Job, LostJob, Pod, Session } from '../types.ts';
import { shortCause } from '../../causes/root-cause.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { freshMs, type Trouble } from './trouble.ts';

/** A job in trouble, and the TaskManager that explains it. */
interface JobTrouble extends Trouble {
  readonly worker?: string | undefined;
}

export function jobTroubles(session: Session, now: Instant): readonly JobTrouble[] {
  return [...session.lostJobs.map(lostTrouble), ...session.jobs.flatMap((job, order) => jobTrouble(job, order, session, now) ?? [])];
}

/** A word for the command line: quoted if it has spaces. */
const word = (text: string): string => (/^[\w.:/@%+=-]+$/.test(text) ? text : `"${text.replace(/(["\\])/g, '\\$1')}"`);

function whyCommand(job: Job, jobs: readonly Job[]): string {
  const unique = jobs.filter(({ name }) => name === job.name).length === 1;
  return `why ${unique ? word(oneLine(job.name)) : job.id.slice(0, 8)}`;
}

function lostTrouble({ job, at, forgottenBy }: LostJob): Trouble {
  return {
    rank: 'lost',
    order: -at,
    severity: 'error',
    words: () => ({
      text: `${oneLine(job.name, 60)} is lost: ${forgottenBy === undefined ? 'Flink does not list it any more' : `${forgottenBy} started and does not know it`}`,
      command: 'why',
      about: subjectKey({ kind: 'job', ...job }),
    }),
  };
}

function jobTrouble(job: Job, order: number, session: Session, now: Instant): JobTrouble | undefined {
  const name = oneLine(job.name, 60);
  const say = (rank: Trouble['rank'], severity: Trouble['severity'], what: string, reason?: string, place = order): JobTrouble => ({
    rank,
    order: place,
    severity,
    words: () => ({
      text: `${what}${reason === undefined ? '' : `: ${reason}`}`,
      command: whyCommand(job, session.jobs),
      about: subjectKey({ kind: 'job', ...job }),
    }),
  });
  const phase = phaseOf(job);
  if (phase === 'RESTARTING' || phase === 'FAILING' || restartedLately(job)) {
    return {
      ...say('job', 'error', `${name} ${stepWords(job)}`, failureWords(job, session)),
      worker: lastFailure(job, session)?.worker?.name,
    };
  }
  if (phase === 'FAILED') {
    const end = job.endTime > 0 ? job.endTime : job.lastModification;
    return now - end < freshMs
      ? say('job', 'error', `${name} failed`, failureWords(job, session))
      : say('over', 'error', `${name} failed`, failureWords(job, session), -end);
  }
  if (waitsLong(job)) return say('waiting', 'warn', `${name} waits for slots`, slotWords(session));
  const failed = failedCheckpoint(job);
  return failed === undefined
    ? undefined
    : say(
        'warning',
        'warn',
        `the last checkpoint of ${name} failed`,
        failed.failure === undefined ? undefined : oneLine(failed.failure, 120),
      );
}

function stepWords(job: Job): string {
  if (job.state === 'FAILING') return 'is failing';
  const period = restartPeriod(job);
  if (period !== undefined) return `restarts every ${formatSpan(period)}`;
  return job.state === 'RUNNING' ? 'was restarted' : 'restarts';
}

function slotWords({ overview }: Session): string | undefined {
  return overview === undefined
    ? undefined
    : overview.slotsTotal === 0
      ? 'there are none'
      : `${overview.slotsAvailable} of ${overview.slotsTotal} are free`;
}

/** Why the job last failed, as far as it is proved; otherwise what Flink reports. */
function failureWords(job: Job, session: Session): string | undefined {
  const failure = lastFailure(job, session);
  if (failure === undefined) return undefined;
  const { worker, cause, reported } = failure;
  if (worker !== undefined && (endedFromOutside(worker) || cause === undefined)) return `${worker.shortName}: ${endWords(worker)}`;
  if (cause !== undefined) return shortCause(cause);
  const blamed = blamedTaskManager(reported.stacktrace);
  if (blamed !== undefined) return `TaskManager ${blamed} was lost`;
  return lackedSlots(reported) ? 'it does not get the slots that it needs' : shortCause(reported);
}

/** How a TaskManager ended, in the words of `why`; what only its log tells, it names by its state. */
function endWords(worker: Pod): string {
  if (isOutOfMemory(worker)) return killedWords('it');
  return worker.state === 'Deleted' ? deletedWords : worker.state;
}

/** The newest checkpoint that failed, if none has completed since. */
export function failedCheckpoint({ state, checkpoints }: Job): NonNullable<Job['checkpoints']>['latestFailed'] {
  const failed = state === 'RUNNING' ? checkpoints?.latestFailed : undefined;
  return failed !== undefined && failed.triggeredAt > (checkpoints?.latestCompleted?.triggeredAt ?? -1) ? failed : undefined;
}
