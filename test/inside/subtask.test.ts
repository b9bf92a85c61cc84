import { expect, test } from 'vitest';
import type { FailureRecord } from '../../src/flink/exception-types.ts';
import { readSubtask } from '../../src/inside/vertex/read-subtask.ts';
import { attemptsOf, median, subtaskFigures, type SubtaskInside } from '../../src/inside/vertex/subtask.ts';
import { vertexFacts } from '../../src/inside/vertex/vertex-facts.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink } from '../support/fakes.ts';
import { subtask } from '../support/vertex-inside.ts';

const record = (taskName: string, at: number): FailureRecord => ({
  exceptionName: 'java.io.IOException',
  stacktrace: 'java.io.IOException: disk quota exceeded\n\tat a.B.c(B.java:1)',
  at,
  taskName,
  taskManagerId: 'tm-2',
  endpoint: undefined,
  labels: {},
});

interface Server {
  attempt: number;
  readonly parallelism?: number;
  /** Former attempts that Flink keeps. */
  readonly kept?: (attempt: number) => boolean;
}

/** A vertex whose subtask 1 failed some times. */
function cluster(server: Server) {
  const asked: string[] = [];
  const { parallelism = 3, kept = () => true } = server;
  const flink = fakeFlink({
    vertex: async () => (
      asked.push('vertex'),
      {
        id: 'v',
        name: 'Enrich',
        parallelism,
        maxParallelism: 128,
        now: 100_000,
        subtasks: Array.from({ length: parallelism }, (_, nth) => subtask(nth, nth === 1 ? { attempt: server.attempt } : {})),
      }
    ),
    vertexTimeShares: async () => (
      asked.push('shares'),
      new Map([0.2, 0.9, 0.3].map((busy, nth) => [nth, { busy, backPressured: 0, idle: 1 - busy }]))
    ),
    vertexWatermarks: async () => (asked.push('watermarks'), new Map()),
    subtaskMetrics: async (_job, _vertex, { names, subtasks }) => (
      asked.push(`${names.length} metrics of ${subtasks.length}`),
      new Map([
        ['Shuffle.Netty.Input.Buffers.inPoolUsage', new Map([[1, 0.5]])],
        ['numRecordsInPerSecond', new Map([[1, 940]])],
      ])
    ),
    exceptionHistory: async () => (
      asked.push('failures'),
      {
        failures: [
          { ...record('Enrich (2/3) - execution #0', 50_000), concurrent: [record('Enrich (1/3) - execution #0', 50_000)] },
          { ...record('Other (2/3) - execution #0', 40_000), concurrent: [] },
        ],
        truncated: false,
      }
    ),
    async subtaskAttempt(_job, _vertex, { attempt }) {
      asked.push(`attempt ${attempt}`);
      if (!kept(attempt)) throw new Problem('not-found', `Invalid attempt num ${attempt}`);
      return subtask(1, { attempt, state: 'FAILED', taskManagerId: `tm-${attempt}`, endTime: 50_000 });
    },
  });
  const end = new AbortController();
  const read = async (before?: SubtaskInside, most = Number.POSITIVE_INFINITY): Promise<SubtaskInside> => {
    asked.length = 0;
    return readSubtask(flink, { jobId: 'j', vertexId: 'v', subtask: 1 }, before, {
      signal: end.signal,
      ends: { reads: true, writes: true },
      most,
    });
  };
  return { asked, read };
}

test('the attempts of a subtask are listed newest first, each with its TaskManager and why it failed', async () => {
  const { attempts } = await cluster({ attempt: 2 }).read();
  expect(attempts.map(({ kind, attempt, run, failure }) => [kind, attempt, run?.state, run?.taskManagerId, failure?.cause])).toEqual([
    ['present', 2, 'RUNNING', 'my-first-flink-cluster-taskmanager-1-2', undefined],
    ['former', 1, 'FAILED', 'tm-1', undefined],
    ['former', 0, 'FAILED', 'tm-0', 'IOException: disk quota exceeded'],
  ]);
});

test('an attempt that Flink does not keep is unknown, and asked for once', async () => {
  const { asked, read } = cluster({ attempt: 2, kept: (attempt) => attempt === 1 });
  const first = await read();
  expect(first.attempts.map(({ run }) => run?.state)).toEqual(['RUNNING', 'FAILED', undefined]);
  await read(first);
  expect(asked.filter((one) => one.startsWith('attempt'))).toEqual([]);
});

test('a refresh of a subtask costs at most six requests, and after some of them all attempts are known', async () => {
  const { asked, read } = cluster({ attempt: 4 });
  let facts: SubtaskInside | undefined;
  for (let nth = 0; nth < 6; nth += 1) {
    facts = await read(facts, 1);
    expect(asked.length).toBeLessThanOrEqual(6);
  }
  expect(facts?.attempts.every(({ run }) => run !== undefined)).toBe(true);
  expect(asked).toEqual(['vertex', 'shares', 'watermarks', '6 metrics of 1', '4 metrics of 3']);
});

test('of 1,000 subtasks one costs no more, and has its own rates at once', async () => {
  const { asked, read } = cluster({ attempt: 0, parallelism: 1_000 });
  const facts = await read(await read());
  expect(facts.vertex.subtasks.slice(0, 2).map(({ rates }) => rates.recordsIn)).toEqual([undefined, 940]);
  expect(asked).toEqual(['vertex', 'shares', 'watermarks', '6 metrics of 1']);
});

test('failures are asked for again when another attempt runs', async () => {
  const server = { attempt: 1 };
  const { asked, read } = cluster(server);
  const first = await read();
  const second = await read(first);
  expect(asked).not.toContain('failures');
  server.attempt = 2;
  await read(second);
  expect(asked).toContain('failures');
});

test('attempts that run at the same time are none of the former ones', () => {
  const detail = {
    id: 'v',
    name: 'Enrich',
    parallelism: 1,
    maxParallelism: 128,
    now: 1,
    subtasks: [subtask(0, { attempt: 1, others: [subtask(0, { attempt: 2 })] })],
  };
  const [one] = vertexFacts({ detail, shares: new Map(), watermarks: new Map(), meters: undefined }, undefined).subtasks;
  if (one === undefined) throw new Error('There is no subtask');
  expect(attemptsOf(one, [], []).map(({ kind, attempt }) => `${kind} ${attempt}`)).toEqual(['beside 2', 'present 1', 'former 0']);
});

test('a figure of a subtask stands beside the median of all, and one that Flink does not report is unknown', async () => {
  const figures = subtaskFigures(await cluster({ attempt: 0 }).read());
  const of = (name: string) => figures.find((one) => one.name === name);
  expect(of('busy')).toMatchObject({ value: 0.9, median: 0.3 });
  expect(of('input buffers in use')).toMatchObject({ value: 0.5, median: undefined });
  expect(of('output buffers in use')?.value).toBeUndefined();
  expect(of('behind in event time')?.value).toBeUndefined();
});

test('the median is the value in the middle, or between the two in the middle', () => {
  expect(median([])).toBeUndefined();
  expect(median([3])).toBe(3);
  expect(median([9, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 10])).toBe(3);
});
