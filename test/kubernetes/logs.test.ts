import { expect, onTestFinished, test } from 'vitest';
import type { KubernetesClient, LogRequest } from '../../src/kubernetes/model/types.ts';
import { apiServer, type Answer, type ApiServer, type Handler } from './api-server.ts';
import { connectTo } from './connect-to.ts';
import { FakeClock, seen } from '../support/fake-clock.ts';
import { logSink, reason, type KeptLog } from './sinks.ts';

/** A container's log file, and what its kubelet answers. */
class Kubelet {
  readonly lines: { readonly stamp: string; readonly second: number; readonly text: string }[] = [];
  readonly streams: { readonly answer: Answer; sent: number; readonly second: number }[] = [];
  readonly queries: URLSearchParams[] = [];
  previous: string[] = [];
  container: object = running('c1');
  spec: object = { restartPolicy: 'Always', containers: [{ name: 'main' }] };
  missing = false;
  refusal: { readonly code: number; readonly message: string } | undefined;

  /** Adds lines a millisecond apart; several seconds pass in a long log. */
  write(...texts: readonly string[]): void {
    for (const text of texts) {
      const ms = this.lines.length * 130;
      const stamp = new Date(Date.UTC(2026, 10, 22, 11, 34, 0, ms)).toISOString().replace('Z', '000000Z');
      this.lines.push({ stamp, second: Math.floor(Date.parse(stamp) / 1_000), text });
    }
    for (const stream of this.streams) this.#send(stream);
  }

  #send(stream: { readonly answer: Answer; sent: number; readonly second: number }): void {
    for (; stream.sent < this.lines.length; stream.sent++) {
      const line = this.lines[stream.sent];
      if (line && line.second >= stream.second) stream.answer.write(`${line.stamp} ${line.text}\n`);
    }
  }

  get handler(): Handler {
    return ({ path, query }, answer) => {
      if (path === '/version') return answer.json({ gitVersion: 'v1' });
      if (!path.endsWith('/log')) {
        return this.missing
          ? answer.fail(404, 'pods "p" not found')
          : answer.json({
              metadata: { name: 'p', uid: 'u1' },
              spec: this.spec,
              status: { phase: 'Running', containerStatuses: [this.container] },
            });
      }
      this.queries.push(query);
      if (this.missing) return answer.fail(404, 'pods "p" not found');
      if (this.refusal) return answer.fail(this.refusal.code, this.refusal.message);
      answer.stream({ 'Content-Type': 'text/plain' });
      if (query.get('previous') === 'true') {
        for (const line of this.previous) answer.write(`${line}\n`);
        return answer.end();
      }
      const since = query.get('sinceTime');
      const tail = query.get('tailLines');
      const stream = {
        answer,
        sent: tail === null ? 0 : Math.max(this.lines.length - Number(tail), 0),
        second: since === null ? 0 : Date.parse(since) / 1_000,
      };
      this.#send(stream);
      if (query.get('follow') === 'true' && 'state' in this.container && 'running' in (this.container.state as object))
        this.streams.push(stream);
      else answer.end();
    };
  }

  /** What becomes of the streams that are open. */
  cut(how: 'end' | 'reset', half?: string): void {
    for (const { answer } of this.streams.splice(0)) {
      if (half !== undefined) answer.write(half);
      answer[how]();
    }
  }
}

const running = (id: string, restartCount = 0): object => ({ name: 'main', containerID: id, restartCount, state: { running: {} } });
const crashed = (id: string, restartCount = 0): object => ({
  name: 'main',
  containerID: id,
  restartCount,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { containerID: id } },
});
const done = (id: string): object => ({
  name: 'main',
  containerID: id,
  restartCount: 0,
  state: { terminated: { containerID: id, exitCode: 0 } },
});

interface Following {
  readonly server: ApiServer;
  readonly client: KubernetesClient;
  readonly kubelet: Kubelet;
  readonly clock: FakeClock;
  readonly sink: KeptLog;
  readonly ended: Promise<void>;
}

async function following(kubelet: Kubelet, more: Partial<LogRequest> = {}): Promise<Following> {
  const server = await apiServer(kubelet.handler);
  const clock = new FakeClock();
  const client = await connectTo(server.url, {}, { clock });
  const sink = logSink();
  const abort = new AbortController();
  const ended = client.followLog({ namespace: 'orders', pod: 'p', ...more }, sink, abort.signal);
  onTestFinished(async () => {
    abort.abort();
    await ended;
    await server.stop();
  });
  return { server, client, kubelet, clock, sink, ended };
}

/** The wait between two tries is over. */
async function nextTry({ clock }: Following): Promise<void> {
  await seen(() => clock.waits.some((wait) => wait > 1_000 || [250, 500, 1_000].includes(wait)));
  await clock.advance(1_000);
}

const looked = ({ server }: Following): Promise<void> => seen(() => server.calls.includes('GET /api/v1/namespaces/orders/pods/p'));

test('a log is followed with the stamps of the kubelet', async () => {
  const kubelet = new Kubelet();
  kubelet.write('one', 'two');
  const all = await following(kubelet, { container: 'main', tailLines: 1 });
  await seen(() => kubelet.streams.length === 1);
  kubelet.write('three');
  await seen(() => all.sink.texts.length === 2);
  expect(all.sink.texts).toEqual(['two', 'three']);
  expect(all.sink.stamps).toEqual([Date.UTC(2026, 10, 22, 11, 34, 0, 130), Date.UTC(2026, 10, 22, 11, 34, 0, 260)]);
  expect(all.server.calls[0]).toBe('GET /api/v1/namespaces/orders/pods/p/log?container=main&follow=true&timestamps=true&tailLines=1');
});

test.each(['reset', 'end'] as const)(
  'no line is lost or repeated when the stream ends by %s, again and again, in the middle of a line',
  async (how) => {
    const kubelet = new Kubelet();
    const all = await following(kubelet);
    const expected: string[] = [];
    for (let round = 1; round <= 12; round++) {
      await seen(() => kubelet.streams.length === 1);
      const texts = Array.from({ length: 5 }, (_, i) => `line ${round}.${i}`);
      kubelet.write(...texts);
      expected.push(...texts);
      await seen(() => all.sink.texts.length >= expected.length);
      await all.clock.advance(3_000);
      kubelet.cut(how, '2026-11-22T11:39:00.000000000Z half a li');
      kubelet.write(`missed ${round}`);
      expected.push(`missed ${round}`);
      if (how === 'reset') await nextTry(all);
    }
    await seen(() => all.sink.texts.length >= expected.length);
    expect(all.sink.texts).toEqual(expected);
    expect(kubelet.queries.at(-1)?.get('sinceTime')).toMatch(/^2026-11-22T11:34:\d\dZ$/);
    expect(kubelet.queries.at(-1)?.has('tailLines')).toBe(false);
  },
);

test('a log that ends while the container runs is opened again without a word', async () => {
  const kubelet = new Kubelet();
  kubelet.write('one');
  const all = await following(kubelet);
  await seen(() => all.sink.texts.length === 1);
  await looked(all);
  await all.clock.advance(3_000);
  kubelet.cut('end');
  await seen(() => kubelet.streams.length === 1);
  kubelet.write('two');
  await seen(() => all.sink.texts.length === 2);
  expect(all.sink.statuses).toEqual([{ state: 'connecting' }, { state: 'live' }]);
});

test('a container that ended for good ends the log, with its last words', async () => {
  const kubelet = new Kubelet();
  kubelet.spec = { restartPolicy: 'Never', containers: [{ name: 'main' }] };
  kubelet.write('one');
  const all = await following(kubelet);
  await seen(() => all.sink.texts.length === 1);
  await looked(all);
  kubelet.container = done('c1');
  kubelet.lines.push({ stamp: '2026-11-22T11:34:01.000000000Z', second: Date.UTC(2026, 10, 22, 11, 34, 1) / 1_000, text: 'last words' });
  kubelet.cut('end');
  await all.ended;
  expect(all.sink.texts).toEqual(['one', 'last words']);
  expect(all.sink.statuses.at(-1)).toEqual({ state: 'ended' });
});

test('a pod that is gone ends the log', async () => {
  const kubelet = new Kubelet();
  kubelet.write('one');
  const all = await following(kubelet);
  await seen(() => all.sink.texts.length === 1);
  await looked(all);
  kubelet.missing = true;
  kubelet.cut('end');
  await all.ended;
  expect(all.sink.statuses.at(-1)).toEqual({ state: 'ended' });
});

test('a container that is started anew goes on with its new log, after the end of the old one', async () => {
  const kubelet = new Kubelet();
  kubelet.write('zero', 'one');
  const all = await following(kubelet, { tailLines: 1 });
  await seen(() => all.sink.texts.length === 1);
  await looked(all);
  await seen(() => all.clock.waits.length >= 1);
  kubelet.previous = [`${kubelet.lines[0]?.stamp} zero`, `${kubelet.lines[1]?.stamp} one`, '2026-11-22T11:34:00.900000000Z boom'];
  kubelet.lines.length = 0;
  for (const [nanos, text] of [
    [0, 'born again'],
    [1, 'and well'],
  ] as const)
    kubelet.lines.push({ stamp: `2026-11-22T11:34:09.00000000${nanos}Z`, second: Date.UTC(2026, 10, 22, 11, 34, 9) / 1_000, text });
  kubelet.container = running('c2', 1);
  kubelet.cut('end');
  await seen(() => all.sink.texts.length >= 4);
  expect(all.sink.texts).toEqual(['one', 'boom', 'born again', 'and well']);
});

test('a container in a crash loop is waited for, even if the clock of its node was set back', async () => {
  const kubelet = new Kubelet();
  kubelet.write('one');
  const all = await following(kubelet);
  await seen(() => all.sink.texts.length === 1);
  await looked(all);
  kubelet.container = crashed('c1');
  kubelet.cut('end');
  await seen(() => all.clock.waits.includes(2_000));
  expect(all.sink.texts).toEqual(['one']);
  kubelet.lines.length = 0;
  kubelet.lines.push({ stamp: '2026-11-22T11:33:09.000000000Z', second: Date.UTC(2026, 10, 22, 11, 33, 9) / 1_000, text: 'second run' });
  kubelet.container = running('c2', 1);
  await all.clock.advance(2_000);
  await seen(() => all.sink.texts.length === 2);
  expect(all.sink.texts).toEqual(['one', 'second run']);
});

test('a container that has not started yet is waited for', async () => {
  const kubelet = new Kubelet();
  kubelet.refusal = { code: 400, message: 'container "main" in pod "p" is waiting to start: ContainerCreating' };
  const all = await following(kubelet);
  await seen(() => all.clock.waits.includes(1_000) && kubelet.queries.length === 1);
  expect(all.sink.statuses).toEqual([{ state: 'connecting' }]);
  kubelet.refusal = undefined;
  kubelet.write('started');
  while (all.sink.texts.length === 0) await all.clock.advance(500);
  expect(all.sink.texts).toEqual(['started']);
});

test('of a pod with several containers the first is taken when none is named', async () => {
  const kubelet = new Kubelet();
  kubelet.refusal = { code: 400, message: 'a container name must be specified for pod p, choose one of: [main side]' };
  kubelet.write('one');
  const all = await following(kubelet);
  await seen(() => all.server.calls.some((call) => call.endsWith('/pods/p')));
  kubelet.refusal = undefined;
  await seen(() => all.sink.texts.length === 1);
  expect(kubelet.queries.at(-1)?.get('container')).toBe('main');
});

test('without the right to read logs that is reported, and asked again now and then', async () => {
  const kubelet = new Kubelet();
  kubelet.refusal = {
    code: 403,
    message: 'pods "p" is forbidden: User "nologs" cannot get resource "pods/log" in API group "" in the namespace "orders"',
  };
  const all = await following(kubelet);
  await seen(() => all.sink.statuses.at(-1)?.state === 'denied');
  expect(reason(all.sink.statuses)).toBe('forbidden: get pods/log in namespace orders (User "nologs").');
  kubelet.refusal = undefined;
  kubelet.write('one');
  all.client.retryNow();
  await seen(() => all.sink.texts.length === 1);
});

test('a run before this one that never was is reported once', async () => {
  const kubelet = new Kubelet();
  const message = 'previous terminated container "main" in pod "p" not found';
  kubelet.refusal = { code: 400, message };
  const all = await following(kubelet, { previous: true });
  await all.ended;
  expect(reason(all.sink.statuses)).toBe(message);
});

test('the log of a pod that does not exist is reported as missing', async () => {
  const kubelet = new Kubelet();
  kubelet.missing = true;
  const all = await following(kubelet);
  await all.ended;
  expect(reason(all.sink.statuses)).toBe('pods "p" not found');
});

test('a kubelet that is away is reported, and the log goes on when it is back', async () => {
  const kubelet = new Kubelet();
  kubelet.write('one');
  const all = await following(kubelet);
  await seen(() => all.sink.texts.length === 1);
  kubelet.refusal = { code: 502, message: 'dial tcp 10.0.0.7:10250: connect: connection refused' };
  kubelet.cut('reset');
  await nextTry(all);
  await seen(() => reason(all.sink.statuses)?.includes('connection refused'));
  kubelet.refusal = undefined;
  kubelet.write('two');
  while (all.sink.texts.length < 2) await all.clock.advance(500);
  expect(all.sink.texts).toEqual(['one', 'two']);
  expect(all.sink.statuses.at(-1)).toEqual({ state: 'live' });
});

test('a kubelet that was just started, and does not know the pod yet, does not end the log', async () => {
  const kubelet = new Kubelet();
  kubelet.write('one');
  const all = await following(kubelet);
  await seen(() => all.sink.texts.length === 1);
  kubelet.refusal = { code: 404, message: 'the server could not find the requested resource ( pods/log p)' };
  kubelet.cut('reset');
  await nextTry(all);
  await seen(() => reason(all.sink.statuses) === 'The kubelet has no log of pod p yet.');
  kubelet.refusal = undefined;
  kubelet.write('two');
  while (all.sink.texts.length < 2) await all.clock.advance(500);
  expect(all.sink.texts).toEqual(['one', 'two']);
});

test('a log that is only read ends where it ends', async () => {
  const kubelet = new Kubelet();
  kubelet.write('one', 'two', 'three');
  const all = await following(kubelet, { follow: false, tailLines: 2 });
  await all.ended;
  expect(all.sink.texts).toEqual(['two', 'three']);
  expect(all.sink.statuses.at(-1)).toEqual({ state: 'ended' });
});

test('a server that hangs makes the log stale within ten seconds, and nothing is lost', async () => {
  const kubelet = new Kubelet();
  kubelet.write('one');
  const all = await following(kubelet);
  await seen(() => all.sink.texts.length === 1);
  await looked(all);
  all.server.pause();
  const start = all.clock.now();
  while (reason(all.sink.statuses) === undefined) await all.clock.advance(500);
  expect(all.sink.statuses.at(-1)?.state).toBe('stale');
  expect(all.clock.now() - start).toBeLessThanOrEqual(10_000);
  kubelet.streams.length = 0;
  kubelet.write('two');
  all.server.resume();
  while (all.sink.texts.length < 2) await all.clock.advance(500);
  expect(all.sink.texts).toEqual(['one', 'two']);
  expect(all.sink.statuses.at(-1)).toEqual({ state: 'live' });
});
