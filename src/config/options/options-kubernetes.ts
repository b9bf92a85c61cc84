import { option } from './option.ts';
import { targetKeys } from './target-keys.ts';
import { booleanType, doubleType, durationType, enumType, intType, listType, mapListType, mapType, stringType } from './values.ts';

// Source: `KubernetesConfigOptions`, `KubernetesConfigOptionsInternal` and `KubernetesHighAvailabilityOptions`, Flink 2.3.

export const artifactsLocalUploadEnabled = option(
  'kubernetes.artifacts.local-upload-enabled',
  booleanType,
  'Upload artifacts with the scheme local:// from this machine before an application is deployed',
  { default: false, since: '1.20' },
);
export const artifactsLocalUploadOverwrite = option(
  'kubernetes.artifacts.local-upload-overwrite',
  booleanType,
  'Replace an artifact that is already at the target',
  { default: false, since: '1.20' },
);
export const artifactsLocalUploadTarget = option(
  'kubernetes.artifacts.local-upload-target',
  stringType,
  'Remote folder that local artifacts are uploaded to',
  { since: '1.20' },
);
export const clientIoPoolSize = option('kubernetes.client.io-pool.size', intType, 'Threads of the JobManager that talk to Kubernetes', {
  default: 4,
});
export const clientUserAgent = option('kubernetes.client.user-agent', stringType, 'User agent of requests to the API server', {
  default: 'flink',
});
export const clusterId = option(
  targetKeys.clusterId,
  stringType,
  'Name of the cluster and prefix of its objects, at most 45 characters; generated if it is not set',
);
export const configFile = option(targetKeys.kubeconfig, stringType, 'The kubeconfig file to use');
export const containerImage = option(
  'kubernetes.container.image.ref',
  stringType,
  'Image of the JobManager and the TaskManagers; default: the official one of the Flink version',
  { deprecated: ['kubernetes.container.image'] },
);
export const containerImagePullPolicy = option(
  'kubernetes.container.image.pull-policy',
  enumType('IfNotPresent', 'Always', 'Never'),
  'When the kubelet pulls the image',
  { default: 'IfNotPresent' },
);
export const containerImagePullSecrets = option(
  'kubernetes.container.image.pull-secrets',
  listType,
  'Secrets for a private image registry',
);
export const kubeContext = option(targetKeys.context, stringType, 'The context of the kubeconfig to use');
export const hadoopDecoratorEnabled = option(
  'kubernetes.decorator.hadoop-conf-mount.enabled',
  booleanType,
  'Mount the Hadoop configuration of this machine or of a ConfigMap',
  { default: true },
);
export const kerberosDecoratorEnabled = option(
  'kubernetes.decorator.kerberos-mount.enabled',
  booleanType,
  'Mount the Kerberos keytab and krb5.conf',
  { default: true },
);
export const entryPath = option('kubernetes.entry.path', stringType, 'Entry point script of the image', {
  default: '/docker-entrypoint.sh',
});
export const envSecretKeyRef = option(
  'kubernetes.env.secretKeyRef',
  mapListType,
  'Environment variables from Secrets, each with env, secret and key',
);
export const flinkConfDir = option('kubernetes.flink.conf.dir', stringType, 'Folder of the configuration in the pods', {
  default: '/opt/flink/conf',
});
export const flinkLogDir = option('kubernetes.flink.log.dir', stringType, 'Folder of the log files in the pods');
export const hadoopConfigMapName = option(
  'kubernetes.hadoop.conf.config-map.name',
  stringType,
  'Existing ConfigMap with the Hadoop configuration',
);
export const hostNetworkEnabled = option('kubernetes.hostnetwork.enabled', booleanType, 'Run the pods in the network of their nodes', {
  default: false,
});
export const internalServiceAnnotations = option(
  'kubernetes.internal-service.annotations',
  mapType,
  'Annotations of the internal Service',
  { since: '1.20' },
);
export const internalServiceLabels = option('kubernetes.internal-service.labels', mapType, 'Labels of the internal Service', {
  since: '2.2',
});
export const jobManagerAnnotations = option(
  'kubernetes.jobmanager.annotations',
  mapType,
  'Annotations of the JobManager Deployment and its pods',
);
export const jobManagerCpu = option('kubernetes.jobmanager.cpu.amount', doubleType, 'Cores of the JobManager', {
  default: 1,
  deprecated: ['kubernetes.jobmanager.cpu'],
});
export const jobManagerCpuLimitFactor = option(
  'kubernetes.jobmanager.cpu.limit-factor',
  doubleType,
  'CPU limit of the JobManager as a multiple of its request',
  { default: 1 },
);
export const jobManagerEntrypointArgs = option(
  'kubernetes.jobmanager.entrypoint.args',
  stringType,
  'More arguments for the entry point of the JobManager',
  { default: '' },
);
export const jobManagerLabels = option('kubernetes.jobmanager.labels', mapType, 'Labels of the JobManager Deployment and its pods');
export const jobManagerMemoryLimitFactor = option(
  'kubernetes.jobmanager.memory.limit-factor',
  doubleType,
  'Memory limit of the JobManager as a multiple of its request',
  { default: 1 },
);
export const jobManagerNodeSelector = option('kubernetes.jobmanager.node-selector', mapType, 'Node labels that the JobManager needs');
export const jobManagerOwnerReference = option('kubernetes.jobmanager.owner.reference', mapListType, 'Owners of the JobManager Deployment');
export const jobManagerReplicas = option(
  'kubernetes.jobmanager.replicas',
  intType,
  'JobManager pods; more than one needs high availability',
  { default: 1 },
);
const commonServiceAccount = 'kubernetes.service-account';
export const jobManagerServiceAccount = option('kubernetes.jobmanager.service-account', stringType, 'Service account of the JobManager', {
  default: 'default',
  fallback: [commonServiceAccount],
});
export const jobManagerTolerations = option('kubernetes.jobmanager.tolerations', mapListType, 'Node taints that the JobManager tolerates');
export const namespace = option(
  targetKeys.namespace,
  stringType,
  'Namespace of the cluster; the one of the kubeconfig context is ignored',
  { default: 'default' },
);
export const nodeNameLabel = option('kubernetes.node-name-label', stringType, 'Node label with the name of the node, for blocked nodes', {
  default: 'kubernetes.io/hostname',
});
export const persistentVolumeClaims = option(
  'kubernetes.persistent-volume-claims',
  mapType,
  'Persistent volume claims to mount, each with its path',
  { since: '2.3' },
);
export const persistentVolumeClaimReadOnly = option(
  'kubernetes.persistent-volume-claim-read-only',
  booleanType,
  'Mount the persistent volume claims read-only',
  { default: false, since: '2.3' },
);
const anyTemplate = 'kubernetes.pod-template-file.default';
const oldTemplate = 'kubernetes.pod-template-file';
export const podTemplateFile = option(anyTemplate, stringType, 'Local file with a pod template for JobManager and TaskManagers', {
  deprecated: [oldTemplate],
});
export const jobManagerPodTemplateFile = option(
  'kubernetes.pod-template-file.jobmanager',
  stringType,
  'Local file with the pod template of the JobManager',
  { fallback: [oldTemplate, anyTemplate] },
);
export const taskManagerPodTemplateFile = option(
  'kubernetes.pod-template-file.taskmanager',
  stringType,
  'Local file with the pod template of the TaskManagers',
  { fallback: [oldTemplate, anyTemplate] },
);
export const restServiceAnnotations = option('kubernetes.rest-service.annotations', mapType, 'Annotations of the REST Service');
export const restServiceLabels = option('kubernetes.rest-service.labels', mapType, 'Labels of the REST Service', { since: '2.2' });
export const restServiceExposedType = option(
  'kubernetes.rest-service.exposed.type',
  enumType('ClusterIP', 'NodePort', 'LoadBalancer', 'Headless_ClusterIP'),
  'How the REST endpoint is exposed',
  { default: 'ClusterIP' },
);
export const nodePortAddressType = option(
  'kubernetes.rest-service.exposed.node-port-address-type',
  enumType('InternalIP', 'ExternalIP'),
  'Address of a node to use with NodePort',
  { default: 'InternalIP' },
);
export const secrets = option('kubernetes.secrets', mapType, 'Secrets to mount as files, each with its path');
export const serviceAccount = option(commonServiceAccount, stringType, 'Service account of JobManager and TaskManagers', {
  default: 'default',
});
export const taskManagerAnnotations = option('kubernetes.taskmanager.annotations', mapType, 'Annotations of the TaskManager pods');
export const taskManagerCpu = option(
  'kubernetes.taskmanager.cpu.amount',
  doubleType,
  'Cores of a TaskManager; if not positive, the number of its slots',
  { default: -1, deprecated: ['kubernetes.taskmanager.cpu'] },
);
export const taskManagerCpuLimitFactor = option(
  'kubernetes.taskmanager.cpu.limit-factor',
  doubleType,
  'CPU limit of a TaskManager as a multiple of its request',
  { default: 1 },
);
export const taskManagerEntrypointArgs = option(
  'kubernetes.taskmanager.entrypoint.args',
  stringType,
  'More arguments for the entry point of the TaskManagers',
  { default: '' },
);
export const taskManagerLabels = option('kubernetes.taskmanager.labels', mapType, 'Labels of the TaskManager pods');
export const taskManagerMemoryLimitFactor = option(
  'kubernetes.taskmanager.memory.limit-factor',
  doubleType,
  'Memory limit of a TaskManager as a multiple of its request',
  { default: 1 },
);
export const taskManagerNodeSelector = option('kubernetes.taskmanager.node-selector', mapType, 'Node labels that TaskManagers need');
export const taskManagerServiceAccount = option(
  'kubernetes.taskmanager.service-account',
  stringType,
  'Service account of the TaskManagers',
  { default: 'default', fallback: [commonServiceAccount] },
);
export const taskManagerTolerations = option('kubernetes.taskmanager.tolerations', mapListType, 'Node taints that TaskManagers tolerate');
export const transactionalInitialRetryDelay = option(
  'kubernetes.transactional-operation.initial-retry-delay',
  durationType,
  'First wait of the JobManager between tries of a transaction',
  { default: 50, since: '1.20' },
);
export const transactionalMaxRetries = option(
  'kubernetes.transactional-operation.max-retries',
  intType,
  'Tries of a transaction of the JobManager; 5 up to Flink 1.19',
  { default: 15 },
);
export const transactionalMaxRetryDelay = option(
  'kubernetes.transactional-operation.max-retry-delay',
  durationType,
  'Longest wait of the JobManager between tries of a transaction',
  { default: 60_000, since: '1.20' },
);
export const internalEntrypointClass = option(
  'kubernetes.internal.jobmanager.entrypoint.class',
  stringType,
  'Main class of the JobManager; set by the client',
);

export const haLeaseDuration = option(
  'high-availability.kubernetes.leader-election.lease-duration',
  durationType,
  'How long a leader that does not renew stays leader',
  { default: 15_000 },
);
export const haRenewDeadline = option(
  'high-availability.kubernetes.leader-election.renew-deadline',
  durationType,
  'How long a leader tries to renew before it gives up',
  { default: 15_000 },
);
export const haRetryPeriod = option(
  'high-availability.kubernetes.leader-election.retry-period',
  durationType,
  'Wait between tries to become leader',
  { default: 5_000 },
);
