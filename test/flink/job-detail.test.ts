import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import { jobDetail } from '../../src/flink/schemas/job-detail.ts';
import { captureText } from './rest-server.ts';

type Answer = Record<string, unknown> & { readonly vertices: readonly Record<string, unknown>[] };

const answer = (name: string): Answer => JSON.parse(captureText(name)) as Answer;
const read = (name: string) => z.parse(jobDetail, answer(name));

/** The fields of `GET /jobs/:id` that a version does not have. */
const missing = {
  '1.20': ['application-id', 'schedulerType', 'pending-operators', 'stream-graph'],
  '2.0': ['application-id', 'schedulerType'],
  '2.3': [],
} as const;

const asOf = (version: keyof typeof missing, name: string): Answer =>
  Object.fromEntries(Object.entries(answer(name)).filter(([key]) => !(missing[version] as readonly string[]).includes(key))) as Answer;

describe.each(['1.20', '2.0', '2.3'] as const)('Flink %s', (version) => {
  test('a job is known with its graph and what its vertices did', () => {
    const job = z.parse(jobDetail, asOf(version, 'job-backpressured'));
    expect(job.vertices.map(({ name, operators }) => [name, operators])).toEqual([
      ['Source: fast source', ['Source: fast source']],
      ['slow map', ['slow map']],
      ['discard: Writer', ['discard: Writer']],
    ]);
    expect(job.vertices[1]?.totals).toEqual({
      recordsIn: 2722,
      recordsOut: 2721,
      bytesIn: 98308,
      bytesOut: 32768,
      busyMs: 14484,
      backPressuredMs: 0,
      idleMs: 236,
    });
    const [source, map, sink] = job.vertices.map(({ id }) => id);
    expect(job.edges).toEqual(
      expect.arrayContaining([
        { from: source, to: map, shipStrategy: 'REBALANCE', exchange: 'pipelined_bounded' },
        { from: map, to: sink, shipStrategy: 'REBALANCE', exchange: 'pipelined_bounded' },
      ]),
    );
  });

  test('what this version does not report is unknown, not none', () => {
    const job = z.parse(jobDetail, asOf(version, 'job-backpressured'));
    expect(job.scheduler).toBe(version === '2.3' ? 'Default' : undefined);
    expect(job.pendingOperators).toBe(version === '1.20' ? undefined : 0);
  });
});

test('the operators of a chain are the lines of a tree', () => {
  expect(read('job-running').vertices.map(({ operators }) => operators)).toContainEqual(['count per key', '+- discard: Writer']);
});

test('counts that lack a subtask are unknown: they would jump when it reports', () => {
  expect(captureText('job-starting')).toContain('"read-records-complete": false');
  for (const { totals } of read('job-starting').vertices) expect(Object.values(totals).filter((value) => value !== undefined)).toEqual([]);
});

test('a busy time that is not a number is unknown, and the others are known', () => {
  const job = answer('job-backpressured');
  const vertices = job.vertices.map((vertex) => ({
    ...vertex,
    metrics: { ...(vertex['metrics'] as Record<string, unknown>), 'accumulated-busy-time': 'NaN' },
  }));
  expect(z.parse(jobDetail, { ...job, vertices }).vertices[0]?.totals).toMatchObject({ busyMs: undefined, idleMs: 291 });
});

test('operators that are not in a vertex yet are pending', () => {
  const job = answer('batch-job');
  const graph = job['stream-graph'] as { readonly nodes: readonly Record<string, unknown>[] };
  const nodes = graph.nodes.map((node) => (node['id'] === '11' ? { ...node, job_vertex_id: null } : node));
  const pending = z.parse(jobDetail, { ...job, 'stream-graph': { nodes }, 'pending-operators': 1 });
  expect(pending.pendingOperators).toBe(1);
  expect(pending.pending).toEqual([{ id: '11', name: 'Sink: print-sink', parallelism: 1 }]);
  expect(read('batch-job').pending).toEqual([]);
});

test('a job that has no plan yet has no edges', () => {
  const { plan: _plan, ...early } = answer('job-starting');
  expect(z.parse(jobDetail, early).edges).toEqual([]);
  expect(z.parse(jobDetail, { ...early, plan: {} }).edges).toEqual([]);
});
