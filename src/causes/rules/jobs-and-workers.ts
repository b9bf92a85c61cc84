import { blamedTaskManager, isConsequence, podNamed, silentTaskManager } from '../failure.ts';
import { shortNameOf } from '../../native/pod-names.ts';
import { possible, proved, rule } from '../rule.ts';
import { rootCause } from '../root-cause.ts';

export const thrown = rule({
  id: 'exception',
  finds: 'A job failed with an exception that no other rule knows',
  about: ['exception'],
  judge({ matter: { exception } }) {
    const text = rootCause(exception);
    return isConsequence(text) ? undefined : proved(text);
  },
});

/** A process that does not answer may have stopped, wait for memory or CPU, or be cut off: the JobManager cannot tell these apart. */
export const heartbeat = rule({
  id: 'heartbeat',
  finds: 'A TaskManager runs and does not answer',
  about: ['exception'],
  judge({ matter: { exception }, site }) {
    const pod = silentTaskManager(exception, site);
    if (pod === undefined || !site.pods.has(pod.name) || pod.severity !== 'ok') return undefined;
    return possible(`${pod.shortName} collects garbage, has too little CPU or is cut off: its pod runs, and it did not answer`, {
      advice: [
        `look at its garbage collection and its CPU first: kubernetes.taskmanager.cpu.limit-factor; heartbeat.timeout only waits longer.`,
      ],
    });
  },
});

/** Source: `CreditBasedPartitionRequestClientHandler`, Flink 2.3. */
export const lostConnection = rule({
  id: 'lost-connection',
  finds: 'A TaskManager lost its connection to another one, of which nothing is known',
  about: ['exception'],
  judge({ matter: { exception }, site }) {
    const blamed = blamedTaskManager(exception.stacktrace);
    if (blamed === undefined) return undefined;
    const name = podNamed(blamed, site)?.shortName ?? blamed;
    return possible(`the loss of ${name}`, { advice: [`this follows from the loss of ${name}: look at why that went.`] });
  },
});

/** A TaskManager that is sent SIGTERM ends its tasks with this. Source: `TaskExecutor.onStop`, Flink 2.3. */
export const askedToEnd = rule({
  id: 'asked-to-end',
  finds: 'A TaskManager was asked to end while a job ran on it, and nothing is known of its pod',
  about: ['exception'],
  judge({ matter: { exception }, site }) {
    const id = exception.taskManagerId;
    if (id === undefined || podNamed(id, site) !== undefined || !/The TaskExecutor is shutting down/.test(exception.stacktrace))
      return undefined;
    return possible(
      `${shortNameOf(id, 'taskmanager', site.target.clusterId)} was deleted or evicted, or its node was drained: it was asked to end`,
    );
  },
});

export const lostJob = rule({
  id: 'lost-job',
  finds: 'A JobManager without high availability does not know the jobs of the one before it',
  about: ['lost-job'],
  judge({ matter: { forgottenBy }, site }) {
    // With high availability, a new JobManager takes over the jobs, so its age explains nothing.
    if (forgottenBy === undefined || site.highAvailability !== false) return undefined;
    const { shortName, containers, restarts } = forgottenBy;
    return proved(
      `${shortName} started after the job was seen last, and a JobManager without high availability does not know the jobs of the one before it`,
      {
        evidence: [
          {
            source: { kind: 'status', object: shortName },
            at: containers.find(({ init }) => !init)?.startedAt,
            text: `it started${restarts > 0 ? ` again, ${restarts === 1 ? 'once' : `${restarts} times`}` : ''}`,
          },
        ],
        advice: ['high-availability.type: kubernetes and high-availability.storageDir keep jobs over a new JobManager.'],
      },
    );
  },
});
