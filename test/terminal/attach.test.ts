import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start.ts';
import { Terminal } from './harness.ts';

const attached = (options = {}) => new Terminal(['attach', '--sandbox'], options);

test('npm start shows a living cluster: pods, jobs, log and the command line', async () => {
  await using terminal = attached();
  await terminal.sees('my-first-flink-cluster');
  await terminal.sees(/jobmanager-\S+.*Running/);
  await terminal.sees('taskmanager-1-1');
  await terminal.sees('CarTopSpeedWindowing');
  await terminal.sees(/INFO/);
  expect(terminal.fullScreen).toBe(true);
});

test('quit leaves the terminal as it was and says that the cluster still runs', async () => {
  await using sandbox = await startSandbox();
  await using terminal = new Terminal(['attach', sandbox.clusterId], { env: { KUBECONFIG: sandbox.kubeconfig } });
  await terminal.sees('taskmanager-1-1');
  terminal.type('quit⏎');
  expect(await terminal.exit).toBe(0);
  expect(terminal.fullScreen).toBe(false);
  await terminal.sees('still runs');
});

test('Ctrl+C clears a typed line first, then detaches', async () => {
  await using terminal = attached();
  await terminal.sees('taskmanager-1-1');
  terminal.type('cancel everyth');
  await terminal.sees('cancel everyth');
  terminal.type('⌃c');
  await terminal.seesNo('cancel everyth');
  terminal.type('⌃c');
  expect(await terminal.exit).toBe(0);
  expect(terminal.fullScreen).toBe(false);
});

test.each(['SIGTERM', 'SIGHUP'] as const)('%s restores the terminal', async (signal) => {
  await using terminal = attached();
  await terminal.sees('taskmanager-1-1');
  terminal.signal(signal);
  await terminal.exit;
  expect(terminal.fullScreen).toBe(false);
  expect(terminal.written).toContain('\x1b[?25h');
});

test('a resize in the middle redraws at once; too small a terminal says so and goes on', async () => {
  await using terminal = attached({ columns: 200, rows: 50 });
  await terminal.sees('taskmanager-1-1');
  terminal.resize(80, 24);
  await terminal.sees('[Pods');
  terminal.resize(40, 10);
  await terminal.sees(/60.*15/);
  terminal.resize(120, 40);
  await terminal.sees('taskmanager-1-1');
});
