import { stamp, type Draft, type JsonObject, type Labels, type OwnerReference } from '../api/objects.ts';
import { CONFIG_MAPS, DEPLOYMENTS, SERVICES } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';

export interface SessionClusterOptions {
  readonly clusterId: string;
  readonly namespace: string;
  /** Of its REST Service. */
  readonly address: string;
  readonly highAvailability: boolean;
  /** Its jobs can be rescaled. */
  readonly adaptive: boolean;
  /** When its objects were created. */
  readonly at: number;
}

/** Creates the objects that Flink's client creates for a session cluster, in its order. */
export function createSessionCluster(store: ObjectStore, options: SessionClusterOptions): void {
  const { namespace } = options;
  const deployment = store.create(DEPLOYMENTS, namespace, jobManagerDeployment(options));
  const owner: OwnerReference = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    blockOwnerDeletion: true,
    controller: true,
    name: deployment.metadata.name,
    uid: deployment.metadata.uid,
  };
  store.create(SERVICES, namespace, rpcService(options, owner));
  store.create(SERVICES, namespace, restService(options, owner));
  store.create(CONFIG_MAPS, namespace, configMap(options, owner));
}

const labelsOf = ({ clusterId }: SessionClusterOptions): Labels => ({ app: clusterId, type: 'flink-native-kubernetes' });
const jobManagerLabels = (options: SessionClusterOptions): Labels => ({ ...labelsOf(options), component: 'jobmanager' });
const configMapName = ({ clusterId }: SessionClusterOptions): string => `flink-config-${clusterId}`;

const owned = (name: string, options: SessionClusterOptions, owner: OwnerReference): Draft['metadata'] => ({
  name,
  labels: labelsOf(options),
  creationTimestamp: stamp(options.at),
  ownerReferences: [owner],
});

function jobManagerDeployment(options: SessionClusterOptions): Draft {
  const labels = jobManagerLabels(options);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: options.clusterId, labels, creationTimestamp: stamp(options.at) },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      template: { metadata: { labels, creationTimestamp: null }, spec: jobManagerPodSpec(options) },
    },
    status: {},
  };
}

function jobManagerPodSpec(options: SessionClusterOptions): JsonObject {
  const resources = { cpu: '1.0', memory: '1600Mi' };
  return {
    containers: [
      {
        name: 'flink-main-container',
        image: 'apache/flink:2.3.0-scala_2.12',
        imagePullPolicy: 'IfNotPresent',
        command: ['/docker-entrypoint.sh'],
        args: ['bash', '-c', 'kubernetes-jobmanager.sh kubernetes-session '],
        env: [{ name: '_POD_IP_ADDRESS', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } }],
        ports: [
          { containerPort: 8081, name: 'rest', protocol: 'TCP' },
          { containerPort: 6123, name: 'jobmanager-rpc', protocol: 'TCP' },
          { containerPort: 6124, name: 'blobserver', protocol: 'TCP' },
        ],
        resources: { limits: resources, requests: resources },
        volumeMounts: [{ mountPath: '/opt/flink/conf', name: 'flink-config-volume' }],
      },
    ],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccount: 'default',
    serviceAccountName: 'default',
    securityContext: {},
    schedulerName: 'default-scheduler',
    volumes: [
      {
        name: 'flink-config-volume',
        configMap: {
          name: configMapName(options),
          items: [
            { key: 'config.yaml', path: 'config.yaml' },
            { key: 'log4j-console.properties', path: 'log4j-console.properties' },
          ],
        },
      },
    ],
  };
}

const rpcService = (options: SessionClusterOptions, owner: OwnerReference): Draft => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: owned(options.clusterId, options, owner),
  spec: {
    type: 'ClusterIP',
    clusterIP: 'None',
    clusterIPs: ['None'],
    selector: jobManagerLabels(options),
    ports: [
      { name: 'jobmanager-rpc', port: 6123, targetPort: 6123, protocol: 'TCP' },
      { name: 'blobserver', port: 6124, targetPort: 6124, protocol: 'TCP' },
    ],
  },
  status: { loadBalancer: {} },
});

const restService = (options: SessionClusterOptions, owner: OwnerReference): Draft => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: owned(`${options.clusterId}-rest`, options, owner),
  spec: {
    type: 'ClusterIP',
    clusterIP: options.address,
    clusterIPs: [options.address],
    selector: jobManagerLabels(options),
    ports: [{ name: 'rest', port: 8081, targetPort: 8081, protocol: 'TCP' }],
  },
  status: { loadBalancer: {} },
});

const configMap = (options: SessionClusterOptions, owner: OwnerReference): Draft => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: owned(configMapName(options), options, owner),
  data: { 'config.yaml': configYaml(options), 'log4j-console.properties': LOG4J },
});

/** The logging file that Flink 2.3 ships, without its comments and its file appender. */
const LOG4J = `# Read again every 30 seconds.
monitorInterval=30

rootLogger.level = \${env:ROOT_LOG_LEVEL:-INFO}
rootLogger.appenderRef.console.ref = ConsoleAppender

logger.pekko.name = org.apache.pekko
logger.pekko.level = INFO
logger.kafka.name= org.apache.kafka
logger.kafka.level = INFO
logger.hadoop.name = org.apache.hadoop
logger.hadoop.level = INFO
logger.zookeeper.name = org.apache.zookeeper
logger.zookeeper.level = INFO

appender.console.name = ConsoleAppender
appender.console.type = CONSOLE
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n
appender.console.filter.threshold.type = ThresholdFilter
appender.console.filter.threshold.level = \${sys:console.log.level:-ALL}

logger.netty.name = org.jboss.netty.channel.DefaultChannelPipeline
logger.netty.level = OFF
`;

const configYaml = ({ clusterId, namespace, highAvailability, adaptive }: SessionClusterOptions): string => `blob:
  server:
    port: '6124'
taskmanager:
  memory:
    process:
      size: 1728m
  rpc:
    port: '6122'
  numberOfTaskSlots: 4
resourcemanager:
  taskmanager-timeout: 15 s
kubernetes:
  cluster-id: ${clusterId}
jobmanager:
${adaptive ? '  scheduler: adaptive\n' : ''}  adaptive-scheduler:
    executing:
      cooldown-after-rescaling: 5 s
      resource-stabilization-timeout: 15 s
  rpc:
    address: ${clusterId}.${namespace}
    port: 6123
  memory:
    process:
      size: 1600m
high-availability:
  type: ${highAvailability ? 'kubernetes' : 'NONE'}
  storageDir: s3://flink/ha
execution:
  target: kubernetes-session
  checkpointing:
    interval: 5 s
    dir: s3://flink/checkpoints
    savepoint-dir: s3://flink/savepoints
internal:
  cluster:
    execution-mode: NORMAL
parallelism:
  default: 1
rest:
  address: ${clusterId}-rest.${namespace}
  port: 8081
  flamegraph:
    enabled: true
  profiling:
    enabled: true
web:
  adaptive-scheduler:
    rescale-history:
      size: 20
`;
