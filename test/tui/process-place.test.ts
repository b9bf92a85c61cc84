import { expect, test } from 'vitest';
import { type Inspection, inspectionOf, keyOf } from '../../src/session/inspections/inspections.ts';
import { now, richSession } from './fixtures.ts';
import { ScreenUnderTest, type ScreenOptions } from './harness.ts';

const clusterId = 'my-first-flink-cluster';
const taskManager = `${clusterId}-taskmanager-1-1`;

/** Goes from home into the JobManager; the pods are in their order, so `>` leads to the first TaskManager. */
async function inJobManager(options: ScreenOptions = {}): Promise<ScreenUnderTest> {
  const screen = new ScreenUnderTest(options);
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('⏎');
  await screen.place.sees('[1 Memory]');
  return screen;
}

async function inTaskManager(options: ScreenOptions = {}): Promise<ScreenUnderTest> {
  const screen = await inJobManager(options);
  screen.type('>');
  await screen.place.sees('TaskManager taskmanager-1-1');
  return screen;
}

test('the memory of a TaskManager and its slots stand together, and one request reads both', async () => {
  await using screen = await inTaskManager();
  await screen.panel('Memory').sees(/JVM heap +256Mi +512Mi .* 50%/);
  await screen.panel('Slots').sees(/1 orders-enrichment +3 +96Mi/);
  expect(screen.inspected).toEqual([{ kind: 'process', process: { kind: 'taskmanager', id: taskManager }, part: 'figures' }]);
});

test('on a small screen Tab leads from the memory to the slots', async () => {
  await using screen = await inTaskManager({ columns: 80, rows: 24 });
  await screen.panel('Memory').sees('JVM heap');
  screen.type('⇥');
  await screen.panel('Slots').sees('orders-enrichment');
  await screen.panel('Memory').seesNo('╭');
});

test('the JobManager has no slots, and a TaskManager has no configuration: each has the views that make sense', async () => {
  await using screen = await inJobManager();
  await screen.place.sees(/\[1 Memory\] +2 Threads +3 Files +4 Configuration/);
  await screen.panel('Slots').seesNo('╭');
  screen.type('4');
  await screen.panel('Configuration').sees('parallelism.default');
  screen.type('>');
  await screen.panel('Memory').sees('JVM heap');
  await screen.place.seesNo('Configuration');
});

test('the log beside a process is its own, and < and > take it along', async () => {
  await using screen = await inJobManager();
  await screen.panel('Log').sees('jobmanager-f647b ·');
  screen.type('>');
  await screen.panel('Log').sees('taskmanager-1-1 ·');
  screen.type('<');
  await screen.panel('Log').sees('jobmanager-f647b ·');
  screen.type('>⎋');
  await screen.panel('Pods').sees('Pods');
  await screen.panel('Log').sees('jobmanager-f647b ·');
});

test('l in each table of a process leads to its log, also after all logs were looked at', async () => {
  await using screen = await inTaskManager();
  for (const view of ['2', '3', '1']) {
    screen.type(`${view}l`);
    await screen.panel('Log').sees(/taskmanager-1-1 ·[^]*G follow/);
    screen.type('a');
    await screen.panel('Log').sees('all 4 logs');
  }
});

test('what moved between two dumps stands below the threads: from where to where, and what stands still after it', async () => {
  await using screen = await inTaskManager();
  screen.type('2');
  await screen.panel('What moved').sees('moved');
  expect(screen.panel('What moved').title).toContain('2 still, 1 moved, 0 new, 0 gone · 11:34:05 to 11:34:20');
  expect(screen.panel('What moved').rows().slice(1, 4)).toEqual([
    expect.stringMatching(/^▸ moved +left +RUNNABLE A\.prepare\(A\.java:1\) → BLOCKED A\.go\(A\.java:3\)$/),
    expect.stringMatching(/^stands still main +WAITING Object\.wait\(Native Method\)$/),
    expect.stringMatching(/^stands still right +BLOCKED A\.go/),
  ]);
});

test('a takes another dump at once, and shows how it differs from the one on the screen', async () => {
  await using screen = await inTaskManager({ columns: 80, rows: 24 });
  screen.type('2');
  await screen.panel('Threads').sees('DEADLOCK');
  screen.type('a');
  await screen.panel('What moved').sees('moved');
  expect(screen.refreshes).toBe(1);
});

test('a first dump has nothing to be compared with, and the key for a second one is named', async () => {
  const session = richSession();
  const subject = { kind: 'process', process: { kind: 'taskmanager', id: taskManager }, part: 'threads' } as const;
  const known = inspectionOf(session, subject);
  const inspection = { ...known, facts: { ...known?.facts, since: undefined } } as Inspection;
  await using screen = await inTaskManager({
    session: { ...session, inspections: new Map([...session.inspections, [keyOf(subject), inspection]]) },
  });
  screen.type('2');
  await screen.panel('What moved').sees('There is one dump so far: a takes another one and compares them.');
});

test('a file of a TaskManager that is gone cannot be opened, and it is said why', async () => {
  await using screen = await inTaskManager();
  screen.type('3g');
  await screen.panel('Files').sees('▸ flink.log');
  const pod = richSession().pods.get(taskManager);
  screen.store.tell([{ kind: 'pods-gone', at: now, pods: pod === undefined ? [] : [pod] }]);
  await screen.place.sees('its pod is gone');
  screen.type('⏎');
  await screen.result.sees(`${taskManager} is gone, and its files with it`);
  expect(screen.runner.ran).toEqual([]);
});

const text = (count: number, from = 0): readonly string[] => Array.from({ length: count }, (_, index) => `line ${from + index}.`);

/** What is read of the file that one looks at. */
function reads(
  screen: ScreenUnderTest,
  lines: readonly string[],
  size: { readonly from?: number; readonly bytes?: number; readonly grown?: number } = {},
): void {
  const { from = 0, bytes = 1_000, grown = bytes } = size;
  const subject = screen.inspected.find(({ kind }) => kind === 'log-file');
  const file = { name: 'flink.log', bytes, changedAt: now };
  const facts = { end: { lines, bytes, from }, readAt: now, read: file, listed: { ...file, bytes: grown }, nextAt: now + 60_000 };
  screen.store.tell([{ kind: 'inspection', at: now, inspection: { subject, facts, readAt: now, problem: undefined } as Inspection }]);
}

async function inFile(): Promise<ScreenUnderTest> {
  const screen = await inTaskManager();
  screen.type('3g');
  await screen.panel('Files').sees('▸ flink.log');
  screen.type('⏎');
  await screen.panel('flink.log').sees('Reading the file.');
  reads(screen, text(90));
  await screen.panel('flink.log').sees('line 89.');
  return screen;
}

test('a log file is followed while its end is on the screen, and stays where it is read', async () => {
  await using screen = await inFile();
  expect(screen.inspected).toEqual([{ kind: 'log-file', process: { kind: 'taskmanager', id: taskManager }, name: 'flink.log' }]);
  expect(screen.panel('flink.log').title).toMatch(/^flink\.log 1 kB · followed · as of 11:34:20/);
  reads(screen, text(91), { bytes: 1_010 });
  await screen.panel('flink.log').sees('line 90.');
  screen.type('k');
  await screen.panel('flink.log').seesNo('line 90.');
  const first = screen.panel('flink.log').rows()[0];
  reads(screen, text(95), { bytes: 1_050 });
  await screen.panel('flink.log').sees('/95');
  expect(screen.panel('flink.log').rows()[0]).toBe(first);
  screen.type('G');
  await screen.panel('flink.log').sees('line 94.');
});

test('a large log file says that only its end is shown, and when it is read again', async () => {
  await using screen = await inFile();
  screen.type('gf4\\.⏎');
  await screen.panel('flink.log').sees('▸line 4.');
  reads(screen, text(90, 3), { from: 24, bytes: 500_000_000, grown: 501_000_000 });
  await screen.panel('flink.log').sees('end of 500 MB · 501 MB by now, read again at 11:35:20');
  await screen.panel('flink.log').sees('▸line 4.');
});

test('a filter holds for what is written to a log file, too', async () => {
  await using screen = await inFile();
  screen.type('/9\\.$⏎');
  await screen.panel('flink.log').sees('9 of 90 lines');
  reads(screen, text(100), { bytes: 1_100 });
  await screen.panel('flink.log').sees('10 of 100 lines');
  await screen.panel('flink.log').sees('line 99.');
});

test('Esc leads from a log file back to the list of files, and l to the log of the process', async () => {
  await using screen = await inFile();
  screen.type('⎋');
  await screen.panel('Files').sees('▸ flink.log');
  screen.type('⏎');
  await screen.panel('flink.log').sees('line 89.');
  screen.type('l');
  await screen.panel('Log').sees(/taskmanager-1-1 ·[^]*G follow/);
});
