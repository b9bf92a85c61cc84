import { expect, test } from 'vitest';
import { type Inspection, keyOf } from '../../src/session/inspections/inspections.ts';
import { vertexFacts } from '../../src/inside/vertex/vertex-facts.ts';
import { subtask } from '../support/vertex-inside.ts';
import { now, richSession } from './fixtures.ts';
import { ScreenUnderTest } from './harness.ts';

const orders = '9f13c2'.padEnd(32, '0');

/** Goes from home into the job that restarts, and into its first vertex. */
async function enterVertex(screen: ScreenUnderTest): Promise<void> {
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('2');
  await screen.panel('Jobs').sees('c cancel');
  screen.type('⏎');
  await screen.place.sees('[1 Overview]');
  screen.type('⏎');
  await screen.place.sees('[1 Subtasks]');
}

test('a vertex shows where its subtasks run and how busy they are, and reads nothing else', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  await screen.place.sees(/orders-enrichment 9f13c2 › Source: Orders .*skew 50%.*3m behind/);
  await screen.panel('Subtasks').sees(/▸ +0 +▶ Running .*taskmanager-1-1 .*31% .*313/);
  await screen.panel('Subtasks').sees(/ 1 +▶ Running .*taskmanager-1-2 .*97% .*940 .*3m +1\.5x/);
  expect(screen.inspected).toEqual([{ kind: 'vertex', job: orders, vertex: 'v1' }]);
});

test('a subtask shows its attempts with why they failed, and what it does beside the median of all subtasks', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  screen.type('j⏎');
  await screen.place.sees(/› Source: Orders › Subtask 1 .*Running.*taskmanager-1-2 .*skew 1\.5x/);
  await screen.panel('Attempts').sees(/▸ +2 +▶ Running .*taskmanager-1-2/);
  await screen.panel('Attempts').sees(/ 1 +✗ Failed .*26s .*taskmanager-1-3 +IOException: disk quota exceeded/);
  await screen.panel('Figures').sees(/busy +97% +64% +1\.5x/);
  await screen.panel('Figures').sees(/input buffers in use +75% +- +-/);
  expect(screen.inspected).toEqual([{ kind: 'subtask', job: orders, vertex: 'v1', subtask: 1 }]);
});

test('> goes to the next subtask in the order of the table, and Esc back to its row', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  screen.type('sssss');
  await screen.panel('Subtasks').sees(/BUSY↓[^]*taskmanager-1-2[^]*taskmanager-1-1/);
  screen.type('g⏎');
  await screen.place.sees('› Subtask 1');
  screen.type('>');
  await screen.place.sees('› Subtask 0');
  screen.type('>');
  await screen.result.sees('This is the last one.');
  screen.type('⎋');
  await screen.panel('Subtasks').sees(/▸ +1 /);
});

test('a failed attempt whose TaskManager is gone leads to its failure, and says that the process is not there', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  screen.type('⏎');
  await screen.panel('Attempts').sees('FAILURE');
  screen.type('e');
  await screen.result.sees('Flink reports no failure of this attempt.');
  screen.type('j⏎');
  await screen.result.sees('This pod is gone, and so is its process');
  screen.type('e');
  await screen.panel('Failure').sees('Root cause: IOException: disk quota exceeded');
  screen.type('⎋');
  await screen.place.sees('› Subtask 0');
});

test('each view of a vertex reads what it shows', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  screen.type('2');
  await screen.panel('TaskManagers').sees(/taskmanager-1-1 +2 +2 RUNNING/);
  expect(screen.inspected).toEqual([{ kind: 'vertex-taskmanagers', job: orders, vertex: 'v1' }]);
  screen.type('3');
  await screen.panel('Watermarks').sees('WATERMARK');
  expect(screen.inspected).toEqual([{ kind: 'vertex', job: orders, vertex: 'v1' }]);
  screen.type('4');
  await screen.panel('Accumulators').sees(/lines +LongCounter +42/);
  expect(screen.inspected).toEqual([{ kind: 'vertex-accumulators', job: orders, vertex: 'v1' }]);
});

test('the metrics of a vertex have charts, those of the rows that a filter leaves', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  screen.type('5');
  await screen.panel('Metrics').sees(/▸ busyTimeMsPerSecond +0 +970 +485 +970 +12%/);
  await screen.panel('Charts').sees(/busyTimeMsPerSecond max 970/);
  await screen.panel('Charts').sees(/1000 ┤/);
  expect(screen.inspected).toEqual([{ kind: 'vertex-metrics', job: orders, vertex: 'v1' }]);
  screen.type('/Records⏎');
  await screen.panel('Charts').sees(/numRecordsIn max 970/);
  await screen.panel('Charts').seesNo(/busyTimeMsPerSecond max/);
});

test('b shows the selected metric in each subtask, the largest first, and once more over all subtasks', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  screen.type('5');
  await screen.panel('Metrics').sees(/▸ busyTimeMsPerSecond/);
  screen.type('b');
  await screen.panel('Charts').sees('busyTimeMsPerSecond by subtask, largest first');
  await screen.panel('Charts').sees(/#1 970 over 12s[^]*#0 310/);
  expect(screen.inspected).toEqual([
    { kind: 'vertex-metrics', job: orders, vertex: 'v1' },
    { kind: 'metric-by-subtask', job: orders, vertex: 'v1', metric: 'busyTimeMsPerSecond' },
  ]);
  screen.type('b');
  await screen.panel('Charts').sees('max over all subtasks');
  expect(screen.inspected).toEqual([{ kind: 'vertex-metrics', job: orders, vertex: 'v1' }]);
});

test('a subtask has its own metrics, with a chart of each', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  screen.type('⏎');
  await screen.place.sees('› Subtask 0');
  screen.type('2');
  await screen.panel('Metrics').sees(/▸ mailboxQueueSize +2/);
  await screen.panel('Charts').sees(/mailboxQueueSize 2 over 24s/);
  screen.type('⇥');
  await screen.panel('Charts').sees('z zoom');
  expect(screen.panel('Charts').text()).not.toContain('by subtask');
  screen.type('l');
  await screen.panel('Log').sees('taskmanager-1-1 ');
  expect(screen.inspected).toEqual([{ kind: 'subtask-metrics', job: orders, vertex: 'v1', subtask: 0 }]);
});

test('of very many metrics those on the screen are read each time, and how old the others are is told', async () => {
  const session = richSession();
  const value = { min: 0, max: 1, avg: 1, sum: 1, skew: 0 };
  const subject = { kind: 'vertex-metrics', job: orders, vertex: 'v1' } as const;
  const series = Array.from({ length: 400 }, (_, nth) => ({
    name: `metric${String(nth).padStart(3, '0')}`,
    value: nth === 2 ? undefined : value,
    readAt: nth === 2 ? undefined : nth === 1 ? now - 12_000 : now,
    past: [],
  }));
  const many: Inspection = { subject, facts: { at: now, series }, readAt: now, problem: undefined };
  await using screen = new ScreenUnderTest({
    session: { ...session, inspections: new Map([...session.inspections, [keyOf(subject), many]]) },
  });
  await enterVertex(screen);
  screen.type('5');
  await screen.panel('Metrics').sees(/metric000 .* 0s/);
  await screen.panel('Metrics').sees(/metric001 .* 12s/);
  await screen.panel('Metrics').sees(/metric002( +-)+/);
  screen.type('G');
  await screen.panel('Metrics').sees('▸ metric399');
  const [asked] = screen.inspected;
  expect(asked?.kind === 'vertex-metrics' ? asked.first : []).toContain('metric399');
  expect(asked?.kind === 'vertex-metrics' ? asked.first : []).not.toContain('metric000');
});

test('> goes to the next vertex of the job and < back, and Esc to where the first was entered', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  screen.type('>');
  await screen.panel('Subtasks').sees('Reading the subtasks.');
  expect(screen.inspected).toEqual([{ kind: 'vertex', job: orders, vertex: 'v2' }]);
  screen.type('⎋');
  await screen.place.sees('[1 Overview]');
});

test('subtasks are sorted by what a user asks for', async () => {
  await using screen = new ScreenUnderTest();
  await enterVertex(screen);
  screen.type('sssss');
  await screen.panel('Subtasks').sees(/BUSY↓[^]*taskmanager-1-2[^]*taskmanager-1-1/);
});

test('top has the busiest vertex of the job first, and leads into it', async () => {
  await using screen = new ScreenUnderTest();
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('2');
  await screen.panel('Jobs').sees('c cancel');
  screen.type('⏎');
  await screen.place.sees('[1 Overview]');
  screen.type('t');
  await screen.panel('Top').sees(/▸ Source: Orders .*97%/);
  expect(screen.inspected).toEqual([{ kind: 'top', job: orders }]);
  screen.type('⏎');
  await screen.place.sees(/› Top › Source: Orders/);
});

test('of 1,000 subtasks those that fit are drawn, and the last one is reached', async () => {
  const detail = {
    id: 'v1',
    name: 'Source: Orders',
    parallelism: 1_000,
    maxParallelism: 1_024,
    now,
    subtasks: Array.from({ length: 1_000 }, (_, nth) => subtask(nth)),
  };
  const facts = vertexFacts({ detail, shares: new Map(), watermarks: new Map(), meters: undefined }, undefined);
  const many: Inspection = {
    subject: { kind: 'vertex', job: orders, vertex: 'v1' },
    facts: { vertex: facts, siblings: [], ends: { reads: true, writes: true } },
    readAt: now,
    problem: undefined,
  };
  const session = richSession();
  await using screen = new ScreenUnderTest({
    session: { ...session, inspections: new Map([...session.inspections, [keyOf(many.subject), many]]) },
  });
  await enterVertex(screen);
  await screen.place.sees('parallelism 1000');
  screen.type('G');
  await screen.panel('Subtasks').sees(/▸ +999 +▶ Running/);
  await screen.panel('Subtasks').sees('1000/1000');
});

test('a vertex that a command leads to is shown below its job, and is read once for its name', async () => {
  const unread = { ...richSession(), inspections: new Map<string, Inspection>() };
  await using screen = new ScreenUnderTest({ session: unread });
  await screen.panel('Pods').sees('jobmanager');
  screen.front?.enter?.({ kind: 'vertex-metrics', job: orders, vertex: 'v1' });
  await screen.place.sees('orders-enrichment 9f13c2 › v1');
  expect(screen.inspected).toEqual([
    { kind: 'vertex-metrics', job: orders, vertex: 'v1' },
    { kind: 'vertex', job: orders, vertex: 'v1' },
  ]);
  for (const inspection of richSession().inspections.values())
    if (inspection.subject.kind === 'vertex') screen.store.tell([{ kind: 'inspection', at: now, inspection }]);
  await screen.place.sees('orders-enrichment 9f13c2 › Source: Orders');
  expect(screen.inspected).toEqual([{ kind: 'vertex-metrics', job: orders, vertex: 'v1' }]);
});

test('a job that a command leads to has a vertex selected in its graph, also where the table of vertices has no room', async () => {
  await using screen = new ScreenUnderTest({ columns: 80, rows: 24 });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.front?.enter?.({ kind: 'job', job: orders }, 'Overview');
  await screen.panel('Graph').sees('▸Source: Orders');
  screen.type('⏎');
  await screen.place.sees('[1 Subtasks]');
});
