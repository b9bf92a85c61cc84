import { expect, test } from 'vitest';
import { createFlinkClient } from '../../src/flink/client.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { Problem } from '../../src/support/problem.ts';
import { capture, json, type Reply, restServer, type RestServer, skippingClock } from './rest-server.ts';

const clientOf = (server: RestServer) => createFlinkClient({ clock: skippingClock(), router: fixedRoute(server.url) });

const textOf = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
};

test('a TaskManager has its memory, what is used of it, and the jobs of its slots', async () => {
  await using server = await restServer(() => capture('taskmanager'));
  await using client = clientOf(server);
  const found = await client.taskManager('localhost:37761-09a4f0');
  expect(server.seen[0]?.path).toBe('/taskmanagers/localhost%3A37761-09a4f0');
  expect(found).toMatchObject({
    slots: 4,
    freeSlots: 1,
    memory: { taskHeap: 212_651_212, taskOffHeap: 0, totalProcess: 1_153_433_600 },
    heapUsed: 50_926_080,
    heapMax: 348_127_232,
    network: { segmentsUsed: 23, segmentsTotal: 2086 },
  });
  expect(found.allocated.map(({ jobId, tasks, managed }) => [jobId.slice(0, 4), tasks, managed])).toEqual([
    ['b70d', 3, 32 * 2 ** 20],
    ['cf58', 2, 32 * 2 ** 20],
    ['cf58', 2, 32 * 2 ** 20],
  ]);
  expect(found.collectors[0]).toEqual({ name: 'All', count: 7, timeMs: 122 });
});

test('what an older Flink does not say about a TaskManager is not known, and never 0', async () => {
  // 1.18: slots without tasks; a server without metrics leaves them out.
  await using server = await restServer(() =>
    json({ id: 'tm', timeSinceLastHeartbeat: 1, slotsNumber: 1, freeSlots: 0, allocatedSlots: [{ jobId: 'a' }], metrics: { heapMax: -1 } }),
  );
  await using client = clientOf(server);
  expect(await client.taskManager('tm')).toMatchObject({
    memory: { taskHeap: undefined, totalFlink: undefined },
    heapMax: undefined,
    directUsed: undefined,
    network: { bytesUsed: undefined },
    collectors: [],
    allocated: [{ jobId: 'a', tasks: undefined, managed: undefined }],
  });
});

test('what a TaskManager uses is not known, and never 0, until it has sent its first metrics', async () => {
  // Measured, Flink 2.3.0, within seconds of the registration.
  const metrics = {
    heapUsed: 0,
    heapMax: 0,
    directUsed: 0,
    nettyShuffleMemorySegmentsUsed: 0,
    nettyShuffleMemorySegmentsTotal: 0,
    nettyShuffleMemoryUsed: 0,
    garbageCollectors: [],
  };
  await using server = await restServer(() => json({ id: 'tm', timeSinceLastHeartbeat: 1, slotsNumber: 1, freeSlots: 0, metrics }));
  await using client = clientOf(server);
  expect(await client.taskManager('tm')).toMatchObject({
    heapUsed: undefined,
    heapMax: undefined,
    directUsed: undefined,
    network: { segmentsUsed: undefined, segmentsTotal: undefined, bytesUsed: undefined },
  });
});

test('the dump of a process has the text of each thread', async () => {
  await using server = await restServer(() => capture('taskmanager-thread-dump'));
  await using client = clientOf(server);
  const threads = await client.threadDump({ kind: 'jobmanager' });
  expect(server.seen[0]?.path).toBe('/jobmanager/thread-dump');
  expect(threads[0]).toEqual({ name: 'main', text: expect.stringMatching(/^"main" Id=1 WAITING on /) });
});

test('the log files of a process have their sizes and when they changed', async () => {
  await using server = await restServer(() => capture('taskmanager-logs'));
  await using client = clientOf(server);
  expect((await client.logFiles({ kind: 'taskmanager', id: 'tm' }))[0]).toEqual({
    name: 'flink-dev-standalonesession-0-vm.log',
    bytes: 358_546,
    changedAt: 1_795_345_475_596,
  });
});

test('the JVM of the JobManager has its options and its classpath', async () => {
  await using server = await restServer(() => capture('jobmanager-environment'));
  await using client = clientOf(server);
  const { architecture, options, classpath } = await client.jvmEnvironment();
  expect([architecture, options[0], classpath.length]).toEqual(['amd64', '-Xmx654311424', 14]);
});

const log = (text: string): Reply => ({ status: 200, text, headers: { 'content-type': 'text/plain' } });

test('a log file is read as it is, by its name', async () => {
  await using server = await restServer(() => log('one\n{"not": json\n'));
  await using client = clientOf(server);
  expect(await client.logFile({ kind: 'taskmanager', id: 'a b' }, 'gc.log.0', textOf)).toBe('one\n{"not": json\n');
  expect(server.seen[0]?.path).toBe('/taskmanagers/a%20b/logs/gc.log.0');
});

test('a log file that is cut in the middle is read again from its start', async () => {
  await using server = await restServer((_request, nth) =>
    nth === 1 ? { status: 200, text: 'who', headers: { 'content-length': '5', connection: 'close' } } : log('whole'),
  );
  await using client = clientOf(server);
  expect(await client.logFile({ kind: 'jobmanager' }, 'a.log', textOf)).toBe('whole');
  expect(server.seen).toHaveLength(2);
});

test('a log file that is not there is a problem in the words of Flink', async () => {
  await using server = await restServer(() => ({ status: 404, text: '{"errors":["This file does not exist in JobManager log dir."]}' }));
  await using client = clientOf(server);
  await expect(client.logFile({ kind: 'jobmanager' }, 'no.log', textOf)).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringContaining('This file does not exist in JobManager log dir.'),
  });
});

test('what a reader of a log file cannot do is reported once, and not tried again', async () => {
  await using server = await restServer(() => log('text'));
  await using client = clientOf(server);
  const full = new Problem('failed', 'The disk is full.');
  await expect(client.logFile({ kind: 'jobmanager' }, 'a.log', () => Promise.reject(full))).rejects.toBe(full);
  expect(server.seen).toHaveLength(1);
});

test('a dump that is not one is reported', async () => {
  await using server = await restServer(() => json({ threadInfos: [{ threadName: 1 }] }));
  await using client = clientOf(server);
  await expect(client.threadDump({ kind: 'jobmanager' })).rejects.toMatchObject({ kind: 'protocol' });
});
