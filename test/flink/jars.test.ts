import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFlinkClient } from '../../src/flink/client.ts';
import { createJarCache, staleJars } from '../../src/flink/jar-cache.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { Problem } from '../../src/support/problem.ts';
import { jarStore } from './jar-store.ts';
import { capture, captureText, json, restServer, skippingClock, type RestServer } from './rest-server.ts';

const jobId = 'cf58271192024409aa436435401612ca';
let folder: string;
let jar: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drey-jars-'));
  jar = join(folder, 'orders.jar');
  await writeFile(jar, Buffer.alloc(700_000, 'x'));
});
afterAll(() => rm(folder, { recursive: true }));

const clientOf = (server: RestServer) => createFlinkClient({ router: fixedRoute(server.url), clock: skippingClock() });

test('a jar is streamed as one file part, and its progress is reported', async () => {
  await using server = await restServer(() => capture('jars-upload'));
  await using client = clientOf(server);
  const told: number[] = [];
  expect(await client.uploadJar(jar, { onProgress: (sent) => told.push(sent) })).toMatch(/_TopSpeedWindowing\.jar$/);
  const { body, headers } = server.seen[0]!;
  expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
  expect(Number(headers['content-length'])).toBe(body.length);
  expect(body).toContain(
    'Content-Disposition: form-data; name="jarfile"; filename="orders.jar"\r\nContent-Type: application/x-java-archive\r\n\r\nxxx',
  );
  expect(body.match(/Content-Disposition/g)?.length).toBe(1);
  expect(headers).not.toHaveProperty('expect');
  expect(told[0]).toBe(0);
  expect(told.at(-1)).toBe(700_000);
  expect(told.length).toBeGreaterThan(3);
});

test('what Flink would refuse is not sent', async () => {
  await using server = await restServer(() => json({}));
  await using client = clientOf(server);
  await expect(client.uploadJar(join(folder, 'notes.txt'))).rejects.toMatchObject({
    kind: 'invalid',
    message: 'notes.txt does not end in .jar: Flink takes no other file.',
  });
  await expect(client.uploadJar(join(folder, 'none.jar'))).rejects.toMatchObject({ kind: 'not-found' });
  expect(server.seen).toEqual([]);
});

test('an upload whose answer is lost is not simply sent again', async () => {
  await using server = await restServer(() => 'cut');
  await using client = clientOf(server);
  await expect(client.uploadJar(jar)).rejects.toMatchObject({ kind: 'unreachable' });
  expect(server.seen.length).toBe(1);
});

test('an election is waited out before a jar is uploaded and run, however long both may take', async () => {
  const election = json({ errors: ['Service temporarily unavailable due to an ongoing leader election. Please refresh.'] }, 503);
  await using server = await restServer((request, nth) =>
    nth % 3 !== 0 ? election : request.path.endsWith('/run') ? capture('jars-run') : capture('jars-upload'),
  );
  await using client = clientOf(server);
  expect(await client.uploadJar(jar)).toMatch(/_TopSpeedWindowing\.jar$/);
  expect(await client.runJar('x.jar', { jobId })).toBe(jobId);
  expect(server.seen.map(({ path }) => path)).toEqual([
    '/jars/upload',
    '/jars/upload',
    '/jars/upload',
    '/jars/x.jar/run',
    '/jars/x.jar/run',
    '/jars/x.jar/run',
  ]);
});

test('what may not be done twice goes over a connection of its own, never over one that was idle', async () => {
  await using server = await restServer((request) => (request.method === 'POST' ? capture('jars-run') : capture('overview')));
  await using client = clientOf(server);
  await client.overview();
  await client.runJar('x.jar', { jobId });
  await client.overview();
  expect(server.connections()).toBe(2);
});

test('a run sends its arguments as a list, untouched', async () => {
  await using server = await restServer(() => capture('jars-run'));
  await using client = clientOf(server);
  const args = ['--name', 'two words', `it's "quoted"`, 'a,b', '', 'ünï'];
  expect(
    await client.runJar('a b_x.jar', {
      jobId,
      arguments: args,
      parallelism: 2,
      entryClass: 'a.Main',
      configuration: { 'pipeline.name': 'n' },
    }),
  ).toBe(jobId);
  expect(server.seen[0]?.path).toBe('/jars/a%20b_x.jar/run');
  expect(JSON.parse(Buffer.from(server.seen[0]!.body, 'latin1').toString('utf8'))).toEqual({
    jobId,
    programArgsList: args,
    parallelism: 2,
    entryClass: 'a.Main',
    flinkConfiguration: { 'pipeline.name': 'n' },
  });
});

test.each([
  ['1.18.1', 'restoreMode'],
  ['1.19.0', 'restoreMode'],
  ['1.20.0', 'claimMode'],
  ['2.3.0', 'claimMode'],
])('Flink %s is told the claim mode as %s', async (version, member) => {
  await using server = await restServer((request) =>
    request.path === '/config' ? json({ 'refresh-interval': 3000, 'flink-version': version, features: {} }) : capture('jars-run'),
  );
  await using client = clientOf(server);
  await client.runJar('x.jar', { jobId, savepointPath: 's3://b/savepoint-1', claimMode: 'CLAIM', allowNonRestoredState: true });
  const body = JSON.parse(server.seen.at(-1)!.body) as Record<string, unknown>;
  expect(body).toEqual({ jobId, savepointPath: 's3://b/savepoint-1', allowNonRestoredState: true, [member]: 'CLAIM' });
});

test('a run whose answer was lost is found by its job id, and not started twice', async () => {
  const overview = JSON.parse(captureText('jobs-overview')) as { jobs: { jid: string }[] };
  expect(overview.jobs.some(({ jid }) => jid === jobId)).toBe(true);
  await using server = await restServer((request) => (request.method === 'POST' ? 'cut' : capture('jobs-overview')));
  await using client = clientOf(server);
  expect(await client.runJar('x.jar', { jobId })).toBe(jobId);
  expect(server.seen.filter(({ method }) => method === 'POST').length).toBe(1);
});

test('a run that was cut off early is sent again with the same job id; "submitted already" is success then', async () => {
  await using server = await restServer((request, nth) => {
    if (request.method === 'GET') return capture('idle-jobs-overview');
    return nth === 1 ? 'cut' : capture('error-jars-run-job-id-again', 400);
  });
  await using client = clientOf(server);
  expect(await client.runJar('x.jar', { jobId })).toBe(jobId);
  expect(server.seen.filter(({ method }) => method === 'POST').map(({ body }) => body)).toEqual([
    `{"jobId":"${jobId}"}`,
    `{"jobId":"${jobId}"}`,
  ]);
});

test('a forwarded connection that breaks in its own words after the run was sent is a lost answer, too', async () => {
  await using server = await restServer((request, nth) => {
    if (request.method === 'GET') return capture('idle-jobs-overview');
    return nth === 1 ? 'cut' : capture('error-jars-run-job-id-again', 400);
  });
  const open = async (): Promise<Duplex> => {
    const socket = net.connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    const stream = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => void socket.write(chunk, done),
      destroy(error, done) {
        socket.destroy();
        done(error);
      },
    });
    socket.on('data', (chunk: Buffer) => stream.push(chunk));
    socket.on('close', () => stream.destroy(new Problem('unreachable', 'The connection to port 8081 of pod jm broke.')));
    return stream;
  };
  const route = { description: 'through pod jm (port-forward)', url: 'http://jm:8081', open };
  await using client = createFlinkClient({ router: { route: async () => route, lost: () => undefined }, clock: skippingClock() });
  expect(await client.runJar('x.jar', { jobId })).toBe(jobId);
});

test('when nobody answers after a run was sent, the job to look for is named', async () => {
  await using server = await restServer(() => 'cut');
  await using client = clientOf(server);
  await expect(client.runJar('x.jar', { jobId })).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining(`job ${jobId} may have been started.`),
    hint: 'Look for that job before you submit again.',
  });
  expect(server.seen.filter(({ method }) => method === 'POST').length).toBe(1);
});

test('a job id that is taken is a refusal when nothing was lost', async () => {
  await using server = await restServer(() => capture('error-jars-run-job-id-again', 400));
  await using client = clientOf(server);
  await expect(client.runJar('x.jar', { jobId })).rejects.toMatchObject({
    kind: 'invalid',
    message: 'The job was not accepted: Application has already been submitted.',
  });
});

test('a program that throws in main is reported from a job that is refused', async () => {
  await using server = await restServer((request) => {
    if (request.path.endsWith('/plan')) return capture('error-jars-plan-fails-in-main', 500);
    return request.path.includes('bad') ? capture('error-jars-run-bad-savepoint', 400) : capture('error-jars-run-fails-in-main', 400);
  });
  await using client = clientOf(server);
  await expect(client.runJar('x.jar', { jobId })).rejects.toMatchObject({
    message: "The program's main method failed: disk quota exceeded on /data/volume-7 (in the program's main method).",
  });
  await expect(client.jarPlan('x.jar', {})).rejects.toMatchObject({
    message: expect.stringContaining("The program's main method failed: disk quota exceeded"),
  });
  await expect(client.runJar('bad.jar', { jobId })).rejects.toMatchObject({
    message: expect.stringMatching(/^The job was not accepted: Cannot find checkpoint or savepoint/),
  });
});

test('a deletion whose answer was lost has succeeded when the jar is gone', async () => {
  await using server = await restServer((_request, nth) => (nth === 1 ? 'cut' : capture('error-jars-delete-again', 400)));
  await using client = clientOf(server);
  await client.deleteJar('x.jar');
  await expect(client.deleteJar('x.jar')).rejects.toMatchObject({ kind: 'not-found' });
});

test('an identical jar is not sent again, whoever comes later', async () => {
  const store = jarStore();
  await using server = await restServer(store.serve);
  await using first = clientOf(server);
  await using second = clientOf(server);
  const one = await createJarCache(first).ensure(jar);
  const two = await createJarCache(second).ensure(jar);
  expect(one).toMatchObject({ uploaded: true, name: expect.stringMatching(/^orders-[0-9a-f]{12}\.jar$/) });
  expect(two).toEqual({ ...one, uploaded: false });
  expect(store.files.length).toBe(1);
});

test('an upload whose answer was lost is found by its name', async () => {
  const store = jarStore((request) => (request.path === '/jars/upload' ? 'cut' : undefined));
  await using server = await restServer(store.serve);
  await using client = clientOf(server);
  expect((await createJarCache(client).ensure(jar)).id).toBe(store.files[0]?.id);
  expect(store.files.length).toBe(1);
});

test('a jar that a new JobManager does not have is sent again, once', async () => {
  const store = jarStore((request) => (request.path.includes('/0000-0_') ? capture('error-jars-run-unknown-jar', 500) : undefined));
  await using server = await restServer(store.serve);
  await using client = clientOf(server);
  const cache = createJarCache(client);
  await cache.ensure(jar);
  expect(await cache.run(jar, { jobId })).toMatchObject({ jobId, jar: { id: store.files[1]?.id, uploaded: true } });
  expect(store.files.length).toBe(2);
});

test('old copies are all but the newest upload of each file name, and what others uploaded is not among them', () => {
  const names = [
    'orders-000000000000.jar',
    'orders-222222222222.jar',
    'orders-111111111111.jar',
    'orders.jar',
    'orders-eu-000000000000.jar',
    'other-000000000000.jar',
    'other-000000000000.jar',
    'orders-00000000000.jar',
  ];
  const times = [3, 9, 5, 1, 1, 4, 2, 1];
  const uploaded = names.map((name, at) => ({ id: `${at}_${name}`, name, uploadedAt: times[at] ?? 0, entryClasses: [] }));
  expect(staleJars(uploaded).map(({ id }) => id)).toEqual([
    '0_orders-000000000000.jar',
    '2_orders-111111111111.jar',
    '6_other-000000000000.jar',
  ]);
});
