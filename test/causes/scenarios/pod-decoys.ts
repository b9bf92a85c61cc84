import { event, incident, jobManager, jobManagerName, looping, taskManager, terminated, unscheduled, waiting } from '../build.ts';
import type { Scenario } from '../scenario.ts';

const built = { recorded: false } as const;

/** What looks like the cause of a pod or a cluster in trouble, and is not, or not for this one. */
export const podDecoys: readonly Scenario[] = [
  {
    ...built,
    name: 'an end with 137 that was not for memory',
    incident: () => incident({ pods: [jobManager(), taskManager(1, { phase: 'Failed', state: terminated(137) })], slots: [0, 0] }),
    subject: 'pod',
    rule: undefined,
    says: /Error \(137\)/,
    not: ['memory-limit'],
  },
  {
    ...built,
    name: 'a mount that waits for its ConfigMap in the first seconds',
    incident: () =>
      incident({
        pods: [jobManager({ ...waiting('ContainerCreating'), age: 5 })],
        events: [
          event(
            'Pod',
            jobManagerName,
            'FailedMount',
            'MountVolume.SetUp failed for volume "flink-config-volume" : configmap "flink-config-c1" not found',
            4,
          ),
        ],
      }),
    subject: 'pod',
    rule: 'none',
    says: /nothing/,
    not: ['deleted-configuration', 'missing-config-map', 'status'],
  },
  {
    ...built,
    name: 'a mount that failed ten minutes ago, of a pod that runs',
    incident: () =>
      incident({
        pods: [jobManager({ age: 700 })],
        slots: [0, 0],
        events: [event('Pod', jobManagerName, 'FailedMount', 'MountVolume.SetUp failed for volume "s" : secret "late" not found', 600)],
      }),
    subject: 'pod',
    rule: 'none',
    says: /nothing/,
    not: ['missing-secret'],
  },
  {
    ...built,
    name: 'a quota of another cluster in the events of the namespace',
    incident: () =>
      incident({
        pods: [jobManager()],
        slots: [0, 0],
        events: [event('ReplicaSet', 'c2-76b', 'FailedCreate', 'Error creating: pods "c2-76b-" is forbidden: exceeded quota: team')],
      }),
    subject: 'cluster',
    rule: 'none',
    says: /nothing/,
    not: ['quota'],
  },
  {
    ...built,
    name: 'complaints of threads after the error that ended the JobManager',
    incident: () =>
      incident({
        pods: [jobManager(looping(239))],
        logs: {
          [`${jobManagerName} before`]: [
            '2026-11-28 03:59:40,316 ERROR org.apache.flink.runtime.entrypoint.ClusterEntrypoint        [] - Fatal error occurred in the cluster entrypoint.',
            'Caused by: java.net.BindException: Address already in use',
            '2026-11-28 03:59:41,316 ERROR org.apache.flink.util.Threads [] - Thread died: java.lang.IllegalStateException: Trying to access closed classloader.',
          ],
        },
      }),
    subject: 'pod',
    rule: 'last-words',
    says: /Address already in use/,
    not: ['closed-class-loader'],
  },
  {
    ...built,
    name: 'an unschedulable pod for which nodes lack nothing but a label',
    incident: () =>
      incident({
        pods: [
          jobManager(),
          taskManager(1, unscheduled("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. preemption: none.")),
        ],
        slots: [0, 0],
      }),
    subject: 'pod',
    rule: 'unschedulable',
    says: /didn't match/,
    helps: /kubernetes\.taskmanager\.node-selector/,
    not: ['quota'],
  },
  {
    ...built,
    name: "a ConfigMap of the user's own that is missing",
    incident: () =>
      incident({
        pods: [jobManager(waiting('ContainerCreating'))],
        events: [
          event('Pod', jobManagerName, 'FailedMount', 'MountVolume.SetUp failed for volume "hadoop" : configmap "hadoop-conf" not found'),
        ],
      }),
    subject: 'pod',
    rule: 'missing-config-map',
    says: /hadoop-conf/,
    not: ['deleted-configuration'],
  },
];
