import type { FlinkClient, JobException } from '../flink/types.ts';
import type { Job, Pod, Session } from '../session/types.ts';
import { formatSpan, formatTime } from '../support/format.ts';
import { Problem, sentence } from '../support/problem.ts';
import { jobLabel, oneLine, podStateWords, rootCause } from '../session/words.ts';
import { isRunning } from './find.ts';

/** States of a job in which something is wrong. */
const troubled = new Set<string>(['FAILED', 'FAILING', 'RESTARTING', 'SUSPENDED']);
const sourceNames: Readonly<Record<string, string>> = { pods: 'Kubernetes', flink: 'Flink' };
/** A pod that went by itself is news for this long. */
const recentMs = 15 * 60_000;

/** Everything that is wrong, the worst first; one line that says so when nothing is. */
export async function explainSession(session: Session, flink: FlinkClient, now: number, signal: AbortSignal): Promise<readonly string[]> {
  const sources = [...session.sources].flatMap(([name, { state, problem }]) =>
    (state === 'lost' || state === 'denied') && !name.startsWith('log:') ? [`${sourceNames[name] ?? `Source ${name}`} is ${state}${problem === undefined ? '.' : `: ${sentence(problem)}`}`] : []);
  const pods = [...session.pods.values()].filter(({ severity }) => severity === 'error' || severity === 'warn');
  const gone = session.gone.filter(({ severity, deletedAt }) => severity === 'error' && now - (deletedAt ?? 0) < recentMs);
  const jobs = session.jobs.filter((job) => troubled.has(job.state) || waiting(job, session) !== undefined || (isRunning(job) && now - (newest(job.exceptions)?.at ?? 0) < recentMs));
  const explained = await Promise.all(jobs.map((job) => explainJob(job, session, flink, now, signal)));
  const told = new Set(explained.flat().map((line) => line.trim()));
  const alone = [...pods, ...gone].map((pod) => explainPod(pod, session, now)).filter(([first = '']) => !told.has(first));
  const lines = [...sources, ...alone.flat(), ...explained.flat()];
  return lines.length === 0 ? ['Nothing is wrong as far as can be seen.'] : lines;
}

/** What the pod's state means; one line when nothing is wrong with it. */
export function explainPod(pod: Pod, session: Session, now: number): readonly string[] {
  const restarts = pod.restarts > 0 ? ` It restarted ${times(pod.restarts)}.` : '';
  if (pod.severity === 'ok') return [`Pod ${pod.shortName} is ${pod.state}; nothing is wrong with it.${restarts}`];
  const since = !session.pods.has(pod.name) && pod.deletedAt !== undefined ? `, gone since ${formatSpan(now - pod.deletedAt)}` : '';
  const lines = [`Pod ${pod.shortName}: ${podStateWords(pod)}${since}.${restarts}`];
  for (const { name, reason, exitCode } of pod.containers) {
    if (reason !== undefined && !pod.state.includes(reason)) lines.push(`  container ${name}: ${oneLine(reason)}${exitCode === undefined ? '' : `, exit code ${exitCode}`}`);
  }
  if (pod.state.startsWith('OOMKilled')) lines.push(`  The kernel killed it for using more than its limit: raise ${pod.role}.memory.process.size or ${pod.role}.memory.jvm-overhead.max.`);
  return lines;
}

/** The job's state, its newest failure with the deepest cause, and the pod on which it happened. */
export async function explainJob(job: Job, session: Session, flink: FlinkClient, now: number, signal: AbortSignal): Promise<readonly string[]> {
  const exceptions = await flink.exceptions(job.id, { signal }).catch((error: unknown) => {
    // What the session already knows is worth more than nothing.
    if (error instanceof Problem) return job.exceptions;
    throw error;
  });
  const last = newest(exceptions);
  const restarts = job.restarts === undefined || job.restarts === 0 ? '' : `, restarted ${times(job.restarts)}`;
  const lines = [`Job ${jobLabel(job)} is ${job.state}${restarts}.`];
  const checkpoint = job.checkpoints;
  const idle = waiting(job, session);
  if (idle !== undefined) lines.push(`  ${idle}`);
  if (last === undefined) {
    lines.push('  No failure is recorded.');
  } else {
    const place = [last.taskName, last.taskManagerId === undefined ? undefined : shortName(last.taskManagerId, session)].filter((one) => one !== undefined).join(' on ');
    lines.push(`  ${formatTime(last.at)}, ${formatSpan(now - last.at)} ago${place === '' ? '' : `, ${place}`}: ${oneLine(last.name)}`);
    const cause = rootCause(last);
    if (cause !== '' && cause !== last.name) lines.push(`  Root cause: ${cause}`);
    const pod = last.taskManagerId === undefined ? undefined : session.pods.get(last.taskManagerId) ?? session.gone.findLast(({ name }) => name === last.taskManagerId);
    if (pod !== undefined && pod.severity !== 'ok') lines.push(...explainPod(pod, session, now).map((line) => `  ${line}`));
    if (pod !== undefined) lines.push(`  logs ${pod.shortName} shows its log.`);
  }
  if (checkpoint?.latestFailed !== undefined && checkpoint.latestFailed.triggeredAt > (checkpoint.latestCompleted?.triggeredAt ?? 0)) {
    lines.push(`  Its last checkpoint failed${checkpoint.latestFailed.failure === undefined ? '.' : `: ${oneLine(checkpoint.latestFailed.failure)}`}`);
  }
  return lines;
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

const newest = (exceptions: readonly JobException[]): JobException | undefined =>
  exceptions.reduce<JobException | undefined>((best, one) => (best === undefined || one.at > best.at ? one : best), undefined);

const shortName = (taskManagerId: string, session: Session): string =>
  session.pods.get(taskManagerId)?.shortName ?? session.gone.findLast(({ name }) => name === taskManagerId)?.shortName ?? taskManagerId;

/** Tasks of a job that are not running although it is meant to run, and what there is of slots; undefined: none. */
function waiting({ state, tasks }: Job, { overview }: Session): string | undefined {
  if (state !== 'RUNNING' && state !== 'CREATED') return undefined;
  const parts = ['created', 'scheduled', 'deploying', 'initializing', 'reconciling'].flatMap((name) => {
    const count = tasks.byState[name] ?? 0;
    return count > 0 ? [`${count} ${name}`] : [];
  });
  if (parts.length === 0) return undefined;
  const slots = overview === undefined ? '' : ` ${overview.slotsAvailable} of ${overview.slotsTotal} slots are free.`;
  return `Not all of its ${tasks.total} tasks run: ${parts.join(', ')}.${slots}`;
}
