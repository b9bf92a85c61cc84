import { incident, jobManager, jobManagerName, taskManager, taskManagerName, terminated } from '../build.ts';
import { recorded, type Scenario } from '../scenario.ts';
import { driver, configuration } from './shared.ts';

/** Slots that do not come. */
export const slotsCauses: readonly Scenario[] = [
  {
    name: 'more slots than the cluster may have',
    recorded: true,
    incident: () => recorded('slot-limit'),
    subject: 'job',
    named: 'wide',
    rule: 'slot-limit',
    says: /it needs 12 slots, and the cluster may have 8/,
    helps: /slotmanager\.number-of-slots\.max: at least 12/,
  },
  {
    name: 'more slots than a cluster in use may have',
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1)],
        slots: [0, 4],
        registered: [1],
        configuration: { ...configuration, 'slotmanager.number-of-slots.max': '4' },
        logs: { [jobManagerName]: [] },
        job: { scheduled: 16, parallelism: 8 },
      }),
    subject: 'job',
    rule: 'slot-limit',
    says: /it needs 8 slots, and the cluster may have 4, of which 4 are in use/,
    helps: /slotmanager\.number-of-slots\.max: at least 12/,
  },
  {
    name: 'a quota on several things that stops TaskManagers',
    recorded: false,
    incident: () =>
      incident({
        slots: [0, 0],
        logs: {
          [jobManagerName]: [
            driver(
              taskManagerName(1),
              'pods "c1-taskmanager-1-1" is forbidden: exceeded quota: team, requested: limits.cpu=1,pods=1, used: limits.cpu=3500m,pods=10, limited: limits.cpu=4,pods=10',
            ),
          ],
        },
        job: { scheduled: 8 },
      }),
    subject: 'job',
    rule: 'quota',
    says: /exceeded quota: team/,
    helps: /pods may be 10 in this namespace; 10 of that is used, and the pod needs 1, so 1 is missing/,
  },
  {
    name: 'a quota that stops TaskManagers',
    recorded: true,
    incident: () => recorded('quota'),
    subject: 'job',
    rule: 'quota',
    says: /cannot create TaskManager pods: .*exceeded quota: team/,
    helps: /limits\.memory may be 2Gi in this namespace; 1100Mi of that is used, and the pod needs 1100Mi, so 152Mi are missing/,
    not: ['no-rights', 'exception'],
  },
  {
    name: 'a JobManager whose account has no rights',
    recorded: true,
    incident: () => recorded('no-rights'),
    subject: 'pod',
    rule: 'no-rights',
    says: /the service account norights of namespace \S+ may not \w+ pods/,
    helps: /drey doctor -n/,
  },
  {
    name: 'an account that may not create TaskManagers',
    recorded: false,
    incident: () =>
      incident({
        slots: [0, 0],
        logs: {
          [jobManagerName]: [
            driver(
              taskManagerName(1),
              'pods is forbidden: User "system:serviceaccount:flink:default" cannot create resource "pods" in API group "" in the namespace "flink"',
            ),
          ],
        },
        job: { scheduled: 8 },
      }),
    subject: 'job',
    rule: 'no-rights',
    says: /cannot create resource "pods"/,
    helps: /drey doctor -n flink/,
    not: ['quota'],
  },
  {
    name: 'TaskManagers that do not reach the JobManager',
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1), taskManager(2)],
        slots: [0, 0],
        registered: [],
        logs: {
          [jobManagerName]: [],
          [taskManagerName(1)]: [
            '2026-11-28 03:59:50,000 INFO  org.apache.flink.runtime.taskexecutor.TaskExecutor [] - Could not resolve ResourceManager address pekko.tcp://flink@c1.flink:6123/user/rpc/resourcemanager_*, retrying in 10000 ms: Could not connect to rpc endpoint under address pekko.tcp://flink@c1.flink:6123/user/rpc/resourcemanager_*.',
          ],
        },
        job: { scheduled: 8 },
      }),
    subject: 'job',
    rule: 'unregistered',
    says: /2 TaskManagers run and do not reach the JobManager/,
    helps: /DNS|network policies/,
  },
  {
    name: 'a TaskManager that gave up registering',
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(), taskManager(1, { phase: 'Failed', state: terminated(1) })],
        slots: [0, 0],
        logs: {
          [taskManagerName(1)]: [
            '2026-11-28 03:59:40,000 ERROR org.apache.flink.runtime.taskexecutor.TaskManagerRunner [] - Fatal error occurred while executing the TaskManager. Shutting it down...',
            'org.apache.flink.runtime.taskexecutor.exceptions.RegistrationTimeoutException: Could not register at the ResourceManager within the specified maximum registration duration PT5M. This indicates a problem with this instance. Terminating now.',
          ],
        },
      }),
    subject: 'pod',
    rule: 'registration-timeout',
    says: /Could not register at the ResourceManager/,
    helps: /DNS/,
  },
  {
    name: 'an admission webhook that refuses TaskManagers',
    recorded: false,
    incident: () =>
      incident({
        slots: [0, 0],
        logs: {
          [jobManagerName]: [driver(taskManagerName(1), 'admission webhook "policy.acme.com" denied the request: label team is missing')],
        },
        job: { scheduled: 8 },
      }),
    subject: 'job',
    rule: 'refused-pods',
    says: /label team is missing/,
  },
];
