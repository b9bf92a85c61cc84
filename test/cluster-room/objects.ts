import type { KubernetesObject } from '../../src/kubernetes/model/types.ts';

type Made = KubernetesObject & { readonly kind: string };

const labels = (id: string, component?: string) => ({
  app: id,
  type: 'flink-native-kubernetes',
  ...(component === undefined ? {} : { component }),
});

export function aDeployment(id = 'c1', { namespace = 'default', target = 'kubernetes-session', image = 'flink:2.3.0' } = {}): Made {
  return {
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: { name: id, namespace, labels: labels(id, 'jobmanager') },
    spec: {
      replicas: 1,
      template: {
        spec: { containers: [{ name: 'flink-main-container', image, args: ['bash', '-c', `kubernetes-jobmanager.sh ${target} `] }] },
      },
    },
    status: { readyReplicas: 1 },
  } as Made;
}

export function aRestService(id = 'c1', spec: object = {}, status: object = { loadBalancer: {} }, namespace = 'default'): Made {
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name: `${id}-rest`, namespace, labels: labels(id) },
    spec: { type: 'ClusterIP', clusterIP: '10.96.0.10', ports: [{ name: 'rest', port: 8081, targetPort: 8081 }], ...spec },
    status,
  } as Made;
}

export function aNode(name: string, addresses: readonly (readonly [string, string])[], spec: object = {}): Made {
  return { kind: 'Node', metadata: { name }, spec, status: { addresses: addresses.map(([type, address]) => ({ type, address })) } } as Made;
}

export function aPod(
  name: string,
  { id = 'c1', ip = '10.244.0.7', ready = true, status = {}, createdAt = '2026-01-01T00:00:00Z', deleted = false } = {},
): Made {
  return {
    kind: 'Pod',
    metadata: {
      name,
      labels: labels(id, 'jobmanager'),
      creationTimestamp: createdAt,
      ...(deleted ? { deletionTimestamp: createdAt } : {}),
    },
    spec: { containers: [{ name: 'flink-main-container', ports: [{ name: 'rest', containerPort: 8081 }] }] },
    status: { phase: 'Running', podIP: ip, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }], ...status },
  } as Made;
}
