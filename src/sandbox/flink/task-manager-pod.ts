import type { ApiObject, Draft } from '../api/objects.ts';
import { bytesOf } from '../pods/quantities.ts';
import type { Settings } from './settings.ts';

/** The pod that Flink's ResourceManager asks for. Source: KubernetesTaskManagerFactory, Flink 2.3. */
export function taskManagerPod(name: string, settings: Settings, deployment: ApiObject): Draft {
  const slots = settings.number('taskmanager.numberOfTaskSlots', 1);
  const cpu = settings.text('kubernetes.taskmanager.cpu.amount') ?? `${slots}.0`;
  const memory = `${Math.round(bytesOf(settings.text('taskmanager.memory.process.size') ?? '1728m') / 1024 ** 2)}Mi`;
  const args =
    `kubernetes-taskmanager.sh -Dtaskmanager.resource-id='${name}' -D taskmanager.memory.network.min=134217730b -D taskmanager.cpu.cores=${cpu} ` +
    '-D taskmanager.memory.task.off-heap.size=0b -D taskmanager.memory.jvm-metaspace.size=268435456b -D external-resources=none ' +
    `-D taskmanager.memory.managed.size=536870920b -D taskmanager.memory.task.heap.size=402653174b -D taskmanager.numberOfTaskSlots=${slots} `;
  const resources = { memory, cpu };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: { app: settings.clusterId, component: 'taskmanager', type: 'flink-native-kubernetes' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          blockOwnerDeletion: true,
          controller: true,
          name: deployment.metadata.name,
          uid: deployment.metadata.uid,
        },
      ],
    },
    spec: {
      containers: [
        {
          name: 'flink-main-container',
          image: settings.image,
          imagePullPolicy: 'IfNotPresent',
          command: ['/docker-entrypoint.sh'],
          args: ['bash', '-c', args],
          env: [
            { name: '_POD_NODE_ID', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'spec.nodeName' } } },
            {
              name: 'FLINK_TM_JVM_MEM_OPTS',
              value: '-Xmx536870902 -Xms536870902 -XX:MaxDirectMemorySize=268435458 -XX:MaxMetaspaceSize=268435456',
            },
          ],
          ports: [{ containerPort: 6122, name: 'taskmanager-rpc', protocol: 'TCP' }],
          resources: { limits: resources, requests: resources },
          volumeMounts: [{ mountPath: '/opt/flink/conf', name: 'flink-config-volume' }],
        },
      ],
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      hostNetwork: false,
      serviceAccount: 'default',
      serviceAccountName: 'default',
      volumes: [
        {
          name: 'flink-config-volume',
          configMap: {
            name: `flink-config-${settings.clusterId}`,
            items: ['config.yaml', 'log4j-console.properties'].map((key) => ({ key, path: key })),
          },
        },
      ],
    },
    status: { phase: 'Pending', qosClass: 'Guaranteed' },
  };
}
