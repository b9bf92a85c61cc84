import { expect, test } from 'vitest';
import { now, richSession } from './fixtures.ts';
import { ScreenUnderTest, type ScreenOptions } from './harness.ts';

const clusterId = 'my-first-flink-cluster';
const taskManager = `${clusterId}-taskmanager-1-1`;

/** Goes from home into the JobManager; the pods are in their order, so `>` leads to the first TaskManager. */
async function inJobManager(options: ScreenOptions = {}): Promise<ScreenUnderTest> {
  const screen = new ScreenUnderTest(options);
  await screen.sees('jobmanager');
  screen.type('⎋');
  await screen.sees('d describe');
  screen.type('⏎');
  await screen.sees('[1 Memory]');
  return screen;
}

async function inTaskManager(options: ScreenOptions = {}): Promise<ScreenUnderTest> {
  const screen = await inJobManager(options);
  screen.type('>');
  await screen.sees('TaskManager taskmanager-1-1');
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
  await screen.seesNo('╭ Memory');
});

test('the JobManager has no slots, and a TaskManager has no configuration: each has the views that make sense', async () => {
  await using screen = await inJobManager();
  await screen.sees(/\[1 Memory\] +2 Threads +3 Files +4 Configuration/);
  await screen.seesNo('╭ Slots');
  screen.type('4');
  await screen.panel('Configuration').sees('parallelism.default');
  screen.type('>');
  await screen.panel('Memory').sees('JVM heap');
  await screen.seesNo('Configuration');
});

test('the log beside a process is its own, and < and > take it along', async () => {
  await using screen = await inJobManager();
  await screen.panel('Log').sees('jobmanager-f647b ·');
  screen.type('>');
  await screen.panel('Log').sees('taskmanager-1-1 ·');
  screen.type('<');
  await screen.panel('Log').sees('jobmanager-f647b ·');
  screen.type('>⎋');
  await screen.sees('╭ Pods');
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

test('a file of a TaskManager that is gone cannot be opened, and it is said why', async () => {
  await using screen = await inTaskManager();
  screen.type('3g');
  await screen.panel('Files').sees('▸ flink.log');
  const pod = richSession().pods.get(taskManager);
  screen.store.tell([{ kind: 'pods-gone', at: now, pods: pod === undefined ? [] : [pod] }]);
  await screen.sees('its pod is gone');
  screen.type('⏎');
  await screen.result.sees(`${taskManager} is gone, and its files with it`);
  expect(screen.runner.ran).toEqual([]);
});
