import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { expect, test, vi } from 'vitest';
import { createFlinkClient, type FlinkClientOptions } from '../../src/flink/client.ts';
import { parseClientHeaders } from '../../src/flink/headers.ts';
import { fixedRoute, restUrl } from '../../src/flink/route.ts';
import type { FlinkClient, RestRoute } from '../../src/flink/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { chain } from '../kubernetes/chain.ts';
import { FakeClock, seen } from '../support/fake-clock.ts';
import { restCertificate } from './certificate.ts';
import { capture, captureText, json, restServer, skippingClock, type Reply } from './rest-server.ts';

const election: Reply = json({ errors: ['Service temporarily unavailable due to an ongoing leader election. Please refresh.'] }, 503);

const clientOf = (url: string, options: Partial<FlinkClientOptions> = {}): FlinkClient =>
  createFlinkClient({ router: fixedRoute(url), clock: skippingClock(), ...options });

const problemOf = async (work: Promise<unknown>): Promise<Problem> => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) throw new Error(`no problem, but ${String(error)}`);
  return error;
};

test('asks below the base path, with the headers of the environment', async () => {
  await using server = await restServer(() => capture('overview'));
  await using client = clientOf(`${server.url}/flink/prod/`, { headers: parseClientHeaders('Authorization: Bearer abc\nX-Team:orders\n') });
  expect(await client.overview()).toMatchObject({ taskManagers: 2 });
  expect(server.seen[0]).toMatchObject({
    method: 'GET',
    path: '/flink/prod/overview',
    headers: { authorization: 'Bearer abc', 'x-team': 'orders' },
  });
});

test('callers that want the same at the same time share one request', async () => {
  await using server = await restServer(() => capture('jobs-overview'));
  await using client = clientOf(server.url);
  const [one, two] = await Promise.all([client.jobs(), client.jobs()]);
  expect(one).toBe(two);
  await client.jobs();
  expect(server.seen.length).toBe(2);
});

test('one of two callers can leave; the last one takes the request with it', async () => {
  const waiting: PromiseWithResolvers<Reply>[] = [];
  const answer = (reply: Reply) => waiting.at(-1)?.resolve(reply);
  await using server = await restServer(() => {
    waiting.push(Promise.withResolvers<Reply>());
    return waiting.at(-1)?.promise ?? 'cut';
  });
  await using client = clientOf(server.url);
  const [first, second] = [new AbortController(), new AbortController()];
  const left = client.jobs({ signal: first.signal });
  const stays = client.jobs({ signal: second.signal });
  await vi.waitFor(() => expect(server.seen.length).toBe(1));
  first.abort();
  await expect(left).rejects.toMatchObject({ name: 'AbortError' });
  answer(capture('jobs-overview'));
  expect((await stays).length).toBeGreaterThan(3);

  const alone = client.jobs({ signal: second.signal });
  await vi.waitFor(() => expect(server.seen.length).toBe(2));
  second.abort();
  await expect(alone).rejects.toMatchObject({ name: 'AbortError' });
  const later = client.jobs();
  await vi.waitFor(() => expect(server.seen.length).toBe(3));
  answer(capture('idle-jobs-overview'));
  expect(await later).toEqual([]);
});

test('connections are kept and bounded', async () => {
  await using server = await restServer(() => capture('taskmanagers'));
  await using client = clientOf(server.url);
  for (let i = 0; i < 5; i += 1) await client.taskManagers();
  expect(server.connections()).toBe(1);
  await Promise.all(Array.from({ length: 30 }, (_, i) => client.job(String(i)).catch(() => undefined)));
  expect(server.connections()).toBeLessThanOrEqual(6);
});

test('an election is waited out', async () => {
  await using server = await restServer((_request, nth) => (nth < 3 ? election : capture('overview')));
  const clock = skippingClock();
  await using client = clientOf(server.url, { clock });
  expect(await client.overview()).toMatchObject({ flinkVersion: '2.3.0' });
  expect(clock.waited.length).toBe(2);
});

test('an election that does not end is reported after the last try', async () => {
  await using server = await restServer(() => election);
  await using client = clientOf(server.url, { maxAttempts: 3 });
  expect(await problemOf(client.overview())).toMatchObject({ kind: 'unavailable' });
  expect(server.seen.length).toBe(3);
});

test('a connection that breaks is reported to the router, and the next route is taken', async () => {
  await using broken = await restServer(() => 'cut');
  await using good = await restServer(() => capture('overview'));
  const routes: RestRoute[] = [broken, good].map(({ url }) => ({ url, description: url }));
  const lost: RestRoute[] = [];
  await using client = createFlinkClient({
    clock: skippingClock(),
    router: { route: async () => routes[lost.length] ?? Promise.reject(new Error('no more')), lost: (route) => void lost.push(route) },
  });
  expect(await client.overview()).toMatchObject({ taskManagers: 2 });
  expect(lost).toEqual([routes[0]]);
});

test('an answer that is cut in the middle is asked for again', async () => {
  const whole = JSON.stringify({ jobs: [] });
  await using server = await restServer((_request, nth) =>
    nth === 1
      ? { status: 200, text: whole.slice(0, 5), headers: { 'content-length': String(whole.length), connection: 'close' } }
      : { status: 200, text: whole },
  );
  await using client = clientOf(server.url);
  expect(await client.jobs()).toEqual([]);
  expect(server.seen.length).toBe(2);
});

test('an answer that is cut at any byte is asked for again, and never taken for a whole one', async () => {
  const body = JSON.stringify({ jobs: [] });
  const whole = [
    `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n${body.slice(0, 3)}\r\n${(body.length - 3).toString(16)}\r\n${body.slice(3)}\r\n0\r\n\r\n`,
  ];
  let next: string[] = [];
  const server = net.createServer((socket) => socket.once('data', () => socket.end(next.shift() ?? '')).on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  await using client = clientOf(`http://127.0.0.1:${(server.address() as net.AddressInfo).port}`);
  for (const answer of whole) {
    for (let cut = 0; cut < answer.length; cut += 1) {
      next = [answer.slice(0, cut), answer];
      expect(await client.jobs(), `cut at ${cut}`).toEqual([]);
      expect(next.length, `cut at ${cut}`).toBe(0);
    }
  }
  server.close();
});

test('a refused connection names the address and what to check', async () => {
  await using client = clientOf('http://127.0.0.1:1', { maxAttempts: 2 });
  expect(await problemOf(client.jobs())).toMatchObject({
    kind: 'unreachable',
    message: "Flink's REST endpoint at http://127.0.0.1:1 refuses connections (ECONNREFUSED).",
    hint: 'Check that the JobManager runs and that the port is right.',
  });
});

test('silence ends after the time that was given', async () => {
  await using server = await restServer(() => 'silence');
  await using client = clientOf(server.url, { maxAttempts: 1 });
  const problem = await problemOf(client.jobs({ timeoutMs: 2_000 }));
  expect(problem).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('has not answered for 2 s') });
});

test('a JobManager that takes connections and says nothing is asked again for a minute in all, however many tries are left', async () => {
  await using server = await restServer(() => 'silence');
  const clock = new FakeClock();
  await using client = clientOf(server.url, { clock, maxAttempts: 45, backoff: { first: 1_000, most: 1_000, random: () => 0 } });
  const asked = problemOf(client.jobs());
  for (let tries = 1; tries <= 6; tries++) {
    await seen(() => server.seen.length === tries);
    await clock.advance(10_000);
    await clock.advance(1_000);
  }
  expect((await asked).message).toContain('has not answered for 10 s');
  expect(server.seen.length).toBe(6);
});

test('an answer that comes drop by drop is given up after a minute', async () => {
  const server = http.createServer((_, response) => void response.writeHead(200).write('{'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  const clock = new FakeClock();
  await using client = clientOf(`http://127.0.0.1:${port}`, { clock, maxAttempts: 1 });
  const asked = problemOf(client.jobs({ timeoutMs: 90_000 }));
  await seen(() => clock.waits.includes(60_000));
  await clock.advance(60_000);
  expect(await asked).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('did not complete its answer within 60 s.') });
  server.closeAllConnections();
  server.close();
});

test('an answer of another shape names the endpoint and the member', async () => {
  await using server = await restServer(() => json({ jobs: [{ jid: 'a', name: 'n', state: 5 }] }));
  await using client = clientOf(server.url);
  expect(await problemOf(client.jobs())).toMatchObject({
    kind: 'protocol',
    message: `The answer of ${server.url} to GET /jobs/overview is not what Flink promises (jobs.0.state: string expected).`,
  });
});

test('a page of something else is not taken for Flink', async () => {
  await using server = await restServer(() => ({ status: 200, text: '<html><title>Welcome to nginx!</title></html>' }));
  await using client = clientOf(server.url);
  expect(await problemOf(client.overview())).toMatchObject({
    kind: 'protocol',
    message: `${server.url} answered GET /overview with a page ("Welcome to nginx!") and not as Flink does (200).`,
  });
});

test('an answer that somebody compressed is reported, and not unpacked', async () => {
  await using server = await restServer(() => ({ status: 200, text: 'not what it unpacks to', headers: { 'content-encoding': 'gzip' } }));
  await using client = clientOf(server.url);
  expect(await problemOf(client.overview())).toMatchObject({
    kind: 'protocol',
    message: `The answer of ${server.url} to GET /overview is compressed (gzip), which was not asked for: it is not read.`,
  });
});

test('a server that speaks no HTTP is reported', async () => {
  const server = net.createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await using client = clientOf(`http://127.0.0.1:${port}`, { maxAttempts: 1 });
  expect(await problemOf(client.overview())).toMatchObject({
    message: `Flink's REST endpoint at http://127.0.0.1:${port} does not answer with HTTP (HPE_INVALID_CONSTANT).`,
  });
  server.close();
});

test('a batch job has no checkpoint statistics, an unknown job is a problem', async () => {
  await using server = await restServer((request) =>
    request.path.includes('/jobs/b/') ? capture('batch-job-checkpoints', 404) : capture('error-job-unknown', 404),
  );
  await using client = clientOf(server.url);
  expect(await client.checkpoints('b')).toBeUndefined();
  expect((await problemOf(client.checkpoints('x'))).kind).toBe('not-found');
});

test('the accumulators of a result are read where they are printed', async () => {
  const { 'job-execution-result': result, ...rest } = JSON.parse(captureText('job-finished-execution-result')) as {
    'job-execution-result': object;
  };
  await using server = await restServer((request) =>
    request.path.endsWith('/accumulators')
      ? json({ 'job-accumulators': [], 'user-task-accumulators': [{ name: 'lines', type: 'LongCounter', value: '42' }] })
      : json({ ...rest, 'job-execution-result': { ...result, 'accumulator-results': { lines: { 'serialized-value': 'rO0AB' } } } }),
  );
  await using client = clientOf(server.url);
  expect((await client.executionResult('a'))?.accumulators).toEqual({ lines: '42' });
});

test('many metric names are asked for in portions that a proxy lets through', async () => {
  await using server = await restServer((request) => {
    const names = new URL(request.path, 'http://x').searchParams.get('get')?.split(',') ?? [];
    return json(names.map((id) => ({ id, value: '1' })));
  });
  await using client = clientOf(server.url);
  const names = Array.from({ length: 300 }, (_, i) => `someRatherLongNameOfAMetricNumber${i}`);
  expect((await client.taskManagerMetrics('10.0.0.7:35021-1a2b3c', names)).size).toBe(300);
  expect(server.seen.length).toBeGreaterThan(2);
  expect(
    server.seen.every(({ path }) => path.length < 3_200 && path.startsWith('/taskmanagers/10.0.0.7%3A35021-1a2b3c/metrics?get=')),
  ).toBe(true);
});

test('a trace names method, path, status and time, and no secret', async () => {
  await using server = await restServer(() => capture('overview'));
  const lines: unknown[] = [];
  await using client = clientOf(server.url, { headers: { Authorization: 'secret' }, trace: (entry) => lines.push(entry) });
  await client.overview();
  expect(lines).toEqual([{ method: 'GET', path: '/overview', status: 200, ms: expect.any(Number) }]);
});

test('goes through a connection that somebody else opens, and keeps it', async () => {
  await using server = await restServer(() => capture('overview'));
  let opened = 0;
  const route: RestRoute = {
    description: 'through pod my-cluster-6f7 (port-forward)',
    url: 'http://my-cluster-rest.default:8081',
    open: async () => (opened++, net.connect(server.port, '127.0.0.1')),
  };
  await using client = createFlinkClient({ clock: skippingClock(), router: { route: async () => route, lost: () => {} } });
  await client.overview();
  await client.overview();
  expect(opened).toBe(1);
  expect(server.seen[0]?.headers.host).toBe('my-cluster-rest.default:8081');
});

test('an opener that is refused says it in its own words, once', async () => {
  let tries = 0;
  const refusal = new Problem('forbidden', 'You may not open port-forwards in orders.');
  const route: RestRoute = { description: 'through pod x', url: 'http://x:8081', open: () => (tries++, Promise.reject(refusal)) };
  await using client = createFlinkClient({ clock: skippingClock(), router: { route: async () => route, lost: () => {} } });
  expect(await problemOf(client.overview())).toBe(refusal);
  expect(tries).toBe(1);
});

test('HTTPS: directly and through a connection of somebody else, checked against the given authority', async () => {
  const tls = restCertificate;
  await using server = await restServer(() => capture('overview'), tls);
  const trusted = { ca: [tls.cert], anyHost: true };
  await using direct = clientOf(server.url, { tls: trusted });
  expect(await direct.overview()).toMatchObject({ taskManagers: 2 });

  const route: RestRoute = {
    description: 'through pod x',
    url: 'https://flink-rest.default:8081',
    open: async () => net.connect(server.port, '127.0.0.1'),
  };
  const router = { route: async () => route, lost: () => {} };
  await using through = createFlinkClient({ clock: skippingClock(), router, tls: { ca: [tls.cert] } });
  expect(await through.overview()).toMatchObject({ taskManagers: 2 });

  await using distrusting = clientOf(server.url);
  expect(await problemOf(distrusting.overview())).toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('is not trusted'),
  });
  await using strict = clientOf(server.url, { tls: { ca: [tls.cert] } });
  expect(await problemOf(strict.overview())).toMatchObject({
    kind: 'unreachable',
    message: expect.stringMatching(/is not trusted: .*127\.0\.0\.1/),
  });
  const fingerprint = new X509Certificate(tls.cert).fingerprint.replaceAll(':', '');
  await using knowing = clientOf(server.url, { tls: { ...trusted, fingerprints: ['00', fingerprint] } });
  expect(await knowing.overview()).toMatchObject({ taskManagers: 2 });
  await using other = clientOf(server.url, { tls: { ...trusted, fingerprints: ['00'] } });
  expect(await problemOf(other.overview())).toMatchObject({
    kind: 'unreachable',
    message: expect.stringMatching(/is not trusted: its fingerprint is ([0-9A-F]{2}:){19}[0-9A-F]{2}\.$/),
  });
});

test.each([
  ['an intermediate authority', chain.intermediate, chain.leaf],
  ['the certificate of the endpoint', chain.leaf.cert, chain.leaf],
])('HTTPS: a truststore that holds %s will do, as in Java', async (_, authority, served) => {
  await using server = await restServer(() => capture('overview'), served);
  await using client = clientOf(server.url, { tls: { ca: [authority] } });
  expect(await client.overview()).toMatchObject({ taskManagers: 2 });
});

test('what is asked for after the end is refused and not hung', async () => {
  await using server = await restServer(() => 'silence');
  const client = clientOf(server.url);
  const waiting = client.jobs();
  await vi.waitFor(() => expect(server.seen.length).toBe(1));
  await client[Symbol.asyncDispose]();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  expect((await problemOf(client.jobs())).message).toBe('The connection to Flink was closed here.');
});

test('an address can be written in several ways', () => {
  expect(restUrl('localhost:8081')).toBe('http://localhost:8081');
  expect(restUrl('https://proxy.example/flink/prod/')).toBe('https://proxy.example/flink/prod');
  expect(() => restUrl('ftp://x')).toThrow('ftp is not spoken there');
  expect(() => restUrl('http://me:secret@x')).toThrow(/user name or password/);
  expect(() => restUrl('http://me:secret@x')).not.toThrow(/secret@/);
  expect(() => restUrl('not a host')).toThrow('is not the address of a REST endpoint');
});

test('a header line that is none is named by its number, its value is not shown', () => {
  expect(parseClientHeaders(undefined)).toEqual({});
  expect(parseClientHeaders('A: b:c\n\nX-Y:z')).toEqual({ A: 'b:c', 'X-Y': 'z' });
  expect(() => parseClientHeaders('A: b\nBearer token')).toThrow('Line 2 of FLINK_REST_CLIENT_HEADERS is not a header.');
});
