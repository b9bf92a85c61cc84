import { incident, jobManager, taskManager, taskManagerName, terminated } from '../build.ts';
import { recorded, type Scenario } from '../scenario.ts';
import { suppressed, failedWith, configuration } from './shared.ts';

/** Memory that is not enough. */
export const memoryCauses: readonly Scenario[] = [
  {
    name: 'RocksDB grows over the limit of its container',
    recorded: false,
    incident: () =>
      incident(
        { pods: [jobManager(), taskManager(1)], slots: [0, 4], registered: [1], job: {} },
        {
          pods: [jobManager(), taskManager(1, { phase: 'Failed', state: terminated(137, 'OOMKilled') })],
          slots: [0, 0],
          configuration,
          job: {
            state: 'RESTARTING',
            failures: [
              {
                stack: `org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id ${taskManagerName(1)} is no longer reachable.`,
                on: 1,
              },
            ],
          },
        },
      ),
    subject: 'job',
    rule: 'memory-limit',
    says: /taskmanager-1-1: the kernel killed it because it used more memory than its limit/,
    helps: /jvm-overhead\.fraction: 0\.2 gives 346m .* it is 192m now/,
    not: ['heap', 'lost-connection'],
  },
  {
    name: 'memory outside of the JVM, of a pod that is gone',
    recorded: true,
    incident: () => recorded('native'),
    subject: 'job',
    named: 'trouble-native',
    rule: 'memory-limit',
    says: /the kernel killed taskmanager-1-6/,
    helps: /jvm-overhead\.fraction/,
  },
  {
    name: 'heap state that does not fit',
    recorded: false,
    incident: () => failedWith(suppressed('java.lang.OutOfMemoryError: Java heap space')),
    subject: 'job',
    rule: 'heap',
    says: /Java heap space/,
    helps: /taskmanager\.memory\.task\.heap\.size/,
  },
  {
    name: 'a session cluster after many submissions',
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1, { phase: 'Failed', state: terminated(239) })],
        slots: [0, 0],
        logs: {
          [taskManagerName(1)]: [
            '2026-11-28 03:59:40,000 ERROR org.apache.flink.runtime.taskexecutor.TaskManagerRunner [] - Fatal error occurred while executing the TaskManager. Shutting it down...',
            'java.lang.OutOfMemoryError: Metaspace. The metaspace out-of-memory error has occurred. This can mean two things: either the job requires a larger size of JVM metaspace to load classes or there is a class loading leak.',
          ],
        },
        job: {
          state: 'RESTARTING',
          failures: [
            {
              stack:
                'java.lang.Exception: Pod terminated, container termination statuses: [flink-main-container(exitCode=239, reason=Error, message=null)]',
              on: 1,
            },
          ],
        },
      }),
    subject: 'job',
    rule: 'metaspace',
    says: /taskmanager-1-1 ended with Error \(239\): .*Metaspace/,
    helps: /taskmanager\.memory\.jvm-metaspace\.size/,
  },
  {
    name: 'direct buffers of a connector',
    recorded: true,
    incident: () => recorded('direct'),
    subject: 'job',
    named: 'trouble-direct',
    rule: 'direct-memory',
    says: /direct buffer memory/i,
    helps: /taskmanager\.memory\.task\.off-heap\.size/,
  },
  {
    name: 'a shuffle that is wider than its buffers',
    recorded: false,
    incident: () =>
      failedWith(
        suppressed(
          'java.io.IOException: Insufficient number of network buffers: required 513, but only 112 available. The total number of network buffers is currently set to 2048 of 32768 bytes each. You can increase this number by setting the configuration keys ...',
        ),
      ),
    subject: 'job',
    rule: 'network-buffers',
    says: /required 513, but only 112/,
    helps: /taskmanager\.memory\.network\.min: 77m/,
  },
  {
    name: 'the worker that another one lost was killed',
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1), taskManager(3, { phase: 'Failed', state: terminated(137, 'OOMKilled') })],
        slots: [4, 4],
        registered: [1],
        job: {
          state: 'RESTARTING',
          failures: [
            {
              stack: `org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: Connection unexpectedly closed by remote task manager '10.1.0.7/10.1.0.7:34567 [ ${taskManagerName(3)} ] '. This might indicate that the remote task manager was lost.`,
              on: 1,
            },
          ],
        },
      }),
    subject: 'job',
    rule: 'memory-limit',
    says: /taskmanager-1-3: the kernel killed it/,
    not: ['exception', 'lost-connection'],
  },
  {
    name: 'two failures that have nothing to do with each other',
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1), taskManager(3, { phase: 'Failed', state: terminated(137, 'OOMKilled') })],
        slots: [4, 4],
        registered: [1],
        job: {
          state: 'RESTARTING',
          failures: [
            {
              stack: `org.apache.flink.runtime.jobmaster.JobMasterException: TaskManager with id ${taskManagerName(3)} is no longer reachable.`,
              on: 3,
              seconds: 15,
            },
            { stack: 'java.lang.IllegalStateException: Trying to access closed classloader. Please check', on: 1, seconds: 20 },
          ],
        },
      }),
    subject: 'job',
    rule: 'memory-limit',
    also: 'closed-class-loader',
    says: /taskmanager-1-3: the kernel killed it/,
  },
];
