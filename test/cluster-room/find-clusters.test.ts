import { expect, test } from 'vitest';
import { findClusters, getCluster, versionInTag } from '../../src/cluster/find-clusters.ts';
import { killCluster } from '../../src/cluster/deploy/kill.ts';
import { Problem } from '../../src/support/problem.ts';
import { FakeKubernetes } from './fake-kubernetes.ts';
import { aDeployment, aRestService } from './objects.ts';

test('clusters are found in all namespaces with kind, version and exposure', async () => {
  const kubernetes = new FakeKubernetes([
    aDeployment('b', { namespace: 'orders', target: 'kubernetes-application', image: 'my/job:latest' }),
    aDeployment('a', { namespace: 'orders', image: 'registry:5000/flink:1.20.1-scala_2.12-java17' }),
    aRestService('a', { type: 'NodePort' }, {}, 'orders'),
    { kind: 'Deployment', metadata: { name: 'nginx', namespace: 'orders', labels: { app: 'nginx' } } },
  ]);
  expect((await findClusters(kubernetes, undefined)).clusters).toMatchObject([
    { id: 'a', namespace: 'orders', kind: 'session', flinkVersion: '1.20.1', exposure: 'NodePort', ready: 1, wanted: 1 },
    { id: 'b', namespace: 'orders', kind: 'application', flinkVersion: undefined, exposure: undefined },
  ]);
  expect((await findClusters(kubernetes, 'default')).clusters).toEqual([]);
});

test('clusters are listed if Services may not be read', async () => {
  const kubernetes = new FakeKubernetes([aDeployment()]);
  kubernetes.fault = ({ what }) => (what.startsWith('services') ? new Problem('forbidden', 'no') : undefined);
  expect((await findClusters(kubernetes, 'default')).clusters).toMatchObject([{ id: 'c1', exposure: undefined }]);
  expect(await getCluster(kubernetes, 'c1', 'default')).toMatchObject({ id: 'c1' });
});

test('a name that is not a Flink cluster is reported', async () => {
  const kubernetes = new FakeKubernetes([{ kind: 'Deployment', metadata: { name: 'nginx' } }]);
  await expect(getCluster(kubernetes, 'c2', 'default')).rejects.toThrow('There is no Flink cluster c2 in namespace default.');
  await expect(getCluster(kubernetes, 'nginx', 'default')).rejects.toThrow(
    'Deployment nginx in namespace default is not a native Flink cluster.',
  );
});

test.each([
  ['flink:2.3.0', '2.3.0'],
  ['apache/flink:2.2-scala_2.12', '2.2'],
  ['flink@sha256:0f', undefined],
  ['host:5000/flink', undefined],
  [undefined, undefined],
])('the image %s says version %s', (image, version) => {
  expect(versionInTag(image)).toBe(version);
});

test('kill deletes the Deployment in the background', async () => {
  const kubernetes = new FakeKubernetes([aDeployment()]);
  await killCluster(kubernetes, { clusterId: 'c1', namespace: 'default' });
  expect(kubernetes.calls).toEqual([
    { verb: 'DELETE', what: 'deployments/default/c1', body: { propagation: 'Background', uid: undefined } },
  ]);
  expect(kubernetes.objects.size).toBe(0);
});

test('killing what is gone already succeeds', async () => {
  await expect(killCluster(new FakeKubernetes(), { clusterId: 'c1', namespace: 'default' })).resolves.toBeUndefined();
});

test('kill leaves a new cluster of the same name alone', async () => {
  const kubernetes = new FakeKubernetes([aDeployment()]);
  await expect(killCluster(kubernetes, { clusterId: 'c1', namespace: 'default', uid: 'of-yesterday' })).rejects.toThrow('was left alone');
  expect(kubernetes.objects.size).toBe(1);
});

test('a kill that is not allowed says so', async () => {
  const kubernetes = new FakeKubernetes([aDeployment()]);
  kubernetes.fault = () => new Problem('forbidden', 'deployments.apps "c1" is forbidden');
  await expect(killCluster(kubernetes, { clusterId: 'c1', namespace: 'default' })).rejects.toMatchObject({
    kind: 'forbidden',
    message: 'Could not kill Kubernetes cluster c1: deployments.apps "c1" is forbidden',
  });
});
