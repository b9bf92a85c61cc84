import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createNewsDesk } from '../../src/cli/attach/cluster-news.ts';
import { loadConfig } from '../../src/cli/wiring/services.ts';
import type { FoundCluster } from '../../src/cluster/find-clusters.ts';
import type { KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { FakeClock, fakeKubernetes, readable } from '../support/fakes.ts';

const cluster: FoundCluster = {
  id: 'c1',
  namespace: 'default',
  uid: 'u1',
  createdAt: undefined,
  ready: 1,
  wanted: 1,
  image: undefined,
  flinkVersion: undefined,
  kind: 'session',
  exposure: undefined,
};

/** What the list of clusters says of one whose pods are these. */
async function troubleOf(...pods: readonly object[]): Promise<string> {
  const ended = new AbortController();
  const around = { env: {}, cwd: '/nowhere', clock: new FakeClock(), signal: ended.signal };
  const io = {
    ...around,
    home: '/nowhere',
    stdin: Readable.from([]),
    stdout: () => undefined,
    stderr: () => undefined,
    log: () => Promise.resolve(),
    streams: { stdin: Readable.from([]), stdout: () => undefined, stderr: () => undefined, terminal: undefined },
    isTty: { stdin: false, stdout: false },
  };
  const desk = createNewsDesk(
    {
      kubernetes: fakeKubernetes({
        listReadable: async (_resource, _options, project) => readable(pods as readonly KubernetesObject[], project),
        // Nobody answers for Flink.
        get: () => Promise.reject(new DOMException('', 'AbortError')),
      }),
      config: loadConfig(around, {}).config,
      namespace: 'default',
      kubeconfig: undefined,
      rest: {},
      trace: undefined,
      [Symbol.asyncDispose]: async () => undefined,
    },
    io,
    ended.signal,
  );
  const told = new Promise<void>((resolve) => desk.onNews(resolve));
  desk.of(cluster);
  await told;
  ended.abort();
  return desk.of(cluster).trouble;
}

const odd = (name: string): object => ({ kind: 'Pod', metadata: { name }, status: { containerStatuses: 5 } });
const failed = {
  metadata: { name: 'c1-taskmanager-1-1' },
  status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on memory.' },
};

test('a cluster whose pods cannot be read says so in the list of clusters, after what is known to be wrong', async () => {
  expect(await troubleOf(odd('c1-a'), odd('c1-b'))).toBe('2 pods cannot be read');
  expect(await troubleOf(odd('c1-a'), failed)).toBe('taskmanager-1-1 Evicted: The node was low on memory');
  expect(await troubleOf()).toBe('');
});
