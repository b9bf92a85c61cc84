import { afterEach, expect, test, vi } from 'vitest';
import type { LogView } from '../../../src/session/types.ts';
import { formatTime } from '../../../src/support/format.ts';
import { T } from '../build.ts';
import { FakeServers, rawPod, refused } from './fake-servers.ts';

let servers: FakeServers;
afterEach(() => servers.feeds[Symbol.asyncDispose]());

const texts = (view: LogView): readonly (string | undefined)[] => Array.from({ length: view.count }, (_, n) => view.line(n)?.text);
const linesOf = (pod: string): LogView => servers.feeds.logs.view([`c1-${pod}`], { timeline: false });
const followed = (): readonly string[] => servers.logs.filter(({ open }) => open).map(({ request }) => request.pod.slice('c1-'.length));

test('every pod is followed from its main container: older ones from their last lines, new ones from their first', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  servers.watch('pods').seen(rawPod('taskmanager-1-1', { createdAt: '2026-11-22T11:34:05Z' }));
  await servers.moment();
  expect(servers.log('c1-f647-x2b7k').request).toEqual({
    namespace: 'default',
    pod: 'c1-f647-x2b7k',
    container: 'flink-main-container',
    tailLines: 2_000,
  });
  expect(servers.log('c1-taskmanager-1-1').request).toEqual({
    namespace: 'default',
    pod: 'c1-taskmanager-1-1',
    container: 'flink-main-container',
  });
  expect(servers.session.sources.get('log:c1-f647-x2b7k')?.state).toBe('live');
});

test('a pod of the second in which drey began is followed from its first line: its stamp has no parts of a second', async () => {
  servers = new FakeServers();
  const createdAt = (at: number) => ({ createdAt: new Date(at).toISOString() });
  servers.watch('pods').list(rawPod('taskmanager-1-1', createdAt(T - 999)), rawPod('taskmanager-1-2', createdAt(T - 1_000)));
  await servers.moment();
  expect(servers.log('c1-taskmanager-1-1').request).not.toHaveProperty('tailLines');
  expect(servers.log('c1-taskmanager-1-2').request).toMatchObject({ tailLines: 2_000 });
});

test('a container that is not started yet has no log; it is followed when it is', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1', { running: false }), rawPod('taskmanager-1-2', { node: null }));
  await servers.moment();
  expect(servers.logs).toHaveLength(0);
  servers.watch('pods').seen(rawPod('taskmanager-1-1'));
  await servers.moment();
  expect(servers.logs).toHaveLength(1);
});

test('a container in a crash loop has the log of its last run', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1', { running: false, restarts: 5 }));
  await servers.moment();
  expect(servers.logs).toHaveLength(1);
});

test('the log of the container before stands in front of the one that runs', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1', { restarts: 1 }));
  await servers.moment();
  expect(servers.log('c1-taskmanager-1-1').request).toMatchObject({ previous: true, tailLines: 2_000 });
  servers.log('c1-taskmanager-1-1').lines([T, 'java.lang.OutOfMemoryError']);
  servers.log('c1-taskmanager-1-1').end();
  await servers.moment();
  expect(servers.log('c1-taskmanager-1-1').request).not.toHaveProperty('previous');
  servers.log('c1-taskmanager-1-1').lines([T + 1, 'Starting TaskManager']);
  await servers.moment(200);
  expect(texts(linesOf('taskmanager-1-1'))).toEqual(['java.lang.OutOfMemoryError', 'Starting TaskManager']);
  expect(servers.session.logs.get('c1-taskmanager-1-1')).toMatchObject({ ended: false });
});

test('a log of the container before that cannot be read does not hold up the one that runs', async () => {
  servers = new FakeServers();
  servers.logsAllowed = false;
  servers.watch('pods').list(rawPod('taskmanager-1-1', { restarts: 1 }));
  await servers.moment();
  servers.log('c1-taskmanager-1-1').status({ state: 'lost', problem: refused });
  await servers.moment();
  expect(servers.logs.map(({ request, open }) => [request.previous === true, open])).toEqual([
    [true, false],
    [false, true],
  ]);
});

test('lines are on the screen, and counted 25 times a second at most', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment(200);
  let told = 0;
  servers.store.subscribe((session, before) => void (told += Number(session.logs !== before.logs)));
  for (let n = 0; n < 50; n += 1) {
    servers.log('c1-f647-x2b7k').lines([T + n, `line ${n}`]);
    await servers.moment(20);
  }
  await servers.moment(200);
  expect(told).toBeLessThanOrEqual(26);
  expect(told).toBeGreaterThanOrEqual(15);
  expect(servers.session.logs.get('c1-f647-x2b7k')).toEqual({ lines: 50, bytes: 340, dropped: 0, ended: false });
  expect(texts(linesOf('f647-x2b7k'))).toHaveLength(50);
});

test('a TaskManager that is gone keeps its log', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'), rawPod('taskmanager-1-1'));
  await servers.moment();
  servers.log('c1-taskmanager-1-1').lines([T, 'Successful registration at resource manager']);
  servers.watch('pods').gone(rawPod('taskmanager-1-1'));
  servers.log('c1-taskmanager-1-1').lines([T + 1, 'Shutting down']);
  servers.log('c1-taskmanager-1-1').end();
  await servers.moment(200);
  expect(servers.session.gone.map(({ shortName, state }) => [shortName, state])).toEqual([['taskmanager-1-1', 'Gone']]);
  expect(texts(linesOf('taskmanager-1-1'))).toEqual(['Successful registration at resource manager', 'Shutting down']);
  expect(servers.session.logs.get('c1-taskmanager-1-1')).toMatchObject({ lines: 2, ended: true });
  expect(followed()).toEqual(['f647-x2b7k']);
});

test('a container that runs again is followed again, without repeating a line', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1'));
  await servers.moment();
  servers.log('c1-taskmanager-1-1').lines([T, 'one'], [T + 5, 'two'], [T + 5, 'three']);
  servers.log('c1-taskmanager-1-1').end();
  await servers.moment();
  servers.watch('pods').seen(rawPod('taskmanager-1-1'));
  servers.watch('pods').seen(rawPod('taskmanager-1-1', { running: false, restarts: 1 }));
  await servers.moment();
  expect(servers.logs).toHaveLength(1);
  servers.watch('pods').seen(rawPod('taskmanager-1-1', { restarts: 1, startedAt: '2026-11-22T11:34:30Z' }));
  await servers.moment();
  expect(servers.log('c1-taskmanager-1-1').request).toMatchObject({ previous: true, since: T + 5 });
  servers.log('c1-taskmanager-1-1').lines([T, 'one'], [T + 5, 'two'], [T + 5, 'three'], [T + 5, 'four']);
  servers.log('c1-taskmanager-1-1').end();
  await servers.moment();
  expect(servers.logs).toHaveLength(3);
  expect(servers.log('c1-taskmanager-1-1').request).toMatchObject({ since: T + 5 });
  servers.log('c1-taskmanager-1-1').lines([T + 8, 'five'], [T + 9, 'six']);
  expect(texts(linesOf('taskmanager-1-1'))).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  await servers.moment();
  expect(toldOfLogs()).toEqual([]);
});

test('another container is read from its last lines for as long as somebody looks at it, and nothing of it is among the logs of pods', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1'));
  await servers.moment();
  let news = 0;
  const log = servers.feeds.logs.container({ pod: 'c1-taskmanager-1-1', container: 'istio-proxy' }, () => (news += 1));
  const stream = servers.logs.at(-1);
  expect(stream?.request).toEqual({ namespace: 'default', pod: 'c1-taskmanager-1-1', container: 'istio-proxy', tailLines: 2_000 });
  stream?.lines([T, 'one'], [T + 1, 'two']);
  expect(texts(log.view({ timeline: false }))).toEqual(['one', 'two']);
  expect(log.state).toEqual({ kind: 'following' });
  expect(news).toBeGreaterThan(0);
  expect(texts(servers.feeds.logs.view('all', { timeline: false }))).toEqual([]);
  log[Symbol.dispose]();
  expect(stream?.open).toBe(false);
  expect(followed()).toEqual(['taskmanager-1-1']);
  const refusedLog = servers.feeds.logs.container({ pod: 'c1-taskmanager-1-1', container: 'x' }, () => {});
  servers.logs.at(-1)?.refuse();
  expect(refusedLog.state).toMatchObject({ kind: 'broken', reason: expect.stringContaining('get pods/log') });
});

test('what is not to be followed is not, and its lines stay', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1'));
  await servers.moment();
  servers.log('c1-taskmanager-1-1').lines([T, 'one']);
  servers.feeds.logs.unfollow('c1-taskmanager-1-1');
  servers.watch('pods').seen(rawPod('taskmanager-1-1', { restarts: 1, startedAt: '2026-11-22T11:34:30Z' }));
  await servers.moment();
  expect(followed()).toEqual([]);
  expect(texts(linesOf('taskmanager-1-1'))).toEqual(['one']);
  servers.feeds.logs.follow('c1-taskmanager-1-1');
  servers.feeds.logs.follow('c1-taskmanager-1-1');
  await servers.moment();
  expect(followed()).toEqual(['taskmanager-1-1']);
  servers.log('c1-taskmanager-1-1').lines([T, 'one'], [T + 1, 'two']);
  expect(texts(linesOf('taskmanager-1-1'))).toEqual(['one', 'two']);
});

test('of more logs than can be followed the JobManager and the youngest come first, and it is reported', async () => {
  servers = new FakeServers({ logs: { streams: 3 } });
  const pods = [1, 2, 3, 4, 5].map((n) => rawPod(`taskmanager-1-${n}`, { createdAt: `2026-11-22T10:00:0${n}Z` }));
  servers.watch('pods').list(...pods, rawPod('f647-x2b7k'));
  await servers.moment();
  expect([...followed()].toSorted()).toEqual(['f647-x2b7k', 'taskmanager-1-4', 'taskmanager-1-5']);
  expect(servers.session.timeline.map(({ text }) => text)).toEqual(['3 logs are followed, 3 are not: a log is followed when it is opened']);
});

test('a log that is opened takes the place of one that nobody asked for', async () => {
  servers = new FakeServers({ logs: { streams: 2 } });
  servers.watch('pods').list(...[1, 2, 3].map((n) => rawPod(`taskmanager-1-${n}`, { createdAt: `2026-11-22T10:00:0${n}Z` })));
  await servers.moment();
  expect([...followed()].toSorted()).toEqual(['taskmanager-1-2', 'taskmanager-1-3']);
  servers.log('c1-taskmanager-1-2').lines([T, 'kept']);
  linesOf('taskmanager-1-1');
  await servers.moment();
  expect([...followed()].toSorted()).toEqual(['taskmanager-1-1', 'taskmanager-1-3']);
  expect(texts(linesOf('taskmanager-1-2'))).toEqual(['kept']);
});

test('a place that gets free is taken', async () => {
  servers = new FakeServers({ logs: { streams: 1 } });
  servers.watch('pods').list(rawPod('taskmanager-1-1'), rawPod('taskmanager-1-2'));
  await servers.moment();
  const [first] = followed();
  servers.log(`c1-${first}`).end();
  await servers.moment();
  expect(followed()).toEqual([first === 'taskmanager-1-1' ? 'taskmanager-1-2' : 'taskmanager-1-1']);
});

test('a log that was asked for before its pod was there is followed when it comes', async () => {
  servers = new FakeServers({ logs: { automatic: false } });
  servers.feeds.logs.follow('c1-taskmanager-1-1');
  servers.watch('pods').list(rawPod('taskmanager-1-1'), rawPod('taskmanager-1-2'));
  await servers.moment();
  expect(followed()).toEqual(['taskmanager-1-1']);
});

test('logs that may not be read are reported as denied, and tried again on request', async () => {
  servers = new FakeServers();
  servers.logsAllowed = false;
  servers.watch('pods').list(rawPod('taskmanager-1-1'));
  await servers.moment();
  servers.log('c1-taskmanager-1-1').refuse();
  await servers.moment(200);
  expect(servers.session.sources.get('log:c1-taskmanager-1-1')).toMatchObject({
    state: 'denied',
    problem: { message: 'forbidden: get pods/log in default' },
  });
  expect(servers.session.logs.get('c1-taskmanager-1-1')?.ended).toBe(false);
  expect(servers.logs).toHaveLength(1);
  servers.feeds.refresh();
  await servers.moment();
  expect(servers.logs).toHaveLength(2);
});

test('when logs may not be read at all, a few are tried and not thousands', async () => {
  servers = new FakeServers({ logs: { streams: 2 } });
  servers.logsAllowed = false;
  servers.watch('pods').list(...Array.from({ length: 100 }, (_, n) => rawPod(`taskmanager-1-${n}`)));
  await servers.moment();
  for (let round = 0; round < 50; round += 1) {
    for (const log of servers.logs) if (log.open) log.refuse();
    await servers.moment();
  }
  expect(servers.logs.length).toBeLessThanOrEqual(6);
  const tried = servers.logs.length;
  servers.feeds.logs.follow('c1-taskmanager-1-50');
  await servers.moment();
  expect(servers.logs).toHaveLength(tried + 1);
});

test('a log that may not be read holds no place: another one is followed, and its own turn comes again', async () => {
  servers = new FakeServers({ logs: { streams: 2 } });
  servers.logsAllowed = false;
  servers.watch('pods').list(...[1, 2, 3, 4].map((n) => rawPod(`taskmanager-1-${n}`, { createdAt: `2026-11-22T10:00:0${n}Z` })));
  await servers.moment();
  servers.log('c1-taskmanager-1-4').refuse();
  servers.log('c1-taskmanager-1-3').refuse();
  await servers.moment();
  servers.log('c1-taskmanager-1-1').status({ state: 'live' });
  servers.log('c1-taskmanager-1-2').status({ state: 'live' });
  await servers.moment();
  expect([...followed()].toSorted()).toEqual(['taskmanager-1-1', 'taskmanager-1-2']);
  expect(servers.session.sources.get('log:c1-taskmanager-1-4')).toMatchObject({
    state: 'denied',
    nextTryAt: servers.clock.now() + 10_000 - 40,
  });
  // Tried again beside those that are read, which go on.
  await servers.moment(10_000);
  expect([...followed()].toSorted()).toEqual(['taskmanager-1-1', 'taskmanager-1-2', 'taskmanager-1-3', 'taskmanager-1-4']);
  servers.log('c1-taskmanager-1-3').refuse();
  servers.log('c1-taskmanager-1-4').status({ state: 'live' });
  await servers.moment();
  expect([...followed()].toSorted()).toEqual(['taskmanager-1-2', 'taskmanager-1-4']);
});

test('of a thousand logs that may not be read a few are tried every ten seconds; when one may be read, the places are taken at once', async () => {
  servers = new FakeServers({ logs: { streams: 50 } });
  servers.logsAllowed = false;
  servers.watch('pods').list(...Array.from({ length: 1_000 }, (_, n) => rawPod(`taskmanager-1-${n}`)));
  await servers.moment();
  const tried: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    const before = servers.logs.length;
    for (let turn = 0; turn < 10; turn += 1) {
      for (const log of servers.logs) if (log.open) log.refuse();
      await servers.moment(1_000);
    }
    tried.push(servers.logs.length - before);
  }
  expect(Math.max(...tried)).toBeLessThanOrEqual(10);
  expect(Math.min(...tried.slice(1))).toBeGreaterThan(0);
  const names = servers.logs.map(({ request }) => request.pod);
  expect(new Set(names).size).toBeGreaterThan(50);
  for (const log of servers.logs) if (log.open) log.refuse();
  servers.logsAllowed = true;
  await servers.moment(10_000);
  // A few begin in each turn of the event loop.
  await vi.waitFor(() => expect(followed()).toHaveLength(50));
});

test.each([0, 0.4])(
  'rights that are given back are noticed within ten seconds, without a key, where timers are %s ms early',
  async (early) => {
    servers = new FakeServers();
    const sleep = servers.clock.sleep.bind(servers.clock);
    servers.clock.sleep = (ms, signal) => sleep(ms - early, signal);
    servers.watch('pods').list(rawPod('f647-x2b7k'), rawPod('taskmanager-1-1'), rawPod('taskmanager-1-2'), rawPod('taskmanager-1-3'));
    await servers.moment();
    servers.log('c1-taskmanager-1-1').lines([T, 'one']);
    servers.logsAllowed = false;
    for (const log of servers.logs) log.refuse();
    await servers.moment();
    expect(followed()).toEqual([]);
    servers.logsAllowed = true;
    await servers.moment(10_001);
    expect(followed()).toHaveLength(4);
    expect(servers.session.sources.get('log:c1-taskmanager-1-1')?.state).toBe('live');
    servers.log('c1-taskmanager-1-1').lines([T, 'one'], [T + 1, 'two']);
    expect(texts(linesOf('taskmanager-1-1'))).toEqual(['one', 'two']);
  },
);

test('pods that went while the connection was lost are no longer waited for', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1'), rawPod('taskmanager-1-2'));
  await servers.moment();
  servers.watch('pods').list(rawPod('taskmanager-1-2'));
  servers.log('c1-taskmanager-1-1').end();
  await servers.moment(200);
  expect(servers.session.logs.get('c1-taskmanager-1-1')?.ended).toBe(true);
  expect(servers.logs).toHaveLength(2);
});

test('all logs are one view, with what happened between their lines', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'), rawPod('taskmanager-1-1'));
  await servers.moment();
  servers.log('c1-f647-x2b7k').lines([T - 2, 'first'], [T + 60_000, 'last']);
  servers.log('c1-taskmanager-1-1').lines([T - 1, 'second']);
  const all = servers.feeds.logs.view('all');
  servers.watch('pods').gone(rawPod('taskmanager-1-1'));
  await servers.moment(200);
  expect(texts(all)).toEqual(['first', 'second', 'pod taskmanager-1-1 gone', 'last']);
  expect(texts(servers.feeds.logs.view('all', { wanted: ({ text }) => text.endsWith('st'), timeline: false }))).toEqual(['first', 'last']);
});

test('logs begin a few a turn, and which comes first is known when all pods are: the JobManager, whatever is asked for, the younger', async () => {
  servers = new FakeServers({ logs: { streams: 10 } });
  const pods = (from: number, count: number): readonly object[] =>
    Array.from({ length: count }, (_, n) =>
      rawPod(`taskmanager-1-${from + n}`, { createdAt: new Date(T + (from + n) * 1_000).toISOString() }),
    );
  servers.watch('pods').page(pods(0, 500), { first: true, last: false });
  servers.feeds.logs.follow('c1-taskmanager-1-7');
  await servers.moment();
  expect(followed()).toEqual(['taskmanager-1-7']);
  servers.watch('pods').page([...pods(500, 500), rawPod('f647-x2b7k')], { first: false, last: true });
  expect(followed()).toHaveLength(1);
  const steps: number[] = [];
  while (followed().length < 10) {
    await new Promise((resolve) => setImmediate(resolve));
    steps.push(followed().length);
  }
  expect(Math.max(...steps.map((count, n) => count - (steps[n - 1] ?? 1)))).toBeLessThanOrEqual(4);
  expect(followed()).toEqual(['taskmanager-1-7', 'f647-x2b7k', ...Array.from({ length: 8 }, (_, n) => `taskmanager-1-${999 - n}`)]);
  await servers.moment();
  expect(servers.session.timeline.map(({ text }) => text)).toEqual([
    '10 logs are followed, 991 are not: a log is followed when it is opened',
  ]);
});

test('lines are read as the logging file of the cluster says they are written, those as well that came before it was known', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment();
  servers.log('c1-f647-x2b7k').lines([T, 'first failure | a.B | ERROR'], [T, '\tat x.y(Z.java)']);
  const view = linesOf('f647-x2b7k');
  expect(view.count).toBe(2);
  expect(view.line(0)).toMatchObject({ level: undefined, begins: false });
  servers.store.tell([{ kind: 'log-patterns', at: T, patterns: ['%m | %c | %p'] }]);
  servers.log('c1-f647-x2b7k').lines([T, 'second | a.B | WARN']);
  expect(view.count).toBe(3);
  expect([0, 1, 2].map((index) => view.line(index)?.level)).toEqual(['ERROR', 'ERROR', 'WARN']);
  expect([0, 1, 2].map((index) => view.line(index)?.begins)).toEqual([true, false, true]);
  expect(view.reader.head(view.line(2)?.text ?? '')).toMatchObject({ level: 'WARN', logger: 'a.B', message: 'second' });
});

const toldOfLogs = () =>
  servers.session.timeline.filter(({ from }) => from === 'drey').map(({ at, subject, text }) => ({ at: at - T, subject, text }));

test('a log that breaks and goes on says so at the place where it broke, in its own log only', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1'), rawPod('taskmanager-1-2'));
  await servers.moment();
  const log = servers.log('c1-taskmanager-1-1');
  const begin = servers.clock.now() - T;
  log.lines([T + begin, 'before']);
  servers.log('c1-taskmanager-1-2').lines([T + begin, 'another']);
  log.status({ state: 'stale', heardAt: T + begin });
  await servers.moment(20_000);
  log.status({ state: 'lost', problem: refused });
  await servers.moment(6_000);
  log.status({ state: 'live' });
  log.lines([T + begin + 1, 'after']);
  await servers.moment(1_000);
  await servers.moment();
  const text = 'the log of taskmanager-1-1 was not read for 26 s; it goes on from its last line';
  expect(toldOfLogs()).toEqual([{ at: begin, subject: 'c1-taskmanager-1-1', text }]);
  const view = (pod: string) => texts(servers.feeds.logs.view([`c1-${pod}`], { timeline: ['drey'] }));
  expect(view('taskmanager-1-1')).toEqual(['before', text, 'after']);
  expect(view('taskmanager-1-2')).toEqual(['another']);
});

test('a log that goes on without its last line says in its place that lines may be missing', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1'));
  await servers.moment();
  const log = servers.log('c1-taskmanager-1-1');
  const begin = servers.clock.now() - T;
  log.lines([T + begin, 'before']);
  log.status({ state: 'lost', problem: refused });
  await servers.moment(26_000);
  log.status({ state: 'live' });
  log.missing(T + begin, T + begin + 20_000);
  log.lines([T + begin + 20_000, 'after']);
  await servers.moment(2_000);
  const [from, to] = [begin, begin + 20_000].map((at) => formatTime(T + at));
  const text = `Lines of taskmanager-1-1 between ${from} and ${to} may be missing: its node no longer has the last line that was read.`;
  expect(toldOfLogs()).toEqual([{ at: begin, subject: 'c1-taskmanager-1-1', text }]);
  expect(texts(servers.feeds.logs.view(['c1-taskmanager-1-1'], { timeline: ['drey'] }))).toEqual(['before', text, 'after']);
});

test('logs that break together are one line, and one that was not read before or broke for a moment only is none', async () => {
  servers = new FakeServers();
  servers.logsAllowed = false;
  servers.watch('pods').list(...[1, 2, 3].map((number) => rawPod(`taskmanager-1-${number}`)));
  await servers.moment();
  const logs = [1, 2, 3].map((number) => servers.log(`c1-taskmanager-1-${number}`));
  for (const log of logs) log.status({ state: 'lost', problem: refused });
  await servers.moment(5_000);
  for (const log of logs) log.status({ state: 'live' });
  await servers.moment(500);
  logs[0]?.status({ state: 'lost', problem: refused });
  await servers.moment(500);
  logs[0]?.status({ state: 'live' });
  await servers.moment(2_000);
  expect(toldOfLogs()).toEqual([]);
  for (const log of logs) log.status({ state: 'lost', problem: refused });
  await servers.moment(3_000);
  for (const log of logs) log.status({ state: 'live' });
  await servers.moment(1_000);
  await servers.moment();
  expect(toldOfLogs().map(({ subject, text }) => [subject, text])).toEqual([
    [undefined, 'the logs of 3 pods were not read for up to 3 s; they go on from their last lines'],
  ]);
});
