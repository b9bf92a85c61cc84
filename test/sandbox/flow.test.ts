import { expect, test } from 'vitest';
import { behindOf, flowsOf, shareOf } from '../../src/sandbox/flink/flow.ts';
import type { GraphVertex } from '../../src/sandbox/flink/graph-types.ts';
import { graphOf } from '../../src/sandbox/flink/graphs.ts';
import { verticesOf } from '../../src/sandbox/flink/tasks.ts';
import { taskNumbers } from '../../src/sandbox/rest/task-numbers.ts';

const source = (rate: number, cost: number): GraphVertex => ({ name: 'source', description: '', rate, cost });
const step = (from: readonly number[], cost: number, more: Partial<GraphVertex> = {}): GraphVertex => ({
  name: 'step',
  description: '',
  inputs: from.map((one) => ({ from: one, ship: 'HASH' })),
  cost,
  ...more,
});

test('nothing waits if every step can take what its source emits', () => {
  const flows = flowsOf([source(100, 1), step([0], 2)], [2, 2]);
  expect(flows.map(({ held }) => held)).toEqual([false, false]);
  expect(flows.map(({ load }) => load)).toEqual([0.1, 0.2]);
  expect(flows[1]).toMatchObject({ in: 100, out: 0 });
});

test('a slow step works all the time, what is before it waits, what is behind it has time', () => {
  const flows = flowsOf([source(1_000, 0.1), step([0], 0.2), step([1], 4), step([2], 0.5)], [1, 1, 1, 1]);
  expect(flows.map(({ held }) => held)).toEqual([true, true, false, false]);
  expect(flows.map(({ load }) => Number(load.toFixed(3)))).toEqual([0.025, 0.05, 1, 0.125]);
});

test('of two streams that are joined only the one with the slow step waits', () => {
  const flows = flowsOf([source(1_000, 0.1), source(50, 0.1), step([0], 4), step([1, 2], 0.5)], [1, 1, 1, 1]);
  expect(flows.map(({ held }) => held)).toEqual([true, false, false, false]);
  expect(flows[3]?.in).toBeCloseTo(300);
});

test('one task that gets most of the records holds up a vertex whose other tasks have time', () => {
  const hot = step([0], 1, { hot: { subtask: 1, share: 3, behindMs: 60_000 } });
  const flows = flowsOf([source(900, 0.1), hot], [4, 4]);
  expect([0, 1, 2, 3].reduce((sum, subtask) => sum + shareOf(hot, 4, subtask), 0)).toBeCloseTo(4);
  expect((flows[1]?.load ?? 0) * shareOf(hot, 4, 1)).toBeCloseTo(1);
  expect((flows[1]?.load ?? 0) * shareOf(hot, 4, 0)).toBeCloseTo(1 / 3);
  expect(flows[0]?.held).toBe(true);
  // With one task there is nobody who could get more.
  expect(shareOf(hot, 1, 0)).toBe(1);
});

test('a watermark that is behind is behind in every task that reads from it, and in the same one if nothing is shuffled', () => {
  const vertices = [source(1, 1), step([0], 1, { hot: { subtask: 1, share: 2, behindMs: 500 } })];
  const forward: GraphVertex = { ...step([1], 1), inputs: [{ from: 1, ship: 'FORWARD' }] };
  const all = [...vertices, forward, step([2], 1)];
  const flows = flowsOf(all, [2, 2, 2, 2]);
  const late = (vertex: number) => [0, 1].map((subtask) => behindOf(all, flows, { vertex, subtask }));
  expect([0, 1, 2, 3].map(late)).toEqual([
    [0, 0],
    [0, 500],
    [0, 500],
    [500, 500],
  ]);
});

const programs = ['TopSpeedWindowing', 'OrdersEnrichment', 'Backpressured', 'OrderJoin', 'Regions', 'ManyTasks', 'WordCount', 'Other'];

test.each(programs)('in %s every input comes earlier in the list, and the parts of a second add up', (program) => {
  const graph = graphOf(`org.example.${program}`, []);
  for (const [index, { inputs }] of graph.vertices.entries()) for (const { from } of inputs ?? []) expect(from).toBeLessThan(index);
  for (const vertex of verticesOf(graph, 3))
    for (const task of vertex.tasks) {
      Object.assign(task, { state: 'RUNNING', runningSince: 0 });
      const early = taskNumbers(vertex, task, 60_000);
      const later = taskNumbers(vertex, task, 70_000);
      expect(early.busy + early.idle + early.backPressured).toBe(1000);
      expect(Math.min(early.busy, early.idle, early.backPressured)).toBeGreaterThanOrEqual(0);
      // What is counted grows at the rate that is shown.
      const grown = (later.recordsIn - early.recordsIn) / 10;
      expect(Math.abs(grown - (early.rateIn + later.rateIn) / 2)).toBeLessThan(1 + early.rateIn / 50);
      expect(later.worked + later.waited).toBeLessThanOrEqual(later.running);
    }
});

test('the slow step of each program with one is the first that is busy while those before it wait', () => {
  const named = (program: string): readonly string[] =>
    verticesOf(graphOf(program, []), 2)
      .filter(
        ({ flow, index, graph, tasks }) =>
          !flow.held && flow.load * Math.max(...tasks.map((_, at) => shareOf(graph, tasks.length, at))) > 0.97 && index > 0,
      )
      .map(({ graph }) => graph.name);
  expect(named('Backpressured')).toEqual(['slow map']);
  expect(named('OrderJoin')).toEqual(['score payments']);
  expect(named('TopSpeedWindowing')).toEqual([]);
});
