import { expect, onTestFinished, test } from 'vitest';
import { liveness } from '../../src/kubernetes/watch/liveness.ts';
import { PODS } from '../../src/kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../src/kubernetes/model/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { apiServer, pod, type Answer, type ApiServer, type Handler } from './api-server.ts';
import { connectTo } from './connect-to.ts';
import { FakeClock, seen } from '../support/fake-clock.ts';
import { reason, watchSink, type KeptWatch } from './sinks.ts';

interface Watching {
  readonly server: ApiServer;
  readonly client: KubernetesClient;
  readonly clock: FakeClock;
  readonly sink: KeptWatch<string>;
  readonly ended: Promise<void>;
  readonly abort: AbortController;
}

/** Lists and watches the pods of `orders` until the test is over. */
async function watching(handler: Handler): Promise<Watching> {
  const server = await apiServer(handler);
  const clock = new FakeClock();
  const client = await connectTo(server.url, {}, { clock });
  const sink = watchSink();
  const abort = new AbortController();
  const ended = client.listAndWatch(PODS, { namespace: 'orders', signal: abort.signal }, (raw) => raw.metadata?.name ?? '', sink);
  onTestFinished(async () => {
    abort.abort();
    await ended;
    await server.stop();
  });
  return { server, client, clock, sink, ended, abort };
}

const list = (resourceVersion: string, ...names: readonly string[]): object => ({
  metadata: { resourceVersion },
  items: names.map((name) => pod(name, '1')),
});
const isWatch = (query: URLSearchParams): boolean => query.get('watch') === '1';
const versions = (server: ApiServer): (string | null)[] =>
  server.calls
    .map((call) => new URL(call.slice(4), 'http://x').searchParams)
    .filter(isWatch)
    .map((query) => query.get('resourceVersion'));
/** No probe is under way, but a pause between probes: the answer comes over a real network, and would be late if the clock went on. */
const noProbe = ({ clock }: Watching): Promise<void> => seen(() => clock.waits.some((wait) => wait <= 1_000));

/** Waits for the announced next try, and lets it begin. */
async function nextTry({ sink, clock }: Watching): Promise<void> {
  const last = sink.statuses.at(-1);
  if (!last || !('nextTryAt' in last) || last.nextTryAt === undefined) throw new Error('no next try was announced');
  await clock.advance(last.nextTryAt - clock.now());
}

test('a list comes in pages, and what happens then as it happens', async () => {
  const streams: Answer[] = [];
  const { server, sink } = await watching(({ query }, answer) => {
    if (isWatch(query)) {
      answer.stream();
      streams.push(answer);
    } else if (query.get('continue') === null)
      answer.json({ metadata: { resourceVersion: '10', continue: 'more' }, items: [pod('a', '1'), pod('b', '2')] });
    else answer.json(list('10', 'c'));
  });
  await seen(() => streams.length === 1);
  streams[0]?.write(
    [
      ['ADDED', pod('d', '11')],
      ['MODIFIED', pod('a', '12')],
      ['DELETED', pod('b', '13')],
      ['ADDED', pod('b', '14')],
    ]
      .map(([type, object]) => `${JSON.stringify({ type, object })}\n`)
      .join(''),
  );
  await seen(() => sink.told.length === 7);
  expect(sink.told).toEqual(['connecting', 'page a b first', 'page c last', 'live', 'seen d a', 'gone b', 'seen b']);
  expect(server.calls.map((call) => call.replace(/timeoutSeconds=\d+/, 'timeoutSeconds=N'))).toEqual([
    'GET /api/v1/namespaces/orders/pods?limit=500',
    'GET /api/v1/namespaces/orders/pods?limit=500&continue=more',
    'GET /api/v1/namespaces/orders/pods?watch=1&resourceVersion=10&allowWatchBookmarks=true&timeoutSeconds=N',
  ]);
});

test('a stream that breaks is resumed where it was, bookmarks included', async () => {
  const streams: Answer[] = [];
  const all = await watching(({ query }, answer) => {
    if (!isWatch(query)) return answer.json(list('10', 'a'));
    answer.stream();
    streams.push(answer);
  });
  await seen(() => streams.length === 1);
  streams[0]?.event('ADDED', pod('b', '11'));
  streams[0]?.event('BOOKMARK', { metadata: { resourceVersion: '20' } });
  await seen(() => all.sink.names.has('b'));
  streams[0]?.reset();
  await seen(() => all.sink.statuses.at(-1)?.state === 'lost');
  expect(reason(all.sink.statuses)).toContain('broke the connection');
  await nextTry(all);
  await seen(() => streams.length === 2);
  streams[1]?.event('ADDED', pod('c', '21'));
  await seen(() => all.sink.names.has('c'));
  expect(versions(all.server)).toEqual(['10', '20']);
  expect(all.sink.told.filter((told) => told.startsWith('page'))).toHaveLength(1);
  expect(all.sink.statuses.at(-1)).toEqual({ state: 'live' });
});

test('a server that ends every stream in good order after five seconds goes unnoticed', async () => {
  const streams: Answer[] = [];
  const { clock, sink, server } = await watching(({ query }, answer) => {
    if (!isWatch(query)) return answer.json(list('10'));
    answer.stream();
    streams.push(answer);
  });
  for (let round = 1; round <= 5; round++) {
    await seen(() => streams.length === round);
    streams[round - 1]?.event('ADDED', pod(`p${round}`, String(10 + round)));
    await seen(() => sink.names.has(`p${round}`));
    await clock.advance(3_000);
    streams[round - 1]?.end();
  }
  await seen(() => streams.length === 6);
  expect(versions(server)).toEqual(['10', '11', '12', '13', '14', '15']);
  expect(sink.statuses).toEqual([{ state: 'connecting' }, { state: 'live' }]);
});

test('a server that ends every stream at once is not asked without a pause', async () => {
  const all = await watching(({ query }, answer) => {
    if (!isWatch(query)) return answer.json(list('10'));
    answer.stream();
    answer.end();
  });
  await seen(() => versions(all.server).length === 1 && all.clock.waits.includes(250));
  await all.clock.advance(250);
  await seen(() => versions(all.server).length === 2 && all.clock.waits.includes(500));
  expect(all.sink.statuses.some(({ state }) => state === 'denied')).toBe(false);
});

test.each(['as a status', 'as an event'])('an expired resource version (410 %s) leads to a new list', async (how) => {
  let lists = 0;
  const all = await watching(({ query }, answer) => {
    if (!isWatch(query)) return answer.json(++lists === 1 ? list('10', 'a', 'b') : list('99', 'b', 'c'));
    if (query.get('resourceVersion') === '99') return answer.stream();
    if (how === 'as a status') return answer.fail(410, 'too old resource version: 10 (90)');
    answer.stream();
    answer.event('ERROR', {
      kind: 'Status',
      status: 'Failure',
      reason: 'Expired',
      code: 410,
      message: 'too old resource version: 10 (90)',
    });
    answer.end();
  });
  await seen(() => all.clock.waits.includes(250));
  await all.clock.advance(250);
  await seen(() => versions(all.server).includes('99'));
  expect([...all.sink.names]).toEqual(['b', 'c']);
  expect(all.sink.statuses.some(({ state }) => state === 'lost')).toBe(false);
});

test('a server that lets every version expire is listed anew at once, and then at growing intervals', async () => {
  const all = await watching(({ query }, answer) =>
    isWatch(query) ? answer.fail(410, 'too old resource version') : answer.json(list('10', 'a')),
  );
  for (const wait of [250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]) {
    await seen(() => all.clock.waits.includes(wait));
    const before = versions(all.server).length;
    await all.clock.advance(wait);
    await seen(() => versions(all.server).length > before);
  }
});

test('a list whose continue token expired begins again, without pages', async () => {
  const { sink, server } = await watching(({ query }, answer) => {
    if (isWatch(query)) return answer.stream();
    if (query.get('limit') === null) return answer.json(list('11', 'x', 'y'));
    if (query.get('continue') === null)
      return answer.json({ metadata: { resourceVersion: '10', continue: 'more' }, items: [pod('a', '1')] });
    answer.fail(410, 'The provided continue parameter is too old');
  });
  await seen(() => versions(server).length === 1);
  expect(sink.told).toEqual(['connecting', 'page a first', 'page x y first last', 'live']);
});

test.each(['reset', 'end'] as const)('a list that is cut off half-way by %s is not taken for the whole', async (how) => {
  let lists = 0;
  const all = await watching(({ query }, answer) => {
    if (isWatch(query)) return answer.stream();
    if (++lists > 1) return answer.json(list('10', 'a', 'b'));
    answer.stream();
    answer.write(JSON.stringify(list('10', 'a', 'b')).slice(0, -20));
    answer[how]();
  });
  await seen(() => all.sink.statuses.at(-1)?.state === 'lost');
  expect(all.sink.told.some((told) => told.startsWith('page'))).toBe(false);
  await nextTry(all);
  await seen(() => all.sink.names.size === 2);
});

test.each([
  [429, {}],
  [500, {}],
  [503, {}],
])('a server that answers %i is asked again, ever more slowly, and recovers', async (code) => {
  let well = false;
  const all = await watching(({ query }, answer) => {
    if (!well) return answer.fail(code, 'not now');
    if (isWatch(query)) return answer.stream();
    answer.json(list('10', 'a'));
  });
  const pauses: number[] = [];
  for (let round = 1; round <= 4; round++) {
    await seen(() => all.sink.statuses.filter(({ state }) => state === 'lost').length === round);
    const last = all.sink.statuses.at(-1);
    pauses.push((last && 'nextTryAt' in last ? (last.nextTryAt ?? 0) : 0) - all.clock.now());
    if (round === 4) well = true;
    await nextTry(all);
  }
  expect(pauses).toEqual([250, 500, 1_000, 2_000]);
  await seen(() => all.sink.statuses.at(-1)?.state === 'live');
});

test('a server that refuses the credentials and wants not to be asked for months is asked again within five minutes', async () => {
  const all = await watching((_, answer) => answer.fail(401, 'no', { 'Retry-After': '9999999' }));
  await seen(() => all.sink.statuses.at(-1)?.state === 'denied');
  expect(all.sink.statuses.at(-1)).toMatchObject({ nextTryAt: all.clock.now() + 300_000 });
});

test.each([
  ['5', 5_000],
  ['86400', 30_000],
  ['9'.repeat(24), 30_000],
  ['-1', 250],
  ['NaN', 250],
  ['', 250],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 250],
])('a server that is away and says "Retry-After: %s" is asked again after %i ms', async (header, ms) => {
  const all = await watching((_, answer) => answer.fail(503, 'not now', { 'Retry-After': header }));
  await seen(() => all.sink.statuses.at(-1)?.state === 'lost');
  expect(all.sink.statuses.at(-1)).toMatchObject({ nextTryAt: all.clock.now() + ms });
});

test('a server that goes away is reported at once, is not asked without a pause, and is back by itself', async () => {
  const streams: Answer[] = [];
  const all = await watching(({ query }, answer) => {
    if (!isWatch(query)) return answer.json(list('10', 'a'));
    answer.stream();
    streams.push(answer);
  });
  await seen(() => streams.length === 1);
  await all.server.stop();
  await seen(() => all.sink.statuses.at(-1)?.state === 'lost');
  for (let round = 0; round < 12; round++) {
    const before = all.sink.statuses.length;
    await nextTry(all);
    await seen(() => all.sink.statuses.length > before);
  }
  expect(reason(all.sink.statuses)).toContain('refuses connections (ECONNREFUSED)');
  const last = all.sink.statuses.at(-1);
  expect(last && 'nextTryAt' in last ? (last.nextTryAt ?? 0) - all.clock.now() : 0).toBe(10_000);
  await all.server.restart();
  await nextTry(all);
  await seen(() => streams.length === 2);
  expect(all.sink.statuses.at(-1)).toEqual({ state: 'live' });
  expect(versions(all.server)).toEqual(['10', '10']);
});

test('"try again now" does not wait for the next try', async () => {
  const all = await watching((_, answer) =>
    answer.fail(403, 'pods is forbidden: User "viewer" cannot list resource "pods" in API group "" in the namespace "orders"'),
  );
  await seen(() => all.sink.statuses.at(-1)?.state === 'denied');
  expect(reason(all.sink.statuses)).toBe('forbidden: list pods in namespace orders (User "viewer").');
  expect(all.sink.statuses.at(-1)).toMatchObject({ nextTryAt: all.clock.now() + 10_000 });
  all.server.handle(({ query }, answer) => (isWatch(query) ? answer.stream() : answer.json(list('10', 'a'))));
  all.client.retryNow();
  await seen(() => all.sink.statuses.at(-1)?.state === 'live');
});

test('a server that hangs is reported within ten seconds, and its streams are opened anew when it is back', async () => {
  const streams: Answer[] = [];
  const all = await watching(({ path, query }, answer) => {
    if (path === '/version') return answer.json({ gitVersion: 'v1' });
    if (!isWatch(query)) return answer.json(list('10', 'a'));
    answer.stream();
    streams.push(answer);
  });
  await seen(() => streams.length === 1 && all.sink.statuses.at(-1)?.state === 'live');
  all.server.pause();
  const start = all.clock.now();
  while (all.sink.statuses.at(-1)?.state !== 'stale') await all.clock.advance(500);
  expect(all.clock.now() - start).toBeLessThanOrEqual(5_000);
  expect(all.sink.statuses.at(-1)).toEqual({ state: 'stale', heardAt: expect.closeTo(start, -3) });
  while (reason(all.sink.statuses) === undefined) await all.clock.advance(500);
  expect(all.clock.now() - start).toBeLessThanOrEqual(10_000);
  expect(reason(all.sink.statuses)).toMatch(/has not answered\.$/);
  all.server.resume();
  const back = all.clock.now();
  while (streams.length === 1) await all.clock.advance(500);
  expect(all.clock.now() - back).toBeLessThan(10_000);
  await seen(() => all.sink.statuses.at(-1)?.state === 'live');
  expect(versions(all.server)).toEqual(['10', '10']);
});

test('a quiet server that answers the probe stays live, on the same stream', async () => {
  const streams: Answer[] = [];
  const all = await watching(({ path, query }, answer) => {
    if (path === '/version') return answer.json({ gitVersion: 'v1' });
    if (!isWatch(query)) return answer.json(list('10', 'a'));
    answer.stream();
    streams.push(answer);
  });
  await seen(() => streams.length === 1);
  const probes = (): number => all.server.calls.filter((call) => call === 'GET /version').length;
  for (let round = 1; round <= 10; round++) {
    while (probes() < round) {
      await all.clock.advance(500);
      await noProbe(all);
    }
  }
  expect(all.sink.statuses).toEqual([{ state: 'connecting' }, { state: 'live' }]);
  expect(streams).toHaveLength(1);
});

test('a server that is only slow is overdue until it is heard, on the same stream', async () => {
  const streams: Answer[] = [];
  const probes: Answer[] = [];
  const all = await watching(({ path, query }, answer) => {
    if (path === '/version') return void probes.push(answer);
    if (!isWatch(query)) return answer.json(list('10', 'a'));
    answer.stream();
    streams.push(answer);
  });
  await seen(() => streams.length === 1);
  while (all.sink.statuses.at(-1)?.state !== 'stale') await all.clock.advance(500);
  await seen(() => probes.length === 1);
  probes[0]?.json({ gitVersion: 'v1' });
  await seen(() => all.sink.statuses.at(-1)?.state === 'live');
  expect(all.sink.statuses.map(({ state }) => state)).toEqual(['connecting', 'live', 'stale', 'live']);
  expect(streams).toHaveLength(1);
});

test('a server that cannot be asked, for the credentials ran out, is not said to live', async () => {
  const clock = new FakeClock();
  const told: string[] = [];
  let asked = 0;
  const watched = liveness(
    {
      server: 'https://api:6443',
      lastHeard: () => 0,
      dropIdle: () => void told.push('dropped'),
      async request() {
        asked++;
        throw new Problem('unauthorized', 'The credential plug-in failed.');
      },
    },
    clock,
  );
  onTestFinished(() => watched.close());
  watched.add({
    overdue: (_, problem) => void told.push(`overdue ${problem?.message ?? ''}`),
    heard: () => void told.push('heard'),
    reopen: () => void told.push('reopened'),
  });
  for (let at = 0; at < 10_000; at += 500) await clock.advance(500);
  expect(asked).toBeGreaterThan(1);
  expect(told).toEqual(['overdue ']);
});

test('a server that answers over new connections only gets new streams: the kept connections are dropped after the first question', async () => {
  const clock = new FakeClock();
  const told: string[] = [];
  let heard = 0;
  let kept = true;
  const watched = liveness(
    {
      server: 'https://api:6443',
      lastHeard: () => heard,
      dropIdle() {
        kept = false;
        told.push('dropped');
      },
      async request<T>() {
        told.push('asked');
        if (kept) throw new Problem('unreachable', 'It has not answered.');
        heard = clock.monotonic();
        return undefined as T;
      },
    },
    clock,
  );
  onTestFinished(() => watched.close());
  watched.add({
    overdue: () => {},
    heard: () => {},
    reopen: () => void told.push('reopened'),
  });
  while (!told.includes('reopened')) await clock.advance(500);
  expect(told).toEqual(['asked', 'dropped', 'asked', 'dropped', 'reopened']);
});

test('after this machine slept, streams are opened anew at once', async () => {
  const streams: Answer[] = [];
  const all = await watching(({ query }, answer) => {
    if (!isWatch(query)) return answer.json(list('10', 'a'));
    answer.stream();
    streams.push(answer);
  });
  await seen(() => streams.length === 1);
  all.clock.jump(3_600_000);
  await all.clock.advance(1_000);
  await seen(() => streams.length === 2);
  expect(all.sink.statuses).toEqual([{ state: 'connecting' }, { state: 'live' }]);
});

test('a stream that outlives the time it was given is dead, and is opened anew', async () => {
  const streams: Answer[] = [];
  const all = await watching(({ path, query }, answer) => {
    if (path === '/version') return answer.json({ gitVersion: 'v1' });
    if (!isWatch(query)) return answer.json(list('10', 'a'));
    answer.stream();
    streams.push(answer);
  });
  await seen(() => streams.length === 1);
  const start = all.clock.now();
  while (streams.length === 1) {
    await all.clock.advance(1_000);
    await noProbe(all);
  }
  expect(all.clock.now() - start).toBeGreaterThan(300_000);
  expect(all.sink.statuses).toEqual([{ state: 'connecting' }, { state: 'live' }]);
});

test('when it is ended, its connections end', async () => {
  let closed = 0;
  const { sink, abort, ended } = await watching(({ query, request }, answer) => {
    if (!isWatch(query)) return answer.json(list('10', 'a'));
    request.on('close', () => closed++);
    answer.stream();
  });
  await seen(() => sink.statuses.at(-1)?.state === 'live');
  abort.abort();
  await ended;
  await seen(() => closed > 0);
  expect(closed).toBe(1);
});

test('watch events are the same wherever the stream is cut', async () => {
  const bytes = Buffer.from(
    [
      ['ADDED', pod('ä▶🐿', '11')],
      ['DELETED', pod('b', '12')],
      ['BOOKMARK', { metadata: { resourceVersion: '13' } }],
      ['MODIFIED', pod('c', '14')],
    ]
      .map(([type, object]) => `${JSON.stringify({ type, object })}\n`)
      .join(''),
  );
  const streams: Answer[] = [];
  const { sink, clock } = await watching(({ query }, answer) => {
    if (!isWatch(query)) return answer.json(list('10', 'b'));
    answer.stream();
    streams.push(answer);
  });
  for (let cut = 1; cut < bytes.length; cut++) {
    await seen(() => streams.length === cut);
    const before = sink.told.length;
    streams[cut - 1]?.write(bytes.subarray(0, cut));
    await new Promise<void>((resolve) => setImmediate(resolve));
    streams[cut - 1]?.write(bytes.subarray(cut));
    await seen(() => sink.told.length === before + 3);
    expect(sink.told.slice(before)).toEqual(['seen ä▶🐿', 'gone b', 'seen c']);
    await clock.advance(3_000);
    streams[cut - 1]?.end();
  }
});
