import { expect, test } from 'vitest';
import { ScreenUnderTest } from './harness.ts';

const pods = ['my-first-flink-cluster-taskmanager-1-1'];

test.each([
  ['pods', (screen: ScreenUnderTest) => screen.front?.show({ kind: 'pods' }), 'Pods: 4. Esc leads to the panels.'],
  ['list', (screen: ScreenUnderTest) => screen.front?.show({ kind: 'jobs' }), 'Jobs: 4. Esc leads to the panels.'],
  ['operations', (screen: ScreenUnderTest) => screen.front?.show({ kind: 'operations' }), 'Operations: none. Esc leads to the panels.'],
  ['timeline', (screen: ScreenUnderTest) => screen.front?.show({ kind: 'timeline' }), 'Timeline: 3. Esc leads to the panels.'],
  ['logs', (screen: ScreenUnderTest) => screen.front?.show({ kind: 'log', pods }), 'The log shows taskmanager-1-1.'],
  ['clear', (screen: ScreenUnderTest) => screen.front?.clear(), 'Cleared: g or PgUp in the log shows the lines before.'],
  ['mouse on', (screen: ScreenUnderTest) => screen.front?.setMouse(true), 'The mouse is on: it scrolls and selects.'],
  ['mouse off', (screen: ScreenUnderTest) => screen.front?.setMouse(false), 'The mouse is off: the terminal selects text.'],
  ['theme', (screen: ScreenUnderTest) => screen.front?.setTheme('light'), 'Theme: light.'],
] as const)('who types %s on a wide screen, where nothing else would change, is reported what it did', async (_, run, answer) => {
  await using screen = new ScreenUnderTest();
  await screen.panel('Pods').sees('jobmanager');
  void run(screen);
  await screen.result.sees(answer);
  screen.type('x');
  await screen.result.seesNo(answer);
  expect(screen.cursorRow()).toContain('› x█');
});

test.each([
  ['pods', 'Pods'],
  ['jobs', 'Jobs'],
  ['operations', 'Operations'],
  ['timeline', 'Timeline'],
] as const)('from a panel, : and the command for %s go there', async (kind, title) => {
  await using screen = new ScreenUnderTest();
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  void screen.front?.show({ kind });
  await screen.panel(title).sees('z zoom');
  screen.type('j');
  await screen.when('takes keys as a panel', () => !screen.cursorRow().includes('› j'));
});
