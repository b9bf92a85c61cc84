import { getCluster } from '../../cluster/find-clusters.ts';
import { deleteLivePod } from '../../cluster/pods/delete-pod.ts';
import type { Job, Pod, Session } from '../../session/types.ts';
import { formatSpan } from '../../support/format.ts';
import { arg } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { isRunning } from '../model/find-subject.ts';
import type { CommandContext, Confirmation } from '../model/types.ts';
import { answerWithin, bonusMs, sessionWithin } from '../model/wait.ts';

/**
 * A pod has this long to go: a process gets 30 s to end by default, and kubelet some more to say so. Source:
 * `terminationGracePeriodSeconds` of `PodSpec`, Kubernetes 1.34.
 */
const patienceMs = 60_000;

export const deletePod = command({
  name: 'delete',
  summary: 'Delete a pod; Flink or Kubernetes replaces it',
  details:
    'Flink asks for another TaskManager if its jobs need the slots, and jobs with tasks on the deleted one go on from their last checkpoint. ' +
    'The Deployment starts another JobManager; only with high availability does it go on with all jobs. It asks first, and says what is lost. stop ends the whole cluster.',
  group: 'pods',
  examples: ['delete taskmanager-1-3', 'delete tm1-3'],
  args: { pod: arg.presentPod('Name of a pod; jm is the leading JobManager') },
  shell: { kind: 'run' },
  danger: 'confirm',
  source: 'kubernetes',
  access: ({ target: { namespace } }) => [{ verb: 'delete', resource: 'pods', namespace }],
  async confirmation(session, { pod }, context) {
    const { lines, jobs } = await (pod.role === 'taskmanager' ? ofTaskManager(pod, context) : ofJobManager(pod, session, context));
    return { title: `Delete pod ${pod.shortName}`, lines, jobs, action: 'Delete the pod' };
  },
  async run(context, { pod }) {
    const { clock, front, kubernetes, operations, store } = context;
    const gone = await operations.track(
      { title: `Delete pod ${pod.shortName}`, kind: 'other', jobId: undefined },
      async (_report, signal) => {
        await deleteLivePod(kubernetes, pod, store.get().target.namespace, signal);
        context.refresh();
        const is = await sessionWithin({ store, clock, signal }, patienceMs, ({ pods }) => pods.get(pod.name)?.uid !== pod.uid);
        return { value: is, result: is ? 'deleted' : 'still terminating' };
      },
    );
    front.print(
      [
        gone
          ? `Pod ${pod.shortName} is deleted.`
          : `Pod ${pod.shortName} was asked to end, and is still there after ${formatSpan(patienceMs)}.`,
      ],
      gone ? 'good' : 'warn',
    );
  },
});

type Loss = Pick<Confirmation, 'lines' | 'jobs'>;

async function ofTaskManager({ name }: Pod, context: CommandContext): Promise<Loss> {
  const { flink, store } = context;
  const known = await answerWithin(context, bonusMs(context), (signal) => flink.taskManager(name, { signal }));
  const replaced = 'Flink asks Kubernetes for another TaskManager if its jobs need the slots.';
  if (known === undefined)
    return {
      lines: ['Flink has not said which jobs have tasks on it.', `${whatTasksDo('Those that have')} ${replaced}`],
      jobs: [],
    };
  const ids = new Set(known.allocated.map(({ jobId }) => jobId));
  const jobs = store.get().jobs.filter(({ id }) => ids.has(id));
  return { lines: [ids.size === 0 ? 'No job has a slot on it.' : whatTasksDo('The jobs on it'), replaced], jobs };
}

/** Without checkpoints nothing restarts by default. Source: `RestartStrategyOptions.RESTART_STRATEGY`, Flink 2.3. */
const whatTasksDo = (jobs: string): string =>
  `${jobs} restart and go on from their last checkpoint. A job without checkpoints fails, or begins anew if it has a restart strategy.`;

async function ofJobManager({ name, shortName }: Pod, session: Session, context: CommandContext): Promise<Loss> {
  const { leader, highAvailability, jobs, jobsKnown } = session;
  const running = jobs.filter(isRunning);
  const replaced = 'The Deployment starts another JobManager.';
  if (leader !== undefined && leader !== name) return { lines: [`${shortName} does not lead: the jobs go on. ${replaced}`], jobs: [] };
  if (highAvailability === true)
    return { lines: [`${replaced} With high availability it goes on with all jobs, each from its last checkpoint.`], jobs: running };
  if (jobsKnown && running.length === 0) return { lines: [`${replaced} No job is running.`], jobs: [] };
  return { lines: [replaced, ...(await withoutHighAvailability(highAvailability, running, context))], jobs: running };
}

async function withoutHighAvailability(known: false | undefined, running: readonly Job[], context: CommandContext): Promise<string[]> {
  const { kubernetes, store } = context;
  const { clusterId, namespace } = store.get().target;
  const found = await answerWithin(context, bonusMs(context), (signal) => getCluster(kubernetes, clusterId, namespace, signal));
  const lost = {
    application: 'the new one runs the program from the beginning: the job loses its state.',
    session: 'the new one knows no job: all of them end, and their state is lost unless it is in a savepoint or a kept checkpoint.',
    unknown: 'all jobs lose their state: a session cluster forgets them, an application begins anew.',
  }[found?.kind ?? 'unknown'];
  return [
    known === false
      ? `This cluster has no high availability: ${lost}`
      : `Whether this cluster has high availability is not known. Without it, ${lost}`,
    ...(running.length > 0 && found?.kind !== 'application' ? ['savepoint takes savepoints of jobs.'] : []),
  ];
}
