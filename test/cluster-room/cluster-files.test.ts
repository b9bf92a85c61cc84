import { expect, test } from 'vitest';
import { clusterFiles } from '../../src/cluster/configuration/cluster-files.ts';
import type { KubernetesClient } from '../../src/kubernetes/model/types.ts';
import { Problem, sentence } from '../../src/support/problem.ts';
import { lifetime } from '../../src/support/waiting.ts';
import { FakeClock, fakeKubernetes } from '../support/fakes.ts';

const file = 'log4j-console.properties';
const { signal } = lifetime();
const filesOf = (given: Partial<KubernetesClient>) =>
  clusterFiles({ kubernetes: fakeKubernetes(given), clock: new FakeClock(), clusterId: 'c1', namespace: 'default' });

const volume = { name: 'v', configMap: { name: 'flink-config-c1', items: [{ key: file, path: file }] } };
const pod = (name: string, spec: object, more: object = {}) => ({
  metadata: { name, ...more },
  spec: { volumes: [volume], ...spec },
  status: { phase: 'Running' },
});
const container = (mount: object) => ({ name: 'flink-main-container', volumeMounts: [{ name: 'v', ...mount }] });

test('the pods that have a file are those that run and mount it, and a file that is mounted alone is fixed', async () => {
  const folder = container({ mountPath: '/opt/flink/conf' });
  const pods = [
    pod('all', { containers: [{ name: 'sidecar' }, folder] }),
    pod('alone', { containers: [container({ mountPath: `/opt/flink/conf/${file}`, subPath: file })] }),
    pod('without-items', { volumes: [{ name: 'v', configMap: { name: 'flink-config-c1' } }], containers: [folder] }),
    pod('other-map', { volumes: [{ name: 'v', configMap: { name: 'other' } }], containers: [folder] }),
    pod('other-items', { volumes: [{ name: 'v', configMap: { ...volume.configMap, items: [] } }], containers: [folder] }),
    pod('going', { containers: [folder] }, { deletionTimestamp: '2026-11-28T04:00:00Z' }),
    { ...pod('waiting', { containers: [folder] }), status: { phase: 'Pending' } },
  ];
  const found = await filesOf({ list: (async () => pods) as unknown as KubernetesClient['list'] }).readers(file, signal);
  const path = `/opt/flink/conf/${file}`;
  expect(found).toEqual([
    { pod: 'all', container: 'flink-main-container', path, fixed: false },
    { pod: 'alone', container: 'flink-main-container', path, fixed: true },
    { pod: 'without-items', container: 'flink-main-container', path, fixed: false },
  ]);
});

test('a ConfigMap is written only over the version that was read', async () => {
  const bodies: unknown[] = [];
  const patch = (async (_: unknown, body: unknown) => {
    bodies.push(body);
    throw new Problem('conflict', 'the object has been modified');
  }) as unknown as KubernetesClient['patch'];
  const writing = filesOf({ patch }).write({ configMap: 'flink-config-c1', files: {}, version: '7' }, file, 'x', signal);
  expect(await writing.catch(sentence)).toBe(
    'Somebody else changed ConfigMap flink-config-c1 in the meantime, so nothing was written. Look at it again, and decide again.',
  );
  expect(bodies).toEqual([{ metadata: { resourceVersion: '7' }, data: { [file]: 'x' } }]);
});

test('a cluster without the ConfigMap is named', async () => {
  const get = () => Promise.reject(new Problem('not-found', 'configmaps "flink-config-c1" not found'));
  expect(await filesOf({ get }).read(signal).catch(sentence)).toContain('There is no ConfigMap flink-config-c1 in namespace default.');
});
