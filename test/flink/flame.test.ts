import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { createFlinkClient } from '../../src/flink/client.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { flameGraph } from '../../src/flink/schemas/flame.ts';
import { capture, captureText, json, restServer, skippingClock } from './rest-server.ts';

const clientOf = (url: string) => createFlinkClient({ router: fixedRoute(url), clock: skippingClock() });
const sample = (name: string) => z.parse(flameGraph, JSON.parse(captureText(name)));

test('a flame graph that is off, has ended or has only begun is told apart from one with samples', () => {
  expect(sample('adaptive-flamegraph-disabled')).toEqual({ kind: 'off' });
  expect(sample('flamegraph-terminated')).toEqual({ kind: 'ended' });
  expect(sample('flamegraph-full-first')).toEqual({ kind: 'sampling' });
  const sampled = sample('flamegraph-full');
  expect(sampled.kind === 'sampled' && sampled.frames[0]).toEqual({ level: 0, name: 'root', samples: 100 });
});

test('what is not a frame is left out of a flame graph, and its neighbours stay', () => {
  const data = {
    name: 'root',
    value: 3,
    children: [7, null, { name: 'a', value: 1, children: null }, { value: 2 }, { name: 'b', value: 2 }],
  };
  expect(z.parse(flameGraph, { endTimestamp: 9, data })).toEqual({
    kind: 'sampled',
    at: 9,
    frames: [
      { level: 0, name: 'root', samples: 3 },
      { level: 1, name: 'a', samples: 1 },
      { level: 1, name: 'b', samples: 2 },
    ],
  });
});

test('a flame graph is asked of a vertex or of one of its subtasks', async () => {
  await using server = await restServer(() => capture('flamegraph-full'));
  await using client = clientOf(server.url);
  await client.flameGraph('j', 'v', { type: 'off_cpu' });
  await client.flameGraph('j', 'v', { type: 'full', subtask: 3 });
  expect(server.seen.map(({ path }) => path)).toEqual([
    '/jobs/j/vertices/v/flamegraph?type=OFF_CPU',
    '/jobs/j/vertices/v/flamegraph?type=FULL&subtaskindex=3',
  ]);
});

test('a profile is started once, listed, and read as the page that it is', async () => {
  await using server = await restServer(({ method, path }) => {
    if (path.endsWith('.html')) return { status: 200, text: '<!DOCTYPE html>\n', headers: { 'content-type': 'text/plain' } };
    return capture(method === 'POST' ? 'profiler-start' : 'profiler-done');
  });
  await using client = clientOf(server.url);
  const process = { kind: 'taskmanager', id: 'tm 1' } as const;
  expect(await client.startProfile(process, { mode: 'cpu', seconds: 5 })).toMatchObject({
    status: 'RUNNING',
    durationMs: 5000,
    file: undefined,
  });
  const [profile] = await client.profiles({ kind: 'jobmanager' });
  expect(profile).toMatchObject({ status: 'FINISHED', mode: 'CPU', file: 'JobManager_CPU_2026-11-22_11_04_41.html' });
  expect(await client.profileFile(process, 'a b.html')).toBe('<!DOCTYPE html>\n');
  expect(server.seen.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
    'POST /taskmanagers/tm%201/profiler {"mode":"CPU","duration":5}',
    'GET /jobmanager/profiler ',
    'GET /taskmanagers/tm%201/profiler/a%20b.html ',
  ]);
});

test('a cluster that does not profile is reported with the option that turns it on', async () => {
  await using server = await restServer(({ method }) =>
    method === 'GET' ? capture('adaptive-error-jobmanager-profiler', 404) : json({ errors: ['Not found: /jobmanager/profiler'] }, 404),
  );
  await using client = clientOf(server.url);
  const off = {
    kind: 'unavailable',
    message: 'This cluster does not profile: rest.profiling.enabled is not true there, or its Flink is older than 1.19.',
    hint: 'Deploy it with -Drest.profiling.enabled=true.',
  };
  await expect(client.profiles({ kind: 'jobmanager' })).rejects.toMatchObject(off);
  await expect(client.startProfile({ kind: 'jobmanager' }, { mode: 'wall', seconds: 1 })).rejects.toMatchObject(off);
});

test('a TaskManager that is gone is not taken for a cluster that does not profile', async () => {
  await using server = await restServer(() => json({ errors: ['RestHandlerException: Could not find TaskExecutor nope'] }, 404));
  await using client = clientOf(server.url);
  await expect(client.profiles({ kind: 'taskmanager', id: 'nope' })).rejects.toMatchObject({ kind: 'not-found' });
});
