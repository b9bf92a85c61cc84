import { incident, jobManager, taskManager, taskManagerName, terminated } from '../build.ts';
import { recorded, type Scenario } from '../scenario.ts';

/** Processes that go, and what is lost with them. */
export const workersCauses: readonly Scenario[] = [
  {
    name: 'a TaskManager on a node that was drained',
    recorded: true,
    incident: () => recorded('drained'),
    subject: 'job',
    named: 'orders',
    rule: 'removed-from-node',
    says: /taskmanager-1-3: it was evicted, as a drain of its node does/,
    helps: /PodDisruptionBudget/,
  },
  {
    name: 'a TaskManager whose disk was full',
    recorded: false,
    incident: () =>
      incident({
        pods: [
          jobManager(),
          taskManager(1, {
            phase: 'Failed',
            reason: 'Evicted',
            message: 'The node was low on resource: ephemeral-storage. Threshold quantity: 10Gi, available: 9Gi.',
            state: terminated(137),
          }),
        ],
        slots: [0, 0],
        job: {
          state: 'RESTARTING',
          failures: [
            {
              stack: `org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id ${taskManagerName(1)} is no longer reachable.`,
              on: 1,
            },
          ],
        },
      }),
    subject: 'job',
    rule: 'removed-from-node',
    says: /low on resource: ephemeral-storage/,
    helps: /ephemeral-storage/,
    not: ['memory-limit'],
  },
  {
    name: 'a session whose JobManager was replaced',
    recorded: true,
    incident: () => recorded('lost-job'),
    subject: 'job',
    named: 'orders',
    rule: 'lost-job',
    says: /a JobManager without high availability does not know the jobs/,
    helps: /submit JAR -s file:\/tmp\/checkpoints\/[0-9a-f]{32}\/chk-22/,
  },
  {
    name: 'a task that does not let itself be canceled',
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1, { phase: 'Failed', state: terminated(239) })],
        slots: [0, 0],
        logs: {
          [taskManagerName(1)]: [
            '2026-11-28 03:59:40,000 ERROR org.apache.flink.runtime.taskexecutor.TaskManagerRunner [] - Fatal error occurred while executing the TaskManager. Shutting it down...',
            'org.apache.flink.util.FlinkRuntimeException: Task did not exit gracefully within 180 + seconds.',
          ],
        },
      }),
    subject: 'pod',
    rule: 'stuck-task',
    says: /did not exit gracefully/,
    helps: /threads POD/,
  },
  {
    name: 'a TaskManager that somebody deleted',
    recorded: false,
    incident: () =>
      incident(
        { pods: [jobManager(), taskManager(1)], slots: [0, 4], registered: [1], job: {} },
        {
          slots: [0, 0],
          job: {
            state: 'RESTARTING',
            failures: [
              {
                stack: `org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id ${taskManagerName(1)} is no longer reachable.`,
                on: 1,
                seconds: 2,
              },
            ],
          },
        },
      ),
    subject: 'job',
    rule: 'deleted-pod',
    says: /taskmanager-1-1: it was deleted while it was in use/,
  },
];
