import { describe, expect, test } from 'vitest';
import { diffCluster, diffObject } from '../../src/cluster/diff/diff.ts';
import { CONFIG_MAPS } from '../../src/kubernetes/model/resources.ts';
import type { KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { FakeKubernetes } from './fake-kubernetes.ts';

const pod = (container: object, spec: object = {}) => ({
  spec: {
    replicas: 1,
    template: {
      metadata: { labels: { app: 'c1' } },
      spec: { hostNetwork: false, containers: [{ name: 'flink-main-container', ...container }], ...spec },
    },
  },
});
const deployment = (container: object, spec: object = {}) =>
  ({ kind: 'Deployment', metadata: { name: 'c1', labels: { app: 'c1' } }, ...pod(container, spec) }) as KubernetesObject;

/** As a server gives it back: with its own fields, and what is empty dropped. */
const asServed = (container: object, spec: object = {}) =>
  ({
    kind: 'Deployment',
    metadata: {
      name: 'c1',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '5',
      generation: 1,
      labels: { app: 'c1' },
      annotations: { 'deployment.kubernetes.io/revision': '1' },
    },
    spec: {
      replicas: 1,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
      template: {
        metadata: { creationTimestamp: null, labels: { app: 'c1' } },
        spec: {
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          schedulerName: 'default-scheduler',
          securityContext: {},
          containers: [
            {
              name: 'flink-main-container',
              terminationMessagePath: '/dev/termination-log',
              terminationMessagePolicy: 'File',
              ...container,
            },
          ],
          ...spec,
        },
      },
    },
    status: { replicas: 1 },
  }) as KubernetesObject;

const main = 'spec.template.spec.containers[flink-main-container]';

describe('a redeploy', () => {
  test('of the same changes nothing, however the server writes it', () => {
    const wanted = deployment(
      { resources: { limits: { cpu: '1.0', memory: '1600Mi' } }, ports: [{ name: 'rest', containerPort: 8081 }] },
      {
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', configMap: { name: 'x' } },
        ],
      },
    );
    const live = asServed(
      { resources: { limits: { cpu: '1', memory: '1600Mi' } }, ports: [{ name: 'rest', containerPort: 8081, protocol: 'TCP' }] },
      {
        volumes: [
          { name: 'a', emptyDir: {} },
          { name: 'b', configMap: { name: 'x', defaultMode: 420 } },
        ],
      },
    );
    expect(diffObject('Deployment c1', wanted, live)).toEqual({ what: 'Deployment c1', kind: 'same', fields: [] });
  });

  test('shows what changes, comes and goes, by name and not by position', () => {
    const wanted = deployment({
      image: 'flink:2.3.0',
      env: [
        { name: 'NEW', value: '1' },
        { name: 'KEPT', value: 'x' },
      ],
    });
    const live = asServed(
      {
        image: 'flink:2.2.0',
        env: [
          { name: 'KEPT', value: 'x' },
          { name: 'OLD', value: '2' },
        ],
      },
      { nodeSelector: { disk: 'ssd' } },
    );
    expect(diffObject('Deployment c1', wanted, live).fields).toEqual([
      { path: `${main}.image`, live: 'flink:2.2.0', wanted: 'flink:2.3.0' },
      { path: `${main}.env[NEW]`, live: undefined, wanted: '{"name":"NEW","value":"1"}' },
      { path: `${main}.env[OLD]`, live: '{"name":"OLD","value":"2"}', wanted: undefined },
      { path: 'spec.template.spec.nodeSelector.disk', live: 'ssd', wanted: undefined },
    ]);
  });

  test('never shows a secret', () => {
    const wanted = deployment({ env: [{ name: 'DB_PASSWORD', value: 'new-secret' }] });
    const live = asServed({ env: [{ name: 'DB_PASSWORD', value: 'old-secret' }] });
    expect(diffObject('Deployment c1', wanted, live).fields).toEqual([
      { path: `${main}.env[DB_PASSWORD].value`, live: '******', wanted: '******' },
    ]);
    const secret = (value: string) => ({ kind: 'Secret', metadata: { name: 's' }, data: { keytab: value } }) as KubernetesObject;
    expect(diffObject('Secret s', secret('bmV3'), secret('b2xk')).fields).toEqual([
      { path: 'data.keytab', live: '******', wanted: '******' },
    ]);
  });

  test('compares a configuration by its meaning, with secrets masked', () => {
    const map = (text: string) =>
      ({
        kind: 'ConfigMap',
        metadata: { name: 'm' },
        data: { 'config.yaml': text, 'log4j-console.properties': 'a\n' },
      }) as KubernetesObject;
    expect(diffObject('ConfigMap m', map('b: 2\na:\n  c: x\n'), map("a.c: 'x'\nb: 2\n")).kind).toBe('same');
    expect(
      diffObject(
        'ConfigMap m',
        map('parallelism.default: 4\ns3.secret-key: new\n'),
        map('parallelism.default: 1\ns3.secret-key: old\ngone: 1\n'),
      ).fields,
    ).toEqual([
      { path: 'config.yaml: gone', live: '1', wanted: undefined },
      { path: 'config.yaml: parallelism.default', live: '1', wanted: '4' },
      { path: 'config.yaml: s3.secret-key', live: '******', wanted: '******' },
    ]);
  });

  test('tells of a Service only what was asked for', () => {
    const service = (spec: object) => ({ kind: 'Service', metadata: { name: 'c1-rest' }, spec }) as KubernetesObject;
    const live = service({
      type: 'ClusterIP',
      clusterIP: '10.0.0.1',
      clusterIPs: ['10.0.0.1'],
      ipFamilies: ['IPv4'],
      sessionAffinity: 'None',
      ports: [{ name: 'rest', port: 8081, targetPort: 8081, protocol: 'TCP' }],
    });
    expect(
      diffObject('Service c1-rest', service({ type: 'ClusterIP', ports: [{ name: 'rest', port: 8081, targetPort: 8081 }] }), live).kind,
    ).toBe('same');
    expect(
      diffObject('Service c1-rest', service({ type: 'NodePort', ports: [{ name: 'rest', port: 8081, targetPort: 8081 }] }), live).fields,
    ).toEqual([{ path: 'spec.type', live: 'ClusterIP', wanted: 'NodePort' }]);
  });
});

test('objects that would come and go are named; those of high availability are not', async () => {
  const owners = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'c1', uid: 'u' }];
  const labels = { app: 'c1', type: 'flink-native-kubernetes' };
  const kubernetes = new FakeKubernetes([
    { ...asServed({}), kind: 'Deployment' },
    { kind: 'ConfigMap', metadata: { name: 'pod-template-c1', labels, ownerReferences: owners } },
    { kind: 'ConfigMap', metadata: { name: 'c1-cluster-config-map', labels } },
  ]);
  const objects = {
    clusterId: 'c1',
    namespace: 'default',
    deployment: deployment({}),
    owned: [{ resource: CONFIG_MAPS, body: { metadata: { name: 'flink-config-c1' } } }],
  };
  const changes = await diffCluster(kubernetes, objects, new AbortController().signal);
  expect(changes.map(({ what, kind }) => `${kind} ${what}`)).toEqual([
    'same Deployment c1',
    'created ConfigMap flink-config-c1',
    'removed ConfigMap pod-template-c1',
  ]);
  await expect(diffCluster(new FakeKubernetes(), objects, new AbortController().signal)).rejects.toThrow(
    'There is no Flink cluster c1 in namespace default.',
  );
});
