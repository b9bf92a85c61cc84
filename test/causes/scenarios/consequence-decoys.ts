import { incident, jobManager, jobManagerName, taskManager, taskManagerName } from '../build.ts';
import type { Scenario } from '../scenario.ts';

const built = { recorded: false } as const;

const closedBy = (number: number): string =>
  `org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: Connection unexpectedly closed by remote task manager '10.1.0.7/10.1.0.7:34567 [ ${taskManagerName(number)} ] '. This might indicate that the remote task manager was lost.`;

const noSlots =
  'org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not acquire the minimum required resources.';

const noSlotsInTime =
  'org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Slot request bulk is not fulfillable! Could not allocate the required slot within slot request timeout';

const suppressed = 'org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy';

/** What only follows from something else is not a cause. */
export const consequenceDecoys: readonly Scenario[] = [
  {
    ...built,
    name: 'a lost connection to a TaskManager of which nothing is known',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [4, 4],
        registered: [1],
        logs: { [jobManagerName]: [] },
        job: { state: 'RESTARTING', failures: [{ stack: closedBy(9), on: 1 }] },
      }),
    subject: 'job',
    rule: undefined,
    possible: 'lost-connection',
    says: /the loss of .*taskmanager-1-9/,
    not: ['exception', 'memory-limit'],
  },
  {
    ...built,
    name: 'slots that do not come, and nothing says why',
    incident: () =>
      incident({
        slots: [0, 0],
        logs: { [jobManagerName]: [] },
        job: { state: 'FAILED', failures: [{ stack: noSlots }] },
      }),
    subject: 'job',
    rule: undefined,
    possible: 'too-few-slots',
    says: /it needs 4 slots, and 0 of 0 are free/,
    not: ['exception', 'slot-limit', 'unregistered'],
  },
  {
    ...built,
    name: 'a restart that was not allowed, without what failed',
    incident: () =>
      incident({ slots: [4, 4], logs: { [jobManagerName]: [] }, job: { state: 'FAILED', failures: [{ stack: suppressed }] } }),
    subject: 'job',
    rule: undefined,
    says: /Recovery is suppressed/,
    not: ['exception'],
  },
  {
    ...built,
    name: 'a heartbeat that timed out while the pod runs',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [4, 4],
        registered: [1],
        logs: { [jobManagerName]: [] },
        job: {
          state: 'RESTARTING',
          failures: [
            { stack: `java.util.concurrent.TimeoutException: Heartbeat of TaskManager with id ${taskManagerName(1)} timed out.`, on: 1 },
          ],
        },
      }),
    subject: 'job',
    rule: undefined,
    possible: 'heartbeat',
    says: /collects garbage, has too little CPU or is cut off/,
    not: ['exception', 'memory-limit'],
  },
  {
    ...built,
    name: 'a call to a TaskManager that had no answer while the pod runs',
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1, { ip: '10.244.0.27' })],
        slots: [4, 4],
        registered: [1],
        logs: { [jobManagerName]: [] },
        job: {
          state: 'FAILED',
          failures: [
            {
              stack: `${suppressed}\nCaused by: org.apache.pekko.pattern.AskTimeoutException: Ask timed out on [Actor[pekko.tcp://flink@10.244.0.27:6122/user/rpc/taskmanager_0#-1728363384]] after [10000 ms]. Message of type [org.apache.flink.runtime.rpc.messages.RemoteRpcInvocation]. A typical reason for \`AskTimeoutException\` is that the recipient actor didn't send a reply.`,
            },
          ],
        },
      }),
    subject: 'job',
    rule: undefined,
    possible: 'heartbeat',
    says: /taskmanager-1-1 collects garbage, has too little CPU or is cut off/,
    not: ['exception', 'last-words'],
  },
  {
    ...built,
    name: 'a TaskManager that was asked to end, and is gone',
    incident: () =>
      incident({
        slots: [0, 0],
        logs: { [jobManagerName]: [] },
        job: {
          state: 'RESTARTING',
          failures: [{ stack: 'org.apache.flink.util.FlinkExpectedException: The TaskExecutor is shutting down.', on: 9 }],
        },
      }),
    subject: 'job',
    rule: undefined,
    possible: 'asked-to-end',
    says: /taskmanager-1-9 was deleted or evicted, or its node was drained/,
    not: ['exception', 'deleted-pod'],
  },
  {
    ...built,
    name: 'slots that did not come in time, and nothing says why',
    incident: () =>
      incident({
        slots: [0, 0],
        logs: { [jobManagerName]: [] },
        job: {
          state: 'FAILED',
          failures: [
            {
              stack: `${suppressed}\nCaused by: java.util.concurrent.CompletionException: ${noSlotsInTime}\nCaused by: ${noSlotsInTime}\nCaused by: java.util.concurrent.TimeoutException: Timeout has occurred: PT5M`,
            },
          ],
        },
      }),
    subject: 'job',
    rule: undefined,
    possible: 'too-few-slots',
    says: /its TaskManagers do not come/,
    not: ['exception'],
  },
];
