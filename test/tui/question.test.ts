import { expect, test } from 'vitest';
import type { Plan } from '../../src/commands/runner.ts';
import type { Command } from '../../src/commands/types.ts';
import { richSession } from './fixtures.ts';
import { fakeRunner, ScreenUnderTest } from './harness.ts';

const stop = { name: 'stop', summary: 'Stop the session cluster', ends: true } as Command;
const confirm = (line: string, over: object): Record<string, Plan> => ({
  [line]: { kind: 'confirm', line, command: stop, given: {}, confirmation: { title: 'Stop session cluster', lines: ['This deletes Deployment my-first-flink-cluster.'], jobs: [], ...over } },
});
const phrase = { phrase: 'my-first-flink-cluster', jobs: richSession().jobs.slice(0, 2), alternatives: [{ key: 's', label: 'take savepoints first', commandLine: 'stop --savepoint' }] };

test('without running jobs y confirms, and the screen ends when the cluster is gone', async () => {
  await using screen = new ScreenUnderTest({ runner: fakeRunner(confirm('stop', {})) });
  await screen.sees('jobmanager');
  screen.type('stop⏎');
  await screen.sees('This deletes Deployment');
  expect(screen.runner.ran).toEqual([]);
  screen.type('y');
  expect(await screen.end).toBe('stopped');
  expect(screen.runner.ran).toEqual(['stop']);
});

test('Esc keeps everything as it is', async () => {
  await using screen = new ScreenUnderTest({ runner: fakeRunner(confirm('stop', {})) });
  screen.type('stop⏎');
  await screen.sees('This deletes Deployment');
  screen.type('⎋');
  await screen.sees('stop: everything stays as it is.');
  expect(screen.runner.ran).toEqual([]);
});

test('with running jobs only the whole phrase confirms', async () => {
  await using screen = new ScreenUnderTest({ runner: fakeRunner(confirm('stop', phrase)) });
  screen.type('stop⏎');
  await screen.sees('x  stop now; type my-first-flink-cluster to confirm');
  screen.type('y⏎x');
  await screen.sees('to confirm, then ⏎');
  screen.type('my-first⏎');
  await screen.sees('That is not my-first-flink-cluster; nothing was done.');
  screen.type('-flink-cluster');
  await screen.when('holds the phrase', () => screen.cursorRow().includes('› my-first-flink-cluster█'));
  expect(screen.runner.ran).toEqual([]);
  screen.type('⏎');
  await screen.when('runs', () => screen.runner.ran.length === 1);
});

test('another way out runs its own command line', async () => {
  await using screen = new ScreenUnderTest({ runner: fakeRunner(confirm('stop', phrase)) });
  screen.type('stop⏎');
  await screen.sees('s  take savepoints first');
  screen.type('s');
  await screen.when('runs', () => screen.runner.ran.length === 1);
  expect(screen.runner.ran).toEqual(['stop --savepoint']);
});

test('a paste confirms nothing, and a key that is no choice does nothing', async () => {
  await using screen = new ScreenUnderTest({ runner: fakeRunner(confirm('stop', {})) });
  screen.type('stop⏎');
  await screen.sees('This deletes Deployment');
  screen.paste('y\n').type('z');
  screen.type('⎋');
  await screen.sees('everything stays');
  expect(screen.runner.ran).toEqual([]);
});

test('of a job whose checkpoints are not known yet, nothing is claimed', async () => {
  const [first] = richSession().jobs;
  const jobs = first === undefined ? [] : [{ ...first, checkpoints: undefined }];
  await using screen = new ScreenUnderTest({ runner: fakeRunner(confirm('stop', { ...phrase, jobs })) });
  screen.type('stop⏎');
  await screen.sees('take savepoints first');
  expect(screen.text()).not.toContain('no checkpoint');
});

test('on the smallest screen the jobs that die are still named', async () => {
  const lines = ['This deletes Deployment my-first-flink-cluster in default (prod-eu). Kubernetes then removes its 3 pods, its services and its ConfigMaps.', '2 jobs are running. Without a savepoint their state is lost:'];
  await using screen = new ScreenUnderTest({ columns: 60, rows: 15, runner: fakeRunner(confirm('stop', { ...phrase, lines })) });
  screen.type('stop⏎');
  await screen.sees('take savepoints first');
  const [first, second] = phrase.jobs.map(({ name }) => name);
  expect(screen.text()).toContain(`${first}, ${second}`);
});
