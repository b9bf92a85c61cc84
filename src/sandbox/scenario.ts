import { DEPLOYMENTS, NAMESPACES, NODES, SERVICE_ACCOUNTS, SERVICES, CONFIG_MAPS } from './api/resources.ts';
import { stamp, type ApiObject, type Draft } from './api/objects.ts';
import type { ObjectStore } from './api/store.ts';
import type { Timeline } from './timeline.ts';
import { NODE, NODE_ADDRESS } from './pods/pod-status.ts';

/** What every cluster has: a node, namespaces with their service account (later ones as well), DNS. */
export function furnish(store: ObjectStore, timeline: Timeline): void {
  const since = stamp(timeline.now() - 30 * 86_400_000);
  store.subscribe(({ resource, type, object }) => {
    if (resource === NAMESPACES && type === 'ADDED')
      store.create(SERVICE_ACCOUNTS, object.metadata.name, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', creationTimestamp: object.metadata.creationTimestamp },
      });
  });
  for (const name of ['default', 'kube-system', 'kube-public']) {
    store.create(NAMESPACES, undefined, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, creationTimestamp: since, labels: { 'kubernetes.io/metadata.name': name } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  }
  store.create(SERVICES, 'kube-system', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kube-dns', creationTimestamp: since, labels: { 'k8s-app': 'kube-dns' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.10',
      clusterIPs: ['10.96.0.10'],
      selector: { 'k8s-app': 'kube-dns' },
      ports: [{ name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' }],
    },
    status: { loadBalancer: {} },
  });
  const room = { cpu: '16', memory: '65536Mi', pods: '110', 'ephemeral-storage': '200Gi' };
  store.create(NODES, undefined, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: NODE,
      creationTimestamp: since,
      labels: { 'kubernetes.io/hostname': NODE, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' },
    },
    spec: {},
    status: {
      capacity: room,
      allocatable: room,
      addresses: [
        { type: 'InternalIP', address: NODE_ADDRESS },
        { type: 'Hostname', address: NODE },
      ],
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastHeartbeatTime: since,
          lastTransitionTime: since,
        },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.34.4',
        containerRuntimeVersion: 'containerd://2.1.4',
        osImage: 'Sandbox',
        kernelVersion: '6.8.0',
        operatingSystem: 'linux',
        architecture: 'amd64',
        machineID: '',
        systemUUID: '',
        bootID: '',
        kubeProxyVersion: '',
      },
    },
  });
}

const config = (clusterId: string, namespace: string, highAvailability: boolean): string => `blob:
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
`;

/** The objects that Flink's client creates for a session cluster, in its order. */
export function sessionCluster(
  store: ObjectStore,
  clusterId: string,
  {
    namespace,
    address,
    at,
    highAvailability,
  }: { readonly namespace: string; readonly address: string; readonly at: number; readonly highAvailability: boolean },
): ApiObject {
  const labels = { app: clusterId, type: 'flink-native-kubernetes' };
  const jobManager = { ...labels, component: 'jobmanager' };
  const creationTimestamp = stamp(at);
  const resources = { cpu: '1.0', memory: '1600Mi' };
  const deployment = store.create(DEPLOYMENTS, namespace, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: clusterId, labels: jobManager, creationTimestamp },
    spec: {
      replicas: 1,
      selector: { matchLabels: jobManager },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      template: {
        metadata: { labels: jobManager, creationTimestamp: null },
        spec: {
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
                name: `flink-config-${clusterId}`,
                items: [
                  { key: 'config.yaml', path: 'config.yaml' },
                  { key: 'log4j-console.properties', path: 'log4j-console.properties' },
                ],
              },
            },
          ],
        },
      },
    },
    status: {},
  });
  const owned = (name: string, more: Draft['metadata'] = {}): Draft['metadata'] => ({
    name,
    labels,
    creationTimestamp,
    ownerReferences: [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        blockOwnerDeletion: true,
        controller: true,
        name: clusterId,
        uid: deployment.metadata.uid,
      },
    ],
    ...more,
  });
  store.create(SERVICES, namespace, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: owned(clusterId),
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      clusterIPs: ['None'],
      selector: jobManager,
      ports: [
        { name: 'jobmanager-rpc', port: 6123, targetPort: 6123, protocol: 'TCP' },
        { name: 'blobserver', port: 6124, targetPort: 6124, protocol: 'TCP' },
      ],
    },
    status: { loadBalancer: {} },
  });
  store.create(SERVICES, namespace, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: owned(`${clusterId}-rest`),
    spec: {
      type: 'ClusterIP',
      clusterIP: address,
      clusterIPs: [address],
      selector: jobManager,
      ports: [{ name: 'rest', port: 8081, targetPort: 8081, protocol: 'TCP' }],
    },
    status: { loadBalancer: {} },
  });
  store.create(CONFIG_MAPS, namespace, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: owned(`flink-config-${clusterId}`),
    data: { 'config.yaml': config(clusterId, namespace, highAvailability), 'log4j-console.properties': 'rootLogger.level = INFO\n' },
  });
  return deployment;
}
