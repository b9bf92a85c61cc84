import { jobsMeant, type NamedJob } from '../../flink/named-jobs.ts';
import { isTerminal } from '../../flink/types.ts';
import type { Job, Pod, Session } from '../../session/types.ts';
import { jobLabel, unreadableWords } from '../../session/job-words.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { Problem } from '../../support/problem.ts';

export const isRunning = (job: Pick<Job, 'state'>): boolean => !isTerminal(job.state);

export const listed = (names: readonly string[], most = 8): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

/** What could have been meant: `Running jobs: a, b.` */
const choices = (names: readonly string[], what: string, none: string): string =>
  names.length === 0 ? none : `${what}: ${listed(names)}.`;

/** Where to look: the cluster, and whether its servers have answered. */
type Place = Pick<Session, 'sources' | 'unreadable'> & { readonly target: Pick<Session['target'], 'clusterId'> };

/** Why a server has not answered yet, if it gave a reason. */
const hintOf = ({ sources }: Place, name: 'pods' | 'flink'): string | undefined => sources.get(name)?.problem?.message;

/** The job with this id, unique beginning of an id, or unique name. Throws a `Problem` that lists the candidates of an ambiguous word. */
export function findJob<J extends NamedJob>(
  word: string,
  session: Place & Pick<Session, 'jobsKnown'> & { readonly jobs: readonly J[] },
  among: 'running' | 'all',
): J {
  const meant = jobsMeant(word, session.jobs);
  const fitting = among === 'running' ? meant.filter(isRunning) : meant;
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined) {
    const candidates = listed(fitting.map((job) => `${oneLine(job.name, 80)} ${job.id} (${job.state})`));
    throw new Problem('usage', `"${word}" can be ${fitting.length} jobs: ${candidates}.`, { hint: 'Type more of its id.' });
  }
  const ended = meant[0];
  if (ended !== undefined) throw new Problem('conflict', `Job ${jobLabel(ended)} is not running: it is ${ended.state}.`);
  if (!session.jobsKnown)
    throw new Problem('unavailable', `Whether there is a job "${word}" is not known yet: Flink's REST endpoint has not answered.`, {
      hint: hintOf(session, 'flink'),
    });
  const names = session.jobs.filter((job) => among === 'all' || isRunning(job)).map(jobLabel);
  throw new Problem('not-found', `There is no${among === 'running' ? ' running' : ''} job "${word}" on ${session.target.clusterId}.`, {
    hint: among === 'running' ? choices(names, 'Running jobs', 'No job is running.') : choices(names, 'Jobs', 'There are no jobs.'),
  });
}

/** `tm1-3` and `tm-1-3` for `taskmanager-1-3`: as logs and titles abbreviate it. */
const longPodName = (word: string): string => word.replace(/^tm-?(?=\d)/, 'taskmanager-');

export type NamedPod = Pick<Pod, 'name' | 'shortName' | 'role'>;

/** The pods of a session, or as much of them as a name needs. */
export type PodsKnown<P extends NamedPod = Pod> = Place &
  Pick<Session, 'podsKnown' | 'leader'> & { readonly pods: ReadonlyMap<string, P>; readonly gone: readonly P[] };

/**
 * The pod with this name or unique beginning of a name, with or without the cluster id; `jm` is the leading JobManager. Pods that are gone
 * count only if nothing else fits.
 */
export function findPod<P extends NamedPod>(word: string, session: PodsKnown<P>, from: 'present' | 'seen' = 'present'): P {
  const present = [...session.pods.values()];
  if (word === 'jm' || word === 'jobmanager') {
    const leader = present.find(({ name }) => name === session.leader) ?? present.find(({ role }) => role === 'jobmanager');
    if (leader !== undefined) return leader;
  }
  const wanted = longPodName(word);
  const gone = from === 'seen' ? session.gone.toReversed().filter(({ name }) => !session.pods.has(name)) : [];
  for (const pods of [present, gone]) {
    const exact = pods.find(({ name, shortName }) => name === word || shortName === wanted);
    if (exact !== undefined) return exact;
    const meant = pods.filter(({ name, shortName }) => name.startsWith(word) || shortName.startsWith(wanted));
    const [only, ...others] = meant;
    if (only !== undefined && others.length === 0) return only;
    if (only !== undefined) {
      throw new Problem('usage', `"${word}" can be ${meant.length} pods: ${listed(meant.map(({ shortName }) => shortName))}.`, {
        hint: 'Type more of its name.',
      });
    }
  }
  if (!session.podsKnown)
    throw new Problem('unavailable', `Whether there is a pod "${word}" is not known yet: the API server has not answered.`, {
      hint: hintOf(session, 'pods'),
    });
  const unread = session.unreadable.get('pods');
  if (unread !== undefined)
    throw new Problem('unavailable', `Whether there is a pod "${word}" is not known: ${unreadableWords('pods', unread.count)}.`, {
      hint: oneLine(unread.reason, 400),
    });
  const names = present.map(({ shortName }) => shortName);
  throw new Problem('not-found', `There is no pod "${word}" of ${session.target.clusterId}.`, {
    hint: choices(names, 'Pods', 'There are no pods.'),
  });
}

export type Subject = { readonly kind: 'job'; readonly job: Job } | { readonly kind: 'pod'; readonly pod: Pod };

function attempt<T>(find: () => T): T | Problem {
  try {
    return find();
  } catch (error) {
    // Only one of two lookups failed; the caller decides with both results.
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** The job or pod of that name. */
export function findSubject(word: string, session: Session): Subject {
  const pod = attempt(() => findPod(word, session, 'seen'));
  const job = attempt(() => findJob(word, session, 'all'));
  if (!(pod instanceof Problem) && !(job instanceof Problem)) {
    throw new Problem('usage', `"${word}" can be job ${jobLabel(job)} and pod ${pod.shortName}.`, {
      hint: 'Name the job by its id, or the pod by its full name.',
    });
  }
  if (!(pod instanceof Problem)) return { kind: 'pod', pod };
  if (!(job instanceof Problem)) return { kind: 'job', job };
  if (job.kind === 'usage') throw job;
  if (pod.kind === 'usage') throw pod;
  if (pod.kind === 'unavailable') throw pod;
  if (job.kind === 'unavailable')
    throw new Problem(
      'unavailable',
      `There is no pod "${word}", and whether it is a job is not known yet: Flink's REST endpoint has not answered.`,
      { hint: hintOf(session, 'flink') },
    );
  throw new Problem('not-found', `There is no job and no pod "${word}" on ${session.target.clusterId}.`, {
    hint: 'Type jobs or pods to see what is there.',
  });
}
