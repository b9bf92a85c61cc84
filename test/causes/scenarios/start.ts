import { event, incident, jobManager, jobManagerName, taskManager, unscheduled, waiting } from '../build.ts';
import { recorded, type Scenario } from '../scenario.ts';
import { suppressed, failedWith, crashing, fatal } from './shared.ts';

/** Pods and processes that do not start, or end at once. */
export const startCauses: readonly Scenario[] = [
  {
    name: 'a JobManager that no node takes',
    recorded: true,
    incident: () => recorded('unschedulable'),
    subject: 'pod',
    rule: 'unschedulable',
    says: /Insufficient cpu/,
    helps: /kubernetes\.jobmanager\.cpu\.amount/,
  },
  {
    name: 'TaskManagers on nodes with a taint',
    recorded: false,
    incident: () =>
      incident({
        pods: [
          jobManager(),
          taskManager(1, unscheduled('0/3 nodes are available: 3 node(s) had untolerated taint {gpu: true}. preemption: none.')),
        ],
        slots: [0, 0],
        logs: { [jobManagerName]: [] },
        job: { scheduled: 8 },
      }),
    subject: 'job',
    rule: 'unschedulable',
    says: /a TaskManager does not start: taskmanager-1-1: 0\/3 nodes are available: 3 node\(s\) had untolerated taint/,
    helps: /kubernetes\.taskmanager\.tolerations/,
  },
  {
    name: 'an image that is not on the node',
    recorded: true,
    incident: () => recorded('image'),
    subject: 'pod',
    rule: 'image',
    says: /flink:nosuch/,
    helps: /kubernetes\.container\.image\.ref/,
  },
  {
    name: 'a Secret that does not exist',
    recorded: true,
    incident: () => recorded('missing-secret'),
    subject: 'pod',
    rule: 'missing-secret',
    says: /secret "nosuch" not found/,
    helps: /kubernetes\.secrets/,
  },
  {
    name: 'an account that does not exist',
    recorded: true,
    incident: () => recorded('missing-account'),
    subject: 'cluster',
    rule: 'missing-account',
    says: /serviceaccount "nosuch" not found/,
    helps: /kubernetes\.service-account/,
  },
  {
    name: "Flink's own ConfigMap was deleted",
    recorded: false,
    incident: () =>
      incident({
        pods: [jobManager(waiting('ContainerCreating'))],
        events: [
          event(
            'Pod',
            jobManagerName,
            'FailedMount',
            'MountVolume.SetUp failed for volume "flink-config-volume" : configmap "flink-config-c1" not found',
          ),
        ],
      }),
    subject: 'pod',
    rule: 'deleted-configuration',
    says: /configmap "flink-config-c1" not found/,
    helps: /deploy it again/,
    not: ['missing-config-map'],
  },
  {
    name: 'a path on S3 without the plug-in',
    recorded: false,
    incident: () =>
      failedWith(
        suppressed(
          "org.apache.flink.core.fs.UnsupportedFileSystemSchemeException: Could not find a file system implementation for scheme 's3'. The scheme is directly supported by Flink through the following plugin(s): flink-s3-fs-hadoop, flink-s3-fs-presto.\n\tat x.Y.z(Y.java:1)\nCaused by: org.apache.flink.core.fs.UnsupportedFileSystemSchemeException: Hadoop is not in the classpath/dependencies.",
        ),
      ),
    subject: 'job',
    rule: 'file-system',
    says: /scheme 's3'/,
    helps: /flink-s3-fs-hadoop-2\.3\.0\.jar .*ENABLE_BUILT_IN_PLUGINS/,
    not: ['exception'],
  },
  {
    name: 'a plug-in under the wrong name',
    recorded: true,
    incident: () => recorded('plugin'),
    subject: 'pod',
    rule: 'plug-in',
    says: /Plugin flink-s3-fs-hadoop-2\.0-SNAPSHOT\.jar does not exist/,
    helps: /containerized\.master\.env\.ENABLE_BUILT_IN_PLUGINS/,
  },
  {
    name: 'a JobManager without CPU loses its leadership',
    recorded: false,
    incident: () =>
      crashing(
        239,
        fatal,
        'org.apache.flink.util.FlinkException: Fatal error in the leader election: Renew deadline reached after 15 seconds while renewing lock ConfigMapLock: flink - c1-cluster-config-map',
      ),
    subject: 'pod',
    rule: 'leadership',
    says: /Renew deadline reached/,
    helps: /kubernetes\.jobmanager\.cpu\.limit-factor/,
  },
  {
    name: 'somebody cleans the ConfigMaps of high availability',
    recorded: false,
    incident: () => crashing(239, fatal, 'java.lang.IllegalStateException: ConfigMap c1-cluster-config-map has been deleted externally.'),
    subject: 'pod',
    rule: 'deleted-ha',
    says: /deleted externally/,
    helps: /-s and its last checkpoint/,
  },
  {
    name: 'storage of high availability without its file system',
    recorded: true,
    incident: () => recorded('ha-storage'),
    subject: 'pod',
    rule: 'file-system',
    says: /scheme 's3'/,
    helps: /ENABLE_BUILT_IN_PLUGINS/,
  },
  {
    name: 'the jar of an application by plain HTTP',
    recorded: false,
    incident: () =>
      crashing(
        1,
        '2026-11-28 03:59:40,316 ERROR org.apache.flink.runtime.entrypoint.ClusterEntrypoint        [] - Could not start cluster entrypoint KubernetesApplicationClusterEntrypoint.',
        'org.apache.flink.util.FlinkException: Could not create the application program.',
        "Caused by: java.lang.IllegalArgumentException: Artifact fetching from raw HTTP endpoints are disabled. Set the 'user.artifacts.raw-http-enabled' property to override.",
      ),
    subject: 'pod',
    rule: 'raw-http',
    says: /raw HTTP/,
    helps: /user\.artifacts\.raw-http-enabled: true/,
  },
  {
    name: 'storage of high availability that does not exist',
    recorded: false,
    incident: () =>
      crashing(
        1,
        '2026-11-28 03:59:40,316 ERROR org.apache.flink.runtime.entrypoint.ClusterEntrypoint        [] - Could not start cluster entrypoint KubernetesSessionClusterEntrypoint.',
        'java.io.IOException: Could not create FileSystem for highly available storage path (s3://nowhere/ha/c1)',
        'Caused by: java.nio.file.AccessDeniedException: nowhere: getFileStatus on nowhere: 403',
      ),
    subject: 'pod',
    rule: 'ha-storage',
    says: /highly available storage path \(s3:\/\/nowhere\/ha\/c1\)/,
    helps: /high-availability\.storageDir/,
  },
  {
    name: 'a volume claim that does not exist',
    recorded: false,
    incident: () =>
      incident({ pods: [jobManager(unscheduled('0/1 nodes are available: persistentvolumeclaim "data" not found. preemption: none.'))] }),
    subject: 'pod',
    rule: 'missing-claim',
    says: /persistentvolumeclaim "data" not found/,
    helps: /PersistentVolumeClaim/,
    not: ['unschedulable'],
  },
  {
    name: 'an admission webhook that refuses the JobManager',
    recorded: false,
    incident: () =>
      incident({
        pods: [],
        events: [
          event(
            'ReplicaSet',
            'c1-6c469d8f4f',
            'FailedCreate',
            'Error creating: admission webhook "policy.acme.com" denied the request: label team is missing',
          ),
        ],
      }),
    subject: 'cluster',
    rule: 'status',
    says: /label team is missing/,
  },
];
