import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { PODS } from '../../src/kubernetes/model/resources.ts';
import type { Unreadable } from '../../src/kubernetes/model/types.ts';
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
  [
    { kind: 'Status', apiVersion: 'v1', status: 'Success', message: 'all is well' },
    'The API server\'s answer to "list pods in namespace default" is not a list but a Status: all is well.',
  ],
  [{ kind: 'Pod', metadata: { name: 'x' } }, 'The API server\'s answer to "list pods in namespace default" is not a list but a Pod.'],
  [
    { kind: 'PodList', metadata: {}, items: [pod('a'), null] },
    'The API server sent an object without a name in a shape that Kubernetes does not know.',
  ],
  [
    { kind: 'PodList', metadata: {}, items: [pod('a'), 7] },
    'The API server sent an object without a name in a shape that Kubernetes does not know.',
  ],
  [
    { kind: 'PodList', metadata: {}, items: [pod('a'), { kind: 'Pod', metadata: {} }] },
    'The API server sent an object without a name in a shape that Kubernetes does not know.',
  ],
  [
    { kind: 'PodList', metadata: {}, items: [pod('a'), { kind: 'Pod', metadata: { name: 7 } }] },
    'The API server sent an object without a name in a shape that Kubernetes does not know.',
  ],
])('%j is no empty list: it is reported what it is', async (body, message) => {
  await expect(listOf((_, answer) => answer.json(body))).rejects.toMatchObject({ kind: 'protocol', message });
});

test.each([[[]], [null], [undefined]])('an empty list may be written as %j', async (items) => {
  expect(await listOf((_, answer) => answer.json({ kind: 'PodList', metadata: {}, items }))).toEqual([]);
});

test('an object of 8 MiB is read, however small its pieces; one of more than 16 MiB is reported', async () => {
  const sized =
    (mebibytes: number): Handler =>
    async (_, answer) => {
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
  await expect(listOf(sized(17))).rejects.toMatchObject({
    message: 'An object in the API server\'s answer to "list pods in namespace default" is larger than 16 MiB: it is not read.',
  });
}, 30_000);

/** Begins with `head` and goes on with a mebibyte of `filler` after the other, compressed to a kilobyte each, until it is hung up on. */
const endless =
  (head: string, filler: string): Handler =>
  (_, { response }) => {
    const mebibyte = gzipSync(filler.repeat((1 << 20) / filler.length));
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    Readable.from(
      (function* () {
        yield gzipSync(head);
        for (;;) yield mebibyte;
      })(),
    ).pipe(response);
  };

test.each([
  [
    'one text',
    '{"kind":"PodList","metadata":{},"items":[{"metadata":{"name":"',
    'x',
    'An object in the API server\'s answer to "list pods in namespace default" is larger than 16 MiB: it is not read.',
  ],
  [
    'lists in the list',
    '{"kind":"PodList"',
    ',"items":[],"n":[]',
    'An object in the API server\'s answer to "list pods in namespace default" is larger than 16 MiB: it is not read.',
  ],
  [
    'lists behind the list',
    '{"kind":"PodList","metadata":{},"items":[]}',
    '{"items":[]}',
    'An object in the API server\'s answer to "list pods in namespace default" is larger than 16 MiB: it is not read.',
  ],
  [
    'objects',
    '{"kind":"PodList","metadata":{},"items":[',
    '{"metadata":{"name":"pod"}},    ',
    'The API server\'s answer to "list pods in namespace default" has more than 200000 objects on a page: it is not read.',
  ],
])(
  'a compressed list that unpacks to %s without an end is reported, and hung up on',
  async (_, head, filler, message) => {
    await expect(listOf(endless(head, filler))).rejects.toMatchObject({ kind: 'protocol', message });
  },
  30_000,
);

test('a compressed object that unpacks without an end is reported, and hung up on', async () => {
  await using server = await apiServer(endless('{"metadata":{"name":"', 'x'));
  const client = await connectTo(server.url);
  await expect(client.get({ resource: PODS, namespace: 'default', name: 'big' })).rejects.toMatchObject({
    kind: 'protocol',
    message: `The API server at 127.0.0.1:${server.port} sent too much: the answer is larger than 16 MiB.`,
  });
}, 30_000);

test('objects that cannot be read are reported and left out until they can; the others come, and the watch goes on', async () => {
  await using server = await apiServer((call, answer) => {
    if (call.query.get('watch') === null)
      return answer.json({
        kind: 'PodList',
        metadata: { resourceVersion: '1' },
        items: [pod('a'), { kind: 'Pod', metadata: { name: 'odd' }, status: { containerStatuses: 5 } }, pod('b')],
      });
    answer.stream();
    answer.event('ADDED', { kind: 'Pod', metadata: { name: 'odd-too', resourceVersion: '2' }, status: { containerStatuses: 'none' } });
    answer.event('DELETED', { kind: 'Pod', metadata: { name: 'odd', resourceVersion: '3' }, status: { containerStatuses: 5 } });
    answer.event('MODIFIED', pod('odd-too'));
    answer.event('ADDED', pod('c'));
  });
  const client = await connectTo(server.url);
  const told: string[] = [];
  const odd: (Unreadable | undefined)[] = [];
  const ended = new AbortController();
  await client.listAndWatch(
    PODS,
    { namespace: 'default', signal: ended.signal },
    (raw) => {
      const { status } = raw as { readonly status: { readonly containerStatuses: readonly unknown[] } };
      status.containerStatuses.map((one) => one);
      return raw.metadata?.name ?? '';
    },
    {
      page: (names) => void told.push(...names),
      seen(names) {
        told.push(...names);
        if (names.includes('c')) ended.abort();
      },
      gone: () => undefined,
      status: () => undefined,
      unreadable: (objects) => void odd.push(objects),
    },
  );
  expect(told).toEqual(['a', 'b', 'odd-too', 'c']);
  const why = (name: string): string =>
    `The API server sent Pod ${name} in a shape that Kubernetes does not know. kubectl get with -o yaml shows it.`;
  expect(odd).toEqual([
    { count: 1, names: ['odd'], reason: why('odd') },
    { count: 2, names: ['odd', 'odd-too'], reason: why('odd') },
    { count: 1, names: ['odd-too'], reason: why('odd-too') },
    undefined,
  ]);
});
