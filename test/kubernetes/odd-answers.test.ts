import { expect, test } from 'vitest';
import { PODS } from '../../src/kubernetes/resources.ts';
import { apiServer, type Handler } from './api-server.ts';
import { connectTo } from './connect-to.ts';

const pod = (name: string) => ({ kind: 'Pod', metadata: { name, resourceVersion: '1' }, status: { containerStatuses: [] } });

async function listOf(handler: Handler) {
  await using server = await apiServer(handler);
  const client = await connectTo(server.url);
  return await client.list(PODS, { namespace: 'default' });
}

test.each([
  [[1, 2, 3], 'The API server\'s answer to "list pods in namespace default" is not a list.'],
  [{}, 'The API server\'s answer to "list pods in namespace default" is not a list.'],
  [{ kind: 'Status', apiVersion: 'v1', status: 'Success', message: 'all is well' }, 'The API server\'s answer to "list pods in namespace default" is not a list but a Status: all is well.'],
  [{ kind: 'Pod', metadata: { name: 'x' } }, 'The API server\'s answer to "list pods in namespace default" is not a list but a Pod.'],
  [{ kind: 'PodList', metadata: {}, items: [pod('a'), null] }, 'The API server sent an object without a name in a shape that Kubernetes does not know.'],
  [{ kind: 'PodList', metadata: {}, items: [pod('a'), 7] }, 'The API server sent an object without a name in a shape that Kubernetes does not know.'],
])('%j is no empty list: it is said what it is', async (body, message) => {
  await expect(listOf((_, answer) => answer.json(body))).rejects.toMatchObject({ kind: 'protocol', message });
});

test.each([[[]], [null], [undefined]])('an empty list may be written as %j', async (items) => {
  expect(await listOf((_, answer) => answer.json({ kind: 'PodList', metadata: {}, items }))).toEqual([]);
});

test('an object of 8 MiB is read, however small its pieces; one of more than 16 MiB is said', async () => {
  const sized = (mebibytes: number): Handler => async (_, answer) => {
    answer.stream();
    answer.write('{"kind":"PodList","metadata":{},"items":[{"metadata":{"name":"big"},"x":"');
    for (let piece = 0; piece < mebibytes * 64; piece++) {
      answer.write('x'.repeat(16 << 10));
      if (piece % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    answer.write('"}]}');
    answer.end();
  };
  expect((await listOf(sized(8))).map(({ metadata }) => metadata?.name)).toEqual(['big']);
  await expect(listOf(sized(17))).rejects.toMatchObject({ message: 'An object in the API server\'s answer to "list pods in namespace default" is larger than 16 MiB: it is not read.' });
}, 30_000);

test('an object that cannot be read is told and left out; the others come, and the watch goes on', async () => {
  await using server = await apiServer((call, answer) => {
    if (call.query.get('watch') === null) return answer.json({ kind: 'PodList', metadata: { resourceVersion: '1' }, items: [pod('a'), { kind: 'Pod', metadata: { name: 'odd' }, status: { containerStatuses: 5 } }, pod('b')] });
    answer.stream();
    answer.event('ADDED', { kind: 'Pod', metadata: { name: 'odd-too', resourceVersion: '2' }, status: { containerStatuses: 'none' } });
    answer.event('ADDED', pod('c'));
  });
  const client = await connectTo(server.url);
  const told: string[] = [];
  const odd: string[] = [];
  const ended = new AbortController();
  await client.listAndWatch(PODS, { namespace: 'default', signal: ended.signal }, (raw) => {
    const { status } = raw as { readonly status: { readonly containerStatuses: readonly unknown[] } };
    status.containerStatuses.map((one) => one);
    return raw.metadata?.name ?? '';
  }, {
    page: (names) => void told.push(...names),
    seen(names) {
      told.push(...names);
      if (names.includes('c')) ended.abort();
    },
    gone: () => undefined,
    status: () => undefined,
    odd: ({ message }) => void odd.push(message),
  });
  expect(told).toEqual(['a', 'b', 'c']);
  expect(odd).toEqual(['odd', 'odd-too'].map((name) => `The API server sent Pod ${name} in a shape that Kubernetes does not know.`));
});
