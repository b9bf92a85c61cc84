import { ago, incident, jobManager, jobManagerName, taskManager, taskManagerName, terminated } from '../build.ts';
import { recorded, type Scenario } from '../scenario.ts';

const built = { recorded: false } as const;

const killed = taskManager(3, { phase: 'Failed', state: terminated(137, 'OOMKilled') });

/** What looks like the cause of a job in trouble, and is not, or not for this job. */
export const jobDecoys: readonly Scenario[] = [
  {
    ...built,
    name: "another TaskManager's death beside an exception of the job",
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1), killed],
        slots: [4, 4],
        registered: [1],
        job: { state: 'FAILED', failures: [{ stack: 'com.acme.Boom: bang', on: 1 }] },
      }),
    subject: 'job',
    rule: 'exception',
    says: /com\.acme\.Boom: bang/,
  },
  {
    ...built,
    name: 'a TaskManager that was killed ten minutes before the failure',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(3, { phase: 'Failed', state: terminated(137, 'OOMKilled', 660) })],
        slots: [4, 4],
        job: { state: 'FAILED', failures: [{ stack: 'com.acme.Boom: bang', on: 3 }] },
      }),
    subject: 'job',
    rule: 'exception',
    says: /bang/,
  },
  {
    name: 'a job that somebody canceled after it failed',
    recorded: true,
    incident: () => recorded('six-failures'),
    subject: 'job',
    named: 'wide',
    rule: 'none',
    says: /./,
  },
  {
    ...built,
    name: 'an exception that quotes the words of another failure',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [4, 4],
        registered: [1],
        job: {
          state: 'FAILED',
          failures: [
            {
              stack:
                'com.acme.ApiException: the service answered 500\nCaused by: com.acme.Remote: worker said: OutOfMemoryError in its own process',
              on: 1,
            },
          ],
        },
      }),
    subject: 'job',
    rule: 'exception',
    says: /worker said/,
    not: ['heap', 'metaspace', 'direct-memory'],
  },
  {
    ...built,
    name: 'a wrapper that names memory above the cause that names a disk',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [4, 4],
        registered: [1],
        job: {
          state: 'FAILED',
          failures: [
            {
              stack:
                'java.lang.RuntimeException: after OutOfMemoryError: Java heap space was handled\nCaused by: java.io.IOException: No space left on device',
              on: 1,
            },
          ],
        },
      }),
    subject: 'job',
    rule: 'exception',
    says: /No space left on device/,
    not: ['heap'],
  },
  {
    ...built,
    name: 'a refusal of TaskManagers that is over',
    incident: () =>
      incident({
        slots: [0, 0],
        logs: {
          [jobManagerName]: [
            '2026-11-28 03:59:34,728 WARN  org.apache.flink.kubernetes.KubernetesResourceManagerDriver  [] - Could not create pod c1-taskmanager-1-1, exception: java.util.concurrent.CompletionException: x. Message: pods "c1-taskmanager-1-1" is forbidden: exceeded quota: team. Received status: Status(code=403)',
            '2026-11-28 03:59:44,728 INFO  org.apache.flink.kubernetes.KubernetesResourceManagerDriver  [] - Pod c1-taskmanager-1-2 is created.',
          ],
        },
        job: { scheduled: 8 },
      }),
    subject: 'job',
    rule: undefined,
    says: /it needs 4 slots/,
    not: ['quota', 'refused-pods'],
  },
  {
    ...built,
    name: 'TaskManagers that started a moment ago and have not registered yet',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1, { age: 20 })],
        slots: [0, 0],
        registered: [],
        logs: {
          [jobManagerName]: [],
          [taskManagerName(1)]: ['Could not resolve ResourceManager address pekko.tcp://x, retrying in 10000 ms'],
        },
        job: { scheduled: 8 },
      }),
    subject: 'job',
    rule: undefined,
    says: /it needs 4 slots/,
    not: ['unregistered'],
  },
  {
    ...built,
    name: 'a limit on slots that leaves room enough',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [0, 0],
        registered: [1],
        configuration: { 'slotmanager.number-of-slots.max': '64' },
        logs: { [jobManagerName]: [] },
        job: { scheduled: 8 },
      }),
    subject: 'job',
    rule: undefined,
    says: /it needs 4 slots/,
    not: ['slot-limit'],
  },
  {
    ...built,
    name: 'a JobManager with high availability that was replaced, and a job that is not there',
    incident: () => {
      const elected = { configmaps: [{ metadata: { name: 'c1-cluster-config-map' } }] };
      return incident(
        { pods: [jobManager()], slots: [0, 4], job: {}, objects: elected },
        { pods: [jobManager({ age: 40, state: { running: { startedAt: ago(15) } } })], slots: [0, 0], objects: elected },
      );
    },
    subject: 'job',
    rule: 'none',
    says: /nothing/,
    not: ['lost-job'],
  },
  {
    ...built,
    name: 'a TaskManager that Flink released, beside a failure of the job',
    incident: () =>
      incident(
        { pods: [jobManager(), taskManager(1)], slots: [0, 4], registered: [1], job: {} },
        { pods: [jobManager(), taskManager(1, { deleted: true })], slots: [0, 4], job: {} },
        { slots: [0, 0], job: { state: 'FAILED', failures: [{ stack: 'com.acme.Boom: bang', on: 1, seconds: 55 }] } },
      ),
    subject: 'job',
    rule: 'exception',
    says: /bang/,
    not: ['deleted-pod', 'removed-from-node'],
  },
  {
    ...built,
    name: 'a checkpoint that was declined while tasks started',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [0, 4],
        registered: [1],
        job: { checkpoint: { failure: 'Checkpoint was declined (tasks not ready)' } },
      }),
    subject: 'job',
    rule: 'checkpoint-failed',
    says: /tasks not ready/,
    not: ['checkpoint-timeout', 'checkpoint-storage'],
  },
  {
    ...built,
    name: 'an exception of a job in the words of a limit of Kubernetes',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [4, 4],
        registered: [1],
        job: {
          state: 'FAILED',
          failures: [
            { stack: 'java.lang.IllegalArgumentException: the offset must be less than or equal to 100, in Secret or in ConfigMap', on: 1 },
          ],
        },
      }),
    subject: 'job',
    rule: 'exception',
    says: /the offset must be/,
    not: ['quota', 'missing-secret', 'missing-config-map'],
  },
];
