import { expect, test } from 'vitest';
import { createFlinkClient } from '../../../src/flink/client.ts';
import { fixedRoute } from '../../../src/flink/route.ts';
import { readJob, verticesAsked } from '../../../src/inside/job/read-job.ts';
import type { JobInside } from '../../../src/inside/job/types.ts';
import { bottleneckSentence } from '../../../src/inside/job/bottleneck.ts';
import { capture, captureText, json, restServer, skippingClock } from '../../flink/rest-server.ts';

const id = 'b70d24eecc0ebe339a8b0f36d1fb240d';
const { signal } = new AbortController();

interface Raw {
  readonly now: number;
  readonly vertices: readonly (Record<string, unknown> & { readonly metrics: Record<string, unknown> })[];
}
const raw = JSON.parse(captureText('job-backpressured')) as Raw;

/** A job of so many vertices, as a server reports it; its vertices are called `v0`, `v1`, … and nothing of their load is known. */
const wide = (count: number) => ({
  ...raw,
  vertices: Array.from({ length: count }, (_, at) => ({ ...raw.vertices[0], id: `v${at}`, name: `vertex ${at}` })),
  plan: { nodes: [] },
});

/** The vertex whose metrics a path asks for. */
const vertexOf = (path: string): string | undefined => /vertices\/([^/]+)\/subtasks\/metrics/.exec(path)?.[1];

test('an open job of 30 vertices costs at most six requests a look, and every vertex has its turn', async () => {
  await using server = await restServer(({ path }) => (vertexOf(path) === undefined ? json(wide(30)) : json([])));
  await using flink = createFlinkClient({ router: fixedRoute(server.url), clock: skippingClock() });
  let before: JobInside | undefined;
  const turns = new Set<string | undefined>();
  for (let look = 0; look < 30 / verticesAsked + 1; look += 1) {
    const seen = server.seen.length;
    before = await readJob(id, { flink, signal, before, vertices: verticesAsked });
    const asked = server.seen.slice(seen);
    expect(asked.length).toBeLessThanOrEqual(6);
    for (const { path } of asked) turns.add(vertexOf(path));
  }
  turns.delete(undefined);
  expect(turns.size).toBe(30);
});

test('the vertices behind one that waits are asked before all others', async () => {
  const later = {
    ...raw,
    now: raw.now + 10_000,
    vertices: raw.vertices.map((vertex, at) => ({
      ...vertex,
      metrics: {
        ...vertex.metrics,
        'accumulated-backpressured-time': at === 0 ? 23_000 : 0,
        'accumulated-idle-time': at === 0 ? 1_000 : 20_000,
      },
    })),
  };
  await using server = await restServer(({ path }, nth) => (vertexOf(path) === undefined ? json(nth === 1 ? raw : later) : json([])));
  await using flink = createFlinkClient({ router: fixedRoute(server.url), clock: skippingClock() });
  const before = await readJob(id, { flink, signal, before: undefined, vertices: 0 });
  await readJob(id, { flink, signal, before, vertices: 1 });
  expect(vertexOf(server.seen.at(-1)?.path ?? '')).toBe(raw.vertices[1]?.['id']);
});

test('a job that has ended costs one request', async () => {
  await using server = await restServer(() => capture('job-finished'));
  await using flink = createFlinkClient({ router: fixedRoute(server.url), clock: skippingClock() });
  await readJob(id, { flink, signal, before: undefined, vertices: verticesAsked });
  expect(server.seen.length).toBe(1);
});

test('a slow operator is named at the first look, by what its subtasks report', async () => {
  const load = (busy: number, backPressured: number) =>
    Object.entries({
      busyTimeMsPerSecond: busy,
      backPressuredTimeMsPerSecond: backPressured,
      idleTimeMsPerSecond: 1000 - busy - backPressured,
    }).map(([name, value]) => ({ id: name, min: value, max: value, avg: value, sum: value }));
  const answers = [load(4, 986), load(1000, 0), load(8, 0)];
  await using server = await restServer(({ path }) => {
    const at = raw.vertices.findIndex((vertex) => vertex['id'] === vertexOf(path));
    return at < 0 ? json(raw) : json(answers[at]);
  });
  await using flink = createFlinkClient({ router: fixedRoute(server.url), clock: skippingClock() });
  expect(bottleneckSentence(await readJob(id, { flink, signal, before: undefined, vertices: verticesAsked }))).toBe(
    'slow map is the bottleneck: busy 100%, while Source: fast source before it is back-pressured 99%.',
  );
});
