import type { Session } from '../../session/types.ts';
import { asSentence, Problem, sentence } from '../../support/problem.ts';
import { option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { jobLabel } from '../../session/job-words.ts';
import { isRunning } from '../model/find-subject.ts';
import { stopWithSavepoint } from '../procedures/savepoints.ts';
import { awaitPodsGone } from '../procedures/stopping.ts';
import type { CommandContext, Confirmation } from '../model/types.ts';
import { answerWithin, bonusMs, sessionWithin } from '../model/wait.ts';

/** How long `--savepoint` waits for the first list of jobs. */
const jobsPatienceMs = 30_000;
/** How long to check whether the savepoints would outlive the cluster. */
const volumeMs = 5_000;

export const stop = command({
  name: 'stop',
  summary: 'Stop the session cluster',
  details:
    'Deletes the Deployment; Kubernetes then removes the pods, services and ConfigMaps that belong to it, and the state of running jobs is lost. ' +
    'With --savepoint each running job is stopped with a savepoint first; if one of them fails, the cluster stays. In a pipe it acts at once.',
  group: 'session',
  examples: ['stop', 'stop --savepoint', 'stop --savepoint --savepoint-dir s3://savepoints'],
  options: {
    savepoint: option.flag('Stop each running job with a savepoint first'),
    savepointDir: option.remotePath(
      'DIR',
      'Folder of the savepoints, as the cluster sees it; default: execution.checkpointing.savepoint-dir of the cluster',
    ),
  },
  danger: 'destroy',
  ends: true,
  source: 'kubernetes',
  access: ({ target }) => [{ verb: 'delete', group: 'apps', resource: 'deployments', namespace: target.namespace, name: target.clusterId }],
  confirmation: async (session, { savepoint, savepointDir }, context) =>
    session.stopped
      ? undefined
      : confirmStop(session, savepoint || savepointDir !== undefined, await mortalFolder(context, savepointDir, bonusMs(context))),
  async run(context, { savepoint, savepointDir }) {
    const { cluster, store, signal } = context;
    if (savepoint || savepointDir !== undefined) await savepointEachJob(context, savepointDir);
    const { clusterId } = store.get().target;
    // A user who stopped waiting for the savepoints does not want the cluster to be deleted unnoticed.
    signal.throwIfAborted();
    await context.operations.track({ title: `Stop ${clusterId}`, kind: 'stop', jobId: undefined }, async (report, sessionSignal) => {
      await cluster.kill(sessionSignal);
      context.refresh();
      const end = await awaitPodsGone({ ...context, signal: sessionSignal }, report.progress);
      return { value: undefined, result: end };
    });
  },
});

/** The folder of the savepoints, if it would be deleted with the cluster, as far as this is known in time. */
const mortalFolder = (context: CommandContext, directory: string | undefined, ms: number): Promise<string | undefined> =>
  context.store.get().jobs.some(isRunning)
    ? answerWithin(context, ms, (signal) => context.cluster.mortalSavepoints(directory, signal))
    : Promise.resolve(undefined);

const dies = (folder: string): string =>
  `Savepoints go to ${folder}, which is in the JobManager's pod, on no volume: they would be deleted with the cluster.`;

function confirmStop(session: Session, savepoint: boolean, mortal: string | undefined): Confirmation {
  const { clusterId, namespace, context } = session.target;
  const running = session.jobs.filter(isRunning);
  const flink = session.sources.get('flink');
  const known = session.jobsKnown;
  const pods = !session.podsKnown ? 'pods' : session.pods.size === 1 ? 'pod' : `${session.pods.size} pods`;
  const deletes =
    `This deletes Deployment ${clusterId} in ${namespace}${context === undefined ? '' : ` (${context})`}. ` +
    `Kubernetes then removes its ${pods}, its services and its ConfigMaps.`;
  const fate = !known
    ? `Which jobs run is not known${flink?.problem === undefined ? '.' : `: ${asSentence(flink.problem.message)}`} Without a savepoint their state is lost.`
    : running.length === 0
      ? 'No job is running.'
      : savepoint
        ? `${jobsRun(running.length)} Each is stopped with a savepoint first; if one of them fails, the cluster stays.`
        : `${jobsRun(running.length)} Without a savepoint their state is lost:`;
  return {
    title: 'Stop session cluster',
    lines: [deletes, ...(mortal === undefined ? [] : [`${dies(mortal)} stop --savepoint --savepoint-dir DIR takes them elsewhere.`]), fate],
    jobs: running,
    phrase: known && running.length === 0 ? undefined : clusterId,
    action: running.length === 0 && known ? 'Stop the cluster' : savepoint ? 'Take savepoints, then stop' : 'Stop now, without savepoints',
    ...(running.length === 0 || savepoint || mortal !== undefined
      ? {}
      : { alternatives: [{ label: 'Take savepoints first, then stop', commandLine: 'stop --savepoint', recommended: true }] }),
  };
}

const jobsRun = (count: number): string => (count === 1 ? '1 job is running.' : `${count} jobs are running.`);

/** All at the same time. If one fails, the paths of those that succeeded are shown and the cluster stays. */
async function savepointEachJob(context: CommandContext, directory: string | undefined): Promise<void> {
  const { store, front } = context;
  if (!(await sessionWithin(context, jobsPatienceMs, ({ jobsKnown, sources }) => jobsKnown && sources.get('flink')?.state === 'live'))) {
    const why = store.get().sources.get('flink')?.problem;
    throw new Problem(
      'unavailable',
      `The cluster was not stopped: which jobs run is not known${why === undefined ? '.' : `: ${sentence(why)}`}`,
      {
        hint: 'stop without --savepoint stops it all the same; the state of its jobs is lost then.',
      },
    );
  }
  const mortal = await mortalFolder(context, directory, volumeMs);
  if (mortal !== undefined)
    throw new Problem('conflict', `The cluster was not stopped: ${dies(mortal)}`, {
      hint: 'Name another folder with --savepoint-dir; stop without --savepoint loses the state of its jobs.',
    });
  const running = store.get().jobs.filter(isRunning);
  const results = await Promise.allSettled(
    running.map(async (job) => {
      const path = await stopWithSavepoint(context, job, { directory, drain: false, format: 'CANONICAL' });
      front.print([`Job ${jobLabel(job)} is stopped. Savepoint: ${path}`], 'good');
    }),
  );
  const failed = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  if (failed.length === 0) return;
  context.signal.throwIfAborted();
  const stopped = running.length - failed.length;
  throw new Problem(
    'failed',
    `The cluster was not stopped: ${failed.map(sentence).join(' ')}${stopped === 0 ? '' : ` ${stopped === 1 ? '1 job is' : `${stopped} jobs are`} stopped, with the savepoints above.`}`,
    {
      hint: 'stop without --savepoint stops it all the same; the state of its jobs is lost then.',
      cause: failed[0],
    },
  );
}
