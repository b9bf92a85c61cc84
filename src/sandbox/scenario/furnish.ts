import { NAMESPACES, NODES, SERVICE_ACCOUNTS, SERVICES } from '../api/resources.ts';
import { stamp } from '../api/objects.ts';
import type { ObjectStore } from '../api/store.ts';
import type { SandboxClock } from '../base/clock.ts';
import { NODE, NODE_ADDRESS } from '../pods/pod-status.ts';

/** Creates what every cluster has: a node, DNS, and namespaces with their service account. Later namespaces get theirs as well. */
export function furnish(store: ObjectStore, clock: SandboxClock): void {
  const since = stamp(clock.now() - 30 * 86_400_000);
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
