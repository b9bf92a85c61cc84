import { ago, incident, jobManager, taskManager, taskManagerName, terminated } from '../build.ts';
import type { Scenario } from '../scenario.ts';

/** Processes that go, and what is lost with them. */
export const workersCauses: readonly Scenario[] = [
  {
    name: 'a TaskManager on a node that was drained',
    recorded: false,
    incident: () =>
      incident(
        { pods: [jobManager(), taskManager(1)], slots: [0, 4], registered: [1], job: {} },
        {
          pods: [
            jobManager(),
            taskManager(1, {
              deleted: true,
              conditions: [
                { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting' },
              ],
            }),
          ],
          slots: [0, 4],
          registered: [1],
          job: {},
        },
        {
          slots: [0, 0],
          job: {
            state: 'RESTARTING',
            failures: [{ stack: 'org.apache.flink.util.FlinkException: The TaskExecutor is shutting down.', on: 1, seconds: 5 }],
          },
        },
      ),
    subject: 'job',
    rule: 'removed-from-node',
    says: /taskmanager-1-1: it was evicted, as a drain of its node does/,
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
    recorded: false,
    incident: () =>
      incident(
        { pods: [jobManager(), taskManager(1)], slots: [0, 4], registered: [1], job: { completed: 's3://bucket/chk-7' } },
        {
          pods: [
            jobManager({
              age: 40,
              restarts: 1,
              before: { exitCode: 137, reason: 'Error', finishedAt: ago(40) },
              state: { running: { startedAt: ago(15) } },
            }),
          ],
          slots: [0, 0],
        },
      ),
    subject: 'job',
    rule: 'lost-job',
    says: /a JobManager without high availability does not know the jobs/,
    helps: /submit JAR -s s3:\/\/bucket\/chk-7/,
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
