import { expect, test } from 'vitest';
import { Terminal } from './harness.ts';

test('a newcomer: help opens with a tour, a typo is told the nearest word, what is refused stays to be mended', async () => {
  await using terminal = new Terminal(['attach', '--sandbox']);
  await terminal.sees('orders-enrichment');
  terminal.type('help⏎');
  await terminal.sees('1. list and pods show what runs');
  terminal.type('cancl orders-enrichment⏎');
  await terminal.sees("Unknown command 'cancl'. The nearest is cancel");
  await terminal.sees('› cancl orders-enrichment');
  terminal.type('⌃ulogs taskmanager⏎');
  await terminal.sees('"taskmanager" can be 2 pods: taskmanager-1-1, taskmanager-1-2.');
  terminal.type("⌃udescribe 'x⏎");
  await terminal.sees("The quote ' is not closed.");
  terminal.type('⌃usubmit README.md⏎');
  await terminal.sees('its name does not end in .jar.');
  await terminal.sees('› submit README.md');
  terminal.type('⌃usubmit no/such.jar⏎');
  await terminal.sees('JAR file does not exist');
});

test('a job by half its name, Tab and Enter in one go: the question names the job, yes cancels it', async () => {
  await using terminal = new Terminal(['attach', '--sandbox']);
  await terminal.sees('CarTopSpeedWindowing');
  terminal.type('cancel CarTop⇥⏎');
  await terminal.sees('This cancels CarTopSpeedWindowing');
  terminal.type('⌃c');
  await terminal.sees('cancel: nothing was changed.');
  terminal.type('cancel CarTop⇥⏎');
  await terminal.sees('This cancels CarTopSpeedWindowing');
  terminal.type('yes⏎');
  await terminal.sees(/CarTopSpeedWindowing +◼ Canceled/);
});

test('a jar by completion: its job appears, fails, and why tells the root cause', async () => {
  await using terminal = new Terminal(['attach', '--sandbox']);
  await terminal.sees('orders-enrichment');
  terminal.type('submit Fail⇥⏎');
  await terminal.sees('Fails after a while');
  await terminal.sees(/! Fails after a while (restarts|failed)/, 30_000);
  terminal.type('why Fails⇥⏎');
  await terminal.sees(/Job Fails after a while \(\w{6}\) is /);
  await terminal.sees(/Root cause +\S/);
}, 60_000);

test('stop says what dies; another word than the cluster id does nothing, the cluster id stops it', async () => {
  await using terminal = new Terminal(['attach', '--sandbox'], { columns: 80, rows: 24 });
  await terminal.sees('Jobs 2');
  terminal.type('stop⏎');
  await terminal.sees('2 jobs are running. Without a savepoint their state is lost');
  await terminal.sees(/Running +orders-enrichment/);
  terminal.type('my-first⏎');
  await terminal.sees('That is not my-first-flink-cluster: nothing was done.');
  expect(terminal.text()).toContain('▸ Take savepoints first, then stop (recommended)');
  terminal.type('⇥my-first-flink-cluster⏎');
  expect(await terminal.exit).toBe(0);
  expect(terminal.fullScreen).toBe(false);
  await terminal.sees('Stopped my-first-flink-cluster.');
});

test('10,000 pasted characters with line breaks run nothing and can be thrown away', async () => {
  await using terminal = new Terminal(['attach', '--sandbox']);
  await terminal.sees('orders-enrichment');
  terminal.send(`\u001b[200~${'stop\n'.repeat(2_000)}END\u001b[201~`);
  await terminal.sees(/stop stop END/);
  expect(terminal.text()).not.toContain('Stop session cluster');
  terminal.type('⌃u');
  await terminal.seesNo('stop stop');
  terminal.type('help⏎');
  await terminal.sees('Available commands:');
});

test('the path of a savepoint stands whole on a small screen, and again among the operations', async () => {
  await using terminal = new Terminal(['attach', '--sandbox'], { columns: 80, rows: 24 });
  await terminal.sees('Jobs 2');
  terminal.type('savepoint orders-enrichment⏎');
  await terminal.sees(/│ +s3:\/\/flink\/savepoints\/savepoint-\w{6}-\w+ +│/);
  terminal.type('⎋');
  await terminal.sees('Tab next panel');
  terminal.type('3');
  await terminal.sees(/Savepoint of orders.* ✓ succeeded/i);
  terminal.type('j⏎');
  await terminal.sees(/│ +s3:\/\/flink\/savepoints\/savepoint-\w{6}-\w+ +│/);
});
