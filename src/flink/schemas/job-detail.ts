import * as z from 'zod/mini';
import type { JobEdge, PendingOperator, VertexTotals } from '../job-graph.ts';
import type { JobDetail } from '../types.ts';
import { flag, maybeNumber, number, text } from './values.ts';

const complete = {
  'read-records-complete': flag,
  'write-records-complete': flag,
  'read-bytes-complete': flag,
  'write-bytes-complete': flag,
};

const totals = z.pipe(
  z.nullish(
    z.object({
      ...complete,
      'read-records': maybeNumber,
      'write-records': maybeNumber,
      'read-bytes': maybeNumber,
      'write-bytes': maybeNumber,
      'accumulated-busy-time': maybeNumber,
      'accumulated-backpressured-time': maybeNumber,
      'accumulated-idle-time': maybeNumber,
    }),
  ),
  z.transform((body): VertexTotals => {
    // A sum that lacks a subtask would jump when that subtask reports; the times have no mark of their own, and come with the counts.
    const whole = body !== undefined && body !== null && Object.keys(complete).every((key) => body[key as keyof typeof complete] !== false);
    const of = (value: number | undefined): number | undefined =>
      !whole || value === undefined || !Number.isFinite(value) || value < 0 ? undefined : value;
    return {
      recordsIn: of(body?.['read-records']),
      recordsOut: of(body?.['write-records']),
      bytesIn: of(body?.['read-bytes']),
      bytesOut: of(body?.['write-bytes']),
      busyMs: of(body?.['accumulated-busy-time']),
      backPressuredMs: of(body?.['accumulated-backpressured-time']),
      idleMs: of(body?.['accumulated-idle-time']),
    };
  }),
);

const input = z.object({ id: z.string(), ship_strategy: text, exchange: text });

/** The plan of a job that is still being initialised has no nodes. */
const plan = z.nullish(
  z.object({
    type: text,
    nodes: z.nullish(z.array(z.object({ id: z.string(), description: text, inputs: z.nullish(z.array(input)) }))),
  }),
);

const streamGraph = z.nullish(
  z.object({
    nodes: z.nullish(
      z.array(z.object({ id: z.string(), operator: text, description: text, parallelism: maybeNumber, job_vertex_id: text })),
    ),
  }),
);

/** `count per key<br/>+- discard: Writer<br/>`: the operators of a vertex, as a tree. */
export const operatorsOf = (description: string | undefined): readonly string[] =>
  (description ?? '')
    .split(/<br\s*\/?>|\n/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');

const edgesOf = (
  nodes: readonly { readonly id: string; readonly inputs?: readonly z.output<typeof input>[] | null | undefined }[],
): readonly JobEdge[] =>
  nodes.flatMap(({ id, inputs }) =>
    (inputs ?? []).map((each) => ({ from: each.id, to: id, shipStrategy: each.ship_strategy, exchange: each.exchange })),
  );

const pendingOf = (graph: z.output<typeof streamGraph>): readonly PendingOperator[] =>
  (graph?.nodes ?? [])
    .filter(({ job_vertex_id: vertex }) => vertex === undefined)
    .map(({ id, operator, description, parallelism }) => ({ id, name: operator ?? description ?? id, parallelism: parallelism ?? -1 }));

const vertex = z.object({
  id: z.string(),
  name: z.string(),
  slotSharingGroupId: text,
  parallelism: number,
  maxParallelism: maybeNumber,
  status: z.string(),
  'start-time': number,
  'end-time': maybeNumber,
  duration: number,
  tasks: z.record(z.string(), number),
  metrics: totals,
});

/** `GET /jobs/:id`. `job-type` exists since 1.20; before that, only the plan has it. */
export const jobDetail = z.pipe(
  z.object({
    jid: z.string(),
    name: z.string(),
    state: z.string(),
    'job-type': text,
    schedulerType: text,
    'start-time': number,
    'end-time': number,
    duration: number,
    maxParallelism: maybeNumber,
    now: number,
    timestamps: z.record(z.string(), number),
    vertices: z.array(vertex),
    plan,
    'stream-graph': streamGraph,
    'pending-operators': maybeNumber,
  }),
  z.transform((body): JobDetail => {
    const type = body['job-type'] ?? body.plan?.type;
    const nodes = body.plan?.nodes ?? [];
    const operators = new Map(nodes.map(({ id, description }) => [id, operatorsOf(description)]));
    return {
      id: body.jid,
      name: body.name,
      state: body.state,
      type: type === 'STREAMING' || type === 'BATCH' ? type : undefined,
      scheduler: body.schedulerType,
      startTime: body['start-time'],
      endTime: body['end-time'],
      durationMs: body.duration,
      maxParallelism: body.maxParallelism ?? -1,
      now: body.now,
      timestamps: body.timestamps,
      vertices: body.vertices.map((each) => ({
        id: each.id,
        name: each.name,
        slotSharingGroup: each.slotSharingGroupId,
        operators: operators.get(each.id) ?? [],
        parallelism: each.parallelism,
        maxParallelism: each.maxParallelism ?? -1,
        state: each.status,
        startTime: each['start-time'],
        endTime: each['end-time'] ?? -1,
        durationMs: each.duration,
        tasks: each.tasks,
        totals: each.metrics,
      })),
      edges: edgesOf(nodes),
      pendingOperators: body['pending-operators'],
      pending: pendingOf(body['stream-graph']),
    };
  }),
);
