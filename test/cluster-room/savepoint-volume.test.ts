import { expect, test } from 'vitest';
import { mortalSavepoints } from '../../src/cluster/endpoint/savepoint-volume.ts';
import type { KubernetesClient } from '../../src/kubernetes/model/types.ts';

const signal = new AbortController().signal;

/** A JobManager whose `/data` is a volume of this kind. */
const places = (volume: object) => [
  {
    metadata: { name: 'c1-jm', labels: {} },
    spec: {
      containers: [
        {
          name: 'flink-main-container',
          volumeMounts: [
            { name: 'conf', mountPath: '/opt/flink/conf' },
            { name: 'v', mountPath: '/data' },
          ],
        },
      ],
      volumes: [
        { name: 'conf', configMap: { name: 'x' } },
        { name: 'v', ...volume },
      ],
    },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  },
];

const look = (
  volume: object,
  { directory, config = {} }: { readonly directory?: string; readonly config?: Readonly<Record<string, string>> },
) =>
  mortalSavepoints(
    {
      kubernetes: { list: async () => places(volume), get: () => Promise.reject(new Error('not asked')) } as unknown as Pick<
        KubernetesClient,
        'get' | 'list'
      >,
      flink: { clusterConfiguration: async () => new Map(Object.entries(config)) },
      clusterId: 'c1',
      namespace: 'default',
    },
    directory,
    signal,
  );

const claim = { persistentVolumeClaim: { claimName: 'data' } };

test.each([
  ['in the pod itself', claim, 'file:///tmp/savepoints', true],
  ['beside the volume', claim, 'file:/data-old/savepoints', true],
  ['on a volume that goes with the pod', { emptyDir: {} }, 'file:/data/savepoints', true],
  ['in a path without a scheme', claim, '/tmp/savepoints', true],
  ['on a claim', claim, 'file:///data/savepoints/', false],
  ['on the claim itself', claim, 'file:/data', false],
  ['on a network file system', { nfs: { server: 'x' } }, 'file:/data/a', false],
  ['in an object store', claim, 's3://bucket/savepoints', false],
  ['on HDFS', claim, 'hdfs:///savepoints', false],
])('savepoints %s: whether they are deleted with the cluster', async (_, volume, directory, mortal) => {
  expect(await look(volume, { directory })).toBe(mortal ? directory : undefined);
  expect(await look(volume, { config: { 'execution.checkpointing.savepoint-dir': directory } })).toBe(mortal ? directory : undefined);
});

test('a path alone may be in the default file system, which is elsewhere; without a folder nothing is reported', async () => {
  expect(await look(claim, { directory: '/savepoints', config: { 'fs.default-scheme': 'hdfs://namenode/' } })).toBeUndefined();
  expect(await look(claim, {})).toBeUndefined();
});
