import { adviceFor, outOfMemoryAdvice, rightsAdvice } from '../../native/advice.ts';
import { endedContainer, isOutOfMemory, podStateWords, podTrouble } from '../../native/pod-trouble.ts';
import { blamedTaskManager, endedFromOutside, endOf, type Failure, isConsequence, lastFailure } from '../../session/failure.ts';
import { phaseOf } from '../../session/job-phase.ts';
import { failedCheckpoint } from '../../session/selectors/job-troubles.ts';
import type { Job, Pod, Session } from '../../session/types.ts';
import { jobLabel, rootCause } from '../../session/job-words.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatSpan } from '../../support/format.ts';
import { type Asked, askForRefusedWorkers, crashOf, eventsSettled, exceptionsOf, podNamed } from './ask.ts';
import { type Evidence, eventEvidence, type Finding } from '../model/finding.ts';
import { glanceMs, sessionWithin } from '../model/wait.ts';

/** States of a job that mean trouble. */
const troubledPhases = new Set<string>(['FAILED', 'FAILING', 'RESTARTING', 'SUSPENDED']);
/** How long to mention a failure, even if the job runs again. */
const recentMs = 15 * 60_000;

/** The finding about a job, and whether it is a problem. */
export interface JobExplanation {
  readonly finding: Finding;
  readonly wrong: boolean;
}

/** Its state, its last failure, the slots that it waits for. */
export async function explainJob(job: Job, asked: Asked): Promise<JobExplanation> {
  const session = asked.store.get();
  const now = asked.clock.now();
  const phase = phaseOf(job);
  const known: Job = { ...job, exceptions: await exceptionsOf(job, asked) };
  const failure = lastFailure(known, session);
  const missing =
    phase === 'WAITING' || (failure !== undefined && failure.cause === undefined && failure.worker === undefined)
      ? await missingSlots(asked)
      : undefined;
  const checkpoint = failedCheckpoint(job);
  const { cause, evidence, advice } =
    phase === 'WAITING' && missing !== undefined ? missing : await explainFailure(failure, missing, asked);
  const worker = workerOf(failure, session);
  const recent = failure !== undefined && now - failure.reported.at < recentMs;
  const finding: Finding = {
    subject: { kind: 'job', id: job.id, name: job.name },
    severity: troubledPhases.has(phase) || recent ? 'error' : 'warn',
    what: headline(job, failure),
    cause: cause ?? (failure === undefined ? checkpointCause(checkpoint) : undefined),
    evidence: [...evidence, ...taskEvidence(job, session), ...checkpointEvidence(checkpoint)],
    advice: [...advice, ...(worker === undefined ? [] : [`logs ${worker.shortName} shows its log.`])],
  };
  return { finding, wrong: troubledPhases.has(phase) || phase === 'WAITING' || recent || checkpoint !== undefined };
}

/** The TaskManager that a failure is about, or on which it happened. */
function workerOf(failure: Failure | undefined, session: Session): Pod | undefined {
  const reporter = failure?.reported.taskManagerId;
  return failure?.worker ?? (reporter === undefined ? undefined : podNamed(reporter, session));
}

type FailedCheckpoint = ReturnType<typeof failedCheckpoint>;

const checkpointCause = (checkpoint: FailedCheckpoint): string | undefined =>
  checkpoint?.failure === undefined ? undefined : `its last checkpoint failed: ${oneLine(checkpoint.failure)}`;

const checkpointEvidence = (checkpoint: FailedCheckpoint): readonly Evidence[] =>
  checkpoint === undefined
    ? []
    : [
        {
          source: { kind: 'rest', what: 'checkpoints' },
          at: checkpoint.endedAt ?? checkpoint.triggeredAt,
          text: oneLine(checkpoint.failure ?? 'no reason given'),
        },
      ];

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

type Explained = Pick<Finding, 'cause' | 'evidence' | 'advice'>;

/** Why slots are missing: TaskManagers that cannot be created, or that cannot start; undefined: neither is known. */
async function missingSlots(asked: Asked): Promise<Explained | undefined> {
  await sessionWithin(asked, glanceMs(asked), eventsSettled);
  const { pods, target, warnings } = asked.store.get();
  const stuck = [...pods.values()]
    .filter(({ role, deletedAt }) => role === 'taskmanager' && deletedAt === undefined)
    .flatMap((pod) => {
      const trouble = podTrouble(pod, warnings.values(), asked.clock.now());
      return trouble === undefined ? [] : [{ pod, ...trouble }];
    });
  const [first] = stuck;
  if (first !== undefined) {
    return {
      cause: `${stuck.length === 1 ? 'a TaskManager does' : `${stuck.length} TaskManagers do`} not start: ${first.pod.shortName} ${first.words}`,
      evidence: stuck
        .slice(0, 3)
        .map(({ pod, words, warnings: [warning] }): Evidence =>
          warning !== undefined
            ? eventEvidence(pod, warning)
            : { source: { kind: 'status', object: pod.shortName }, at: undefined, text: words },
        ),
      advice: adviceFor(first.words, 'taskmanager'),
    };
  }
  const refused = await askForRefusedWorkers(asked);
  if (refused === undefined) return undefined;
  const message = oneLine(refused.message, 400);
  return {
    cause: `the JobManager cannot create TaskManager pods: ${message}`,
    evidence: [
      {
        source: { kind: 'log', pod: refused.pod.shortName, container: undefined, previous: false },
        at: undefined,
        text: `Could not create pod, ${refused.count === 1 ? 'once' : `${refused.count} times`}: ${message}`,
      },
    ],
    advice: /is forbidden: User/.test(message) ? [rightsAdvice(target.namespace)] : adviceFor(message, 'taskmanager'),
  };
}

/**
 * A pod that ended is a better cause than the exceptions about it, and an exception a better one than those that follow from it. Without
 * proof there is no cause.
 */
async function explainFailure(failure: Failure | undefined, missing: Explained | undefined, asked: Asked): Promise<Explained> {
  if (failure === undefined) return { cause: undefined, evidence: [], advice: [] };
  const session = asked.store.get();
  const { worker, cause, reported } = failure;
  const exceptions = [...(cause === undefined || cause === reported ? [] : [cause]), reported].map((each) =>
    exceptionEvidence(each, session),
  );
  if (worker !== undefined && endedFromOutside(worker)) {
    const words = `${worker.shortName}: ${podStateWords(worker)}`;
    return {
      cause: words,
      evidence: [podEvidence(worker), ...exceptions],
      advice: isOutOfMemory(worker) ? [outOfMemoryAdvice(worker.role)] : [],
    };
  }
  if (cause !== undefined) {
    const text = rootCause(cause);
    return {
      cause: text.replace(/\.$/, ''),
      evidence: [...(worker === undefined ? [] : [podEvidence(worker)]), ...exceptions],
      advice: adviceFor(text, cause.taskManagerId === undefined ? 'jobmanager' : 'taskmanager'),
    };
  }
  if (worker !== undefined) return afterWorker(worker, exceptions, asked);
  if (missing !== undefined) return { ...missing, evidence: [...missing.evidence, ...exceptions] };
  return { cause: undefined, evidence: exceptions, advice: lostTaskManagerAdvice(reported.stacktrace, session) };
}

/** Only consequences are recorded, and the TaskManager in them ended by itself: its log has the reason. */
async function afterWorker(worker: Pod, exceptions: readonly Evidence[], asked: Asked): Promise<Explained> {
  const ended = endedContainer(worker);
  const crash = ended === undefined ? undefined : await crashOf(worker, ended, asked);
  const reason = crash?.reason === undefined || isConsequence(crash.reason) ? undefined : oneLine(crash.reason, 400);
  const log: readonly Evidence[] =
    reason === undefined
      ? []
      : [
          {
            source: { kind: 'log', pod: worker.shortName, container: ended?.container.name, previous: ended?.previous ?? false },
            at: ended?.at,
            text: reason,
          },
        ];
  return {
    cause: reason === undefined ? undefined : `${worker.shortName} ended with ${worker.state}: ${reason}`,
    evidence: [podEvidence(worker), ...log, ...exceptions],
    advice: adviceFor(reason ?? '', worker.role),
  };
}

function lostTaskManagerAdvice(stacktrace: string, session: Session): readonly string[] {
  const blamed = blamedTaskManager(stacktrace);
  const pod = blamed === undefined ? undefined : podNamed(blamed, session);
  return blamed === undefined ? [] : [`this follows from the loss of ${pod?.shortName ?? blamed}: look at why that went.`];
}

const podEvidence = (pod: Pod): Evidence => ({
  source: { kind: 'status', object: pod.shortName },
  at: endOf(pod),
  text: podStateWords(pod),
});

function exceptionEvidence({ at, taskName, taskManagerId, name, stacktrace }: Failure['reported'], session: Session): Evidence {
  const root = rootCause({ name, stacktrace });
  const pod = taskManagerId === undefined ? undefined : (podNamed(taskManagerId, session)?.shortName ?? taskManagerId);
  return {
    source: { kind: 'exception', task: taskName === undefined ? undefined : oneLine(taskName, 100), pod },
    at,
    text: root.startsWith(name) || name === '' ? root : `${oneLine(name)}, from ${root}`,
  };
}

/** Jobs that ran and that Flink no longer knows. */
export function explainLostJobs({ lostJobs, pods, highAvailability }: Session, now: number): readonly Finding[] {
  return lostJobs.map(({ job, forgottenBy }) => {
    const path = job.checkpoints?.latestCompleted?.path ?? job.checkpoints?.latestSavepoint?.path;
    const jobManager = [...pods.values()].find(({ shortName }) => shortName === forgottenBy);
    // With high availability, a new JobManager takes over the jobs, so its age explains nothing.
    const forgot = forgottenBy !== undefined && highAvailability === false;
    return {
      subject: { kind: 'job', id: job.id, name: job.name },
      severity: 'error',
      what: `Job ${jobLabel(job)} is lost: it was last seen ${formatSpan(Math.max(0, now - job.startTime - job.durationMs))} ago, and Flink does not list it any more.`,
      cause: !forgot
        ? undefined
        : `${forgottenBy} started after the job was seen last, and a JobManager without high availability does not know the jobs of the one before it`,
      evidence:
        jobManager === undefined
          ? []
          : [
              {
                source: { kind: 'status', object: jobManager.shortName },
                at: jobManager.containers.find(({ init }) => !init)?.startedAt,
                text: `it started${jobManager.restarts > 0 ? ` again, ${jobManager.restarts === 1 ? 'once' : `${jobManager.restarts} times`}` : ''}`,
              },
            ],
      advice: [
        path === undefined
          ? 'submit the job again; no checkpoint of it is known here.'
          : `submit JAR -s ${path} continues from its last checkpoint, if that is still there.`,
        ...(!forgot ? [] : ['high-availability.type: kubernetes and high-availability.storageDir keep jobs over a new JobManager.']),
      ],
    };
  });
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
