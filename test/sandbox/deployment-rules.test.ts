import { expect, test } from 'vitest';
import type { ApiObject, JsonObject } from '../../src/sandbox/api/objects.ts';
import { podChange, podFor, replicaSetFor, rescaled, withDeploymentStatus } from '../../src/sandbox/pods/deployment-rules.ts';

const object = (kind: string, name: string, more: JsonObject = {}): ApiObject => ({
  apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
  kind,
  metadata: { name, namespace: 'default', uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: '2026-05-04T10:00:00Z' },
  ...more,
});
const pod = (name: string, ready = true): ApiObject =>
  object('Pod', name, { status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] } });
const deleted = (one: ApiObject): ApiObject => ({ ...one, metadata: { ...one.metadata, deletionTimestamp: '2026-05-04T10:00:00Z' } });
const set = (replicas: number): ApiObject =>
  object('ReplicaSet', 's', { spec: { replicas, template: { spec: { serviceAccountName: 'flink' } } } });
const deployment = (replicas: number, image = 'flink:2.3.0'): ApiObject =>
  object('Deployment', 'd', {
    spec: {
      replicas,
      selector: { matchLabels: { app: 'd' } },
      template: { metadata: { labels: { app: 'd' } }, spec: { containers: [{ image }] } },
    },
  });
const everybody = (): boolean => true;

test('a ReplicaSet makes up for pods that are missing, that failed and that are being deleted', () => {
  const failed = { ...pod('b'), status: { phase: 'Failed' } };
  expect(podChange(set(3), [pod('a'), failed, deleted(pod('c'))], everybody)).toEqual({ kind: 'create', count: 2 });
  expect(podChange(set(1), [pod('a')], everybody)).toEqual({ kind: 'none' });
});

test('of too many pods the last ones go', () => {
  const pods = ['a', 'b', 'c'].map((name) => pod(name));
  expect(podChange(set(1), pods, everybody)).toEqual({ kind: 'delete', pods: pods.slice(1) });
  expect(podChange(set(0), pods, everybody)).toEqual({ kind: 'delete', pods });
});

test('without its service account no pod is created, and the event says which one is missing', () => {
  const asked: string[] = [];
  const change = podChange(set(1), [], (name) => {
    asked.push(name);
    return false;
  });
  expect(asked).toEqual(['flink']);
  expect(change).toEqual({ kind: 'refused', message: expect.stringContaining('serviceaccount "flink" not found') });
  expect(podChange(set(0), [], () => false)).toEqual({ kind: 'none' });
});

test('a new template has a ReplicaSet of its own, which takes all pods from the one before', () => {
  const [before, after] = [replicaSetFor(deployment(2)), replicaSetFor(deployment(2, 'flink:2.4.0'))];
  expect(after.metadata.name).not.toBe(before.metadata.name);
  expect(replicaSetFor(deployment(5)).metadata.name).toBe(before.metadata.name);
  const old = object('ReplicaSet', before.metadata.name ?? '', { spec: { replicas: 2 } });
  expect(rescaled(deployment(2), [old], after.metadata.name)).toMatchObject([{ spec: { replicas: 0 } }]);
  expect(rescaled(deployment(2), [old], before.metadata.name)).toEqual([]);
  expect(podFor(object('ReplicaSet', 's', { spec: after['spec'] }), 'x7')).toMatchObject({
    metadata: { name: 's-x7', labels: { app: 'd' }, ownerReferences: [{ kind: 'ReplicaSet', name: 's', controller: true }] },
    spec: { containers: [{ image: 'flink:2.4.0' }] },
  });
});

test('a Deployment is available if all its pods are ready, and since when it is does not move with every look', () => {
  const [early, late] = [Date.parse('2026-05-04T10:00:00Z'), Date.parse('2026-05-04T11:00:00Z')];
  const condition = (of: ApiObject): unknown => ((of['status'] as JsonObject)['conditions'] as readonly unknown[])[0];
  const down = withDeploymentStatus(deployment(2), [pod('a'), pod('b', false)], early);
  expect(down['status']).toMatchObject({ replicas: 2, readyReplicas: 1, unavailableReplicas: 1 });
  expect(condition(down)).toMatchObject({ status: 'False', lastTransitionTime: '2026-05-04T10:00:00Z' });
  expect(condition(withDeploymentStatus(down, [pod('a')], late))).toMatchObject({
    status: 'False',
    lastTransitionTime: '2026-05-04T10:00:00Z',
  });
  const up = withDeploymentStatus(down, [pod('a'), pod('b'), deleted(pod('c'))], late);
  expect(up['status']).toMatchObject({ replicas: 2, readyReplicas: 2 });
  expect(condition(up)).toMatchObject({ status: 'True', lastTransitionTime: '2026-05-04T11:00:00Z' });
});
