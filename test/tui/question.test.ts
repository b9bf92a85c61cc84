import { expect, test } from 'vitest';
import type { Plan } from '../../src/commands/runner.ts';
import type { Command } from '../../src/commands/model/types.ts';
import { richSession } from './fixtures.ts';
import { fakeRunner, ScreenUnderTest } from './harness.ts';

const stop = { name: 'stop', summary: 'Stop the session cluster', ends: true } as Command;
const confirm = (line: string, over: object): Record<string, Plan> => ({
  [line]: {
    kind: 'confirm',
    line,
    command: stop,
    given: {},
    confirmation: {
      title: 'Stop session cluster',
      lines: ['This deletes Deployment my-first-flink-cluster.'],
      jobs: [],
      action: 'Stop the cluster',
      ...over,
    },
  },
});
const phrase = {
  phrase: 'my-first-flink-cluster',
  jobs: richSession().jobs.slice(0, 2),
  action: 'Stop now, without savepoints',
  alternatives: [{ label: 'Take savepoints first, then stop', commandLine: 'stop --savepoint', recommended: true }],
};

/** A screen on which `stop` has asked. */
async function asked(over: object, options: { readonly columns?: number; readonly rows?: number } = {}): Promise<ScreenUnderTest> {
  const screen = new ScreenUnderTest({ ...options, runner: fakeRunner(confirm('stop', over)) });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('stop⏎');
  await screen.panel('Stop session cluster').sees('This deletes Deployment');
  return screen;
}

test('with nothing running, yes confirms, and the screen ends when the cluster is gone', async () => {
  await using screen = await asked({});
  await screen.panel('Stop session cluster').sees('Type yes, then ⏎:');
  screen.type('yes');
  await screen.when('holds it', () => screen.cursorRow().includes('yes█'));
  expect(screen.runner.ran).toEqual([]);
  screen.type('⏎');
  expect(await screen.end).toBe('stopped');
  expect(screen.runner.ran).toEqual(['stop']);
});

test.each(['⎋', 'n', 'q', 'no⏎', 'quit⏎', '⌃c'])('%s cancels, and nothing is changed', async (keys) => {
  await using screen = await asked({});
  screen.type(keys);
  await screen.panel('Stop session cluster').seesNo('This deletes Deployment');
  expect(screen.runner.ran.filter((line) => line.startsWith('stop'))).toEqual([]);
});

test('Esc says that nothing was changed', async () => {
  await using screen = await asked({});
  screen.type('⎋');
  await screen.result.sees('stop: nothing was changed.');
});

test.each([
  ...'my-first-flink-cluster',
  'my-first',
  'stop',
  'yes',
  'y',
  'list',
  's',
  'x',
  'Take savepoints first, then stop',
  'confirm',
  'recommended',
])('with running jobs, typing "%s" and Enter stops nothing', async (typed) => {
  await using screen = await asked(phrase);
  for (const sign of typed) screen.type(sign);
  await screen.when('shows it in the field', () => screen.cursorRow().includes(`${typed}█`));
  screen.type('⏎');
  await screen.when(
    'has answered',
    () =>
      screen.panel('Stop session cluster').text().includes('That is not my-first-flink-cluster: nothing was done.') ||
      screen.result.text().includes('stop: nothing was changed.'),
  );
  screen.type('⎋');
  await screen.panel('Stop session cluster').seesNo('This deletes Deployment');
  expect(screen.runner.ran).toEqual([]);
});

test('Enter alone says in the dialog what is missing', async () => {
  for (const size of [
    { columns: 120, rows: 40 },
    { columns: 80, rows: 24 },
    { columns: 60, rows: 15 },
  ]) {
    await using screen = await asked(phrase, size);
    screen.type('⏎');
    await screen.panel('Stop session cluster').sees('Nothing was done: type my-first-flink-cluster first.');
    expect(screen.runner.ran).toEqual([]);
  }
});

test('a letter of the cluster id stops nothing; the whole id takes savepoints first, as is recommended', async () => {
  await using screen = await asked(phrase);
  await screen.panel('Stop session cluster').sees('▸ Take savepoints first, then stop (recommended)');
  screen.type('my-first-flink-cluster');
  await screen.when('holds the phrase', () => screen.cursorRow().includes('my-first-flink-cluster█'));
  expect(screen.runner.ran).toEqual([]);
  screen.type('⏎');
  await screen.when('runs', () => screen.runner.ran.length === 1);
  expect(screen.runner.ran).toEqual(['stop --savepoint']);
});

test.each(['↓', '⇥', '↑'])('%s chooses another way, which wants the phrase as well', async (key) => {
  await using screen = await asked(phrase);
  screen.type(key);
  await screen.panel('Stop session cluster').sees('▸ Stop now, without savepoints');
  screen.type('⏎');
  await screen.panel('Stop session cluster').sees('Nothing was done');
  screen.type('my-first-flink-cluster⏎');
  await screen.when('runs', () => screen.runner.ran.length === 1);
  expect(screen.runner.ran).toEqual(['stop']);
});

test('a paste confirms nothing, whatever is pasted', async () => {
  for (const over of [{}, phrase]) {
    await using screen = await asked(over);
    screen.paste('yes\nmy-first-flink-cluster\ny\n');
    await screen.panel('Stop session cluster').sees('yes my-first-flink-cluster y');
    screen.type('⏎');
    await screen.panel('Stop session cluster').sees('nothing was done');
    expect(screen.runner.ran).toEqual([]);
  }
});

test('the end of a word that was typed for the command line is not an answer', async () => {
  await using screen = await asked({});
  screen.type('y⏎');
  await screen.panel('Stop session cluster').sees('That is not yes: nothing was done.');
  expect(screen.runner.ran).toEqual([]);
});

test('the question that is open stays, and another one is not asked in its place', async () => {
  const plans = { ...confirm('stop', {}), ...confirm('cancel x', { title: 'Cancel a job', lines: ['This cancels x.'] }) };
  await using screen = new ScreenUnderTest({ runner: fakeRunner(plans) });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('cancel x⏎stop⏎');
  await screen.panel('Cancel a job').sees('This cancels x.');
  expect(screen.panel('Stop session cluster').text()).toBe('');
  screen.type('⎋');
  await screen.panel('Cancel a job').seesNo('This cancels x.');
  expect(screen.runner.ran).toEqual([]);
});

test('the last row says what can be pressed in the question, and nothing else', async () => {
  await using screen = await asked(phrase);
  await screen.when('has its hints', () => /^ ⏎ confirm {3}↑ ↓ choose {3}Esc cancel/.test(screen.rows().at(-1) ?? ''));
});

test('a wide screen shows the jobs whole', async () => {
  await using screen = await asked(phrase, { columns: 120, rows: 40 });
  await screen.panel('Stop session cluster').sees(/CarTopSpeedWindowing 1a2b3c {2}up 2h, last checkpoint 4 s ago/);
  const long = {
    ...phrase,
    jobs: phrase.jobs.map((each) => ({ ...each, id: `${each.id}0`, name: 'a name of fifty characters that is not cut off here' })),
  };
  await using other = await asked(long, { columns: 120, rows: 40 });
  await other.panel('Stop session cluster').sees(/cut off here 1a2b3c {2}up 2h, last checkpoint 4 s ago/);
});

test('on a screen that is too small to show the question, it cannot be answered', async () => {
  await using screen = await asked(phrase);
  screen.resize(40, 10);
  await screen.whole.sees('60x15');
  screen.type('my-first-flink-cluster⏎');
  await screen.when('has taken the keys', () => screen.stdin.readableLength === 0);
  screen.resize(120, 40);
  await screen.panel('Stop session cluster').sees('Type my-first-flink-cluster');
  expect(screen.cursorRow()).not.toContain('my-first-flink-cluster█');
  expect(screen.runner.ran).toEqual([]);
});

test('of a job whose checkpoints are not known yet, nothing is claimed', async () => {
  const [first] = richSession().jobs;
  const jobs = first === undefined ? [] : [{ ...first, checkpoints: undefined }];
  await using screen = await asked({ ...phrase, jobs });
  expect(screen.panel('Stop session cluster').text()).not.toContain('no checkpoint');
});

test('on the smallest screen the jobs that die are still named', async () => {
  const lines = [
    'This deletes Deployment my-first-flink-cluster in default (prod-eu). Kubernetes then removes its 3 pods, its services and its ConfigMaps.',
    '2 jobs are running. Without a savepoint their state is lost:',
  ];
  await using screen = await asked({ ...phrase, lines }, { columns: 60, rows: 15 });
  const [first, second] = phrase.jobs.map(({ name }) => name);
  const question = screen.panel('Stop session cluster').text();
  expect(question).toContain(`${first}, ${second}`);
  expect(question).toContain('Stop now, without savepoints');
});

test('a command that runs can ask in the middle, and gets the answer', async () => {
  for (const [keys, agreed] of [
    ['yes⏎', true],
    ['⎋', false],
  ] as const) {
    await using screen = new ScreenUnderTest();
    await screen.panel('Pods').sees('jobmanager');
    const answer = screen.front?.agrees?.({
      title: 'Check orders.jar',
      lines: ['No operator has the id of enrich.'],
      action: 'Start it nevertheless',
    });
    await screen.panel('Check orders.jar').sees('Start it nevertheless?');
    // Nobody can answer two questions at once: the second one is not asked.
    expect(await screen.front?.agrees?.({ title: 'Another', lines: [], action: 'Go on' })).toBe(false);
    screen.type(keys);
    expect(await answer).toBe(agreed);
    await screen.panel('Check orders.jar').seesNo('No operator has');
  }
});
