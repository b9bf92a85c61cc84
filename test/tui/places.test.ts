import { expect, test } from 'vitest';
import { fakeRunner, ScreenUnderTest, selectedPod, selectsPod } from './harness.ts';

const text = Array.from({ length: 90 }, (_, index) => `text line ${index}.`);
const plans = {
  stop: {
    kind: 'confirm',
    line: 'stop',
    command: { name: 'stop' },
    given: {},
    confirmation: { title: 'stop', lines: ['This stops it.'], jobs: [], phrase: 'it', action: 'Stop now' },
  },
} as never;
const pod = 'my-first-flink-cluster-taskmanager-1-1';

async function enterPods(screen: ScreenUnderTest): Promise<void> {
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
}

test('Esc closes one thing after the other: a question, the prompt below it, the text, and the row is selected from which one came', async () => {
  await using screen = new ScreenUnderTest({ runner: fakeRunner(plans) });
  await enterPods(screen);
  screen.type('G');
  await selectsPod(screen, 'taskmanager-1-3');
  screen.front?.show({ kind: 'pod', name: pod, text }) as void;
  await screen.panel('Pod taskmanager-1-1').sees('text line 0.');
  // The question comes when the server has answered: by then the prompt is open.
  screen.type(':stop⏎fline');
  await screen.panel('stop').sees('This stops it.');
  await screen.commandLine.sees(' find line');
  screen.type('⎋');
  await screen.result.sees('stop: nothing was changed.');
  await screen.commandLine.sees(' find line');
  screen.type('⎋');
  await screen.commandLine.seesNo(' find line');
  await screen.panel('Pod taskmanager-1-1').sees('text line 0.');
  screen.type('⎋');
  await screen.panel('Pod taskmanager-1-1').seesNo('text line 0.');
  expect(selectedPod(screen)).toBe('taskmanager-1-3');
  await screen.panel('Pods').sees('d describe');
});

test('a zoomed table is zoomed again when the text that was opened from it is closed', async () => {
  await using screen = new ScreenUnderTest();
  await enterPods(screen);
  screen.type('Gz');
  await screen.panel('Log').seesNo('╭');
  screen.front?.show({ kind: 'pod', name: pod, text }) as void;
  await screen.panel('Pod taskmanager-1-1').sees('text line 30.');
  await screen.panel('Pods').seesNo('╭');
  screen.type('⎋');
  await screen.panel('Pods').sees('Pods');
  await screen.panel('Log').seesNo('╭');
  expect(selectedPod(screen)).toBe('taskmanager-1-3');
});

test('typing that was begun with : and left by Tab has ended: what is pasted later stays on the line when Esc leaves it', async () => {
  await using screen = new ScreenUnderTest();
  await enterPods(screen);
  screen.type(':');
  await screen.hints.sees('⏎ run');
  screen.type('⇥');
  await screen.panel('Pods').sees('d describe');
  screen.paste('savepoint orders');
  await screen.commandLine.sees('› savepoint orders');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  await screen.commandLine.sees('› savepoint orders');
});

test('commands may leave out what is selected on the screen', async () => {
  await using screen = new ScreenUnderTest();
  await enterPods(screen);
  screen.type('G');
  await selectsPod(screen, 'taskmanager-1-3');
  expect(screen.front?.here?.()).toMatchObject({ pod: 'my-first-flink-cluster-taskmanager-1-3', job: expect.stringMatching(/./) });
});
