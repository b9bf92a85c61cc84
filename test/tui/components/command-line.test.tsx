import { expect, test } from 'vitest';
import { CommandLine } from '../../../src/tui/components/command-line.tsx';
import { Hints } from '../../../src/tui/components/hints.tsx';
import { Problem } from '../../../src/tui/components/problem.tsx';
import { lineOf } from '../../../src/tui/state/line-text.ts';
import { emptyCommandLine, type CommandLineState } from '../../../src/tui/state/ui.ts';
import { emptySession } from '../../../src/session/empty-session.ts';
import { frame, show } from './show.tsx';
import { inPanel } from '../where.ts';

const row = { x: 0, y: 0, width: 100, height: 1 };
const typed = (text: string, over: Partial<CommandLineState> = {}) =>
  frame({}, { command: { ...emptyCommandLine, line: lineOf(text), ...over } });
const completion = {
  for: 'st',
  cursor: 2,
  from: 0,
  to: 2,
  candidates: [
    { label: 'stop', insert: 'stop ', description: 'Stop the cluster' },
    { label: 'story', insert: 'story ', description: 'The Timeline' },
  ],
  common: 'sto',
  ghost: 'op',
  expects: undefined,
  unavailable: undefined,
};

test('an empty line names the two keys that lead on; in the panels it names its own', () => {
  expect(show(<CommandLine area={row} />).text()).toMatch(/^ › +Tab panels {3}↑ history$/);
  expect(show(<CommandLine area={row} />, frame({}, inPanel('pods'))).text()).toMatch(/^ › +: command$/);
});

test('what Tab would add stands behind what is typed, and its candidates below', () => {
  const first = typed('st', { completion });
  expect(show(<CommandLine area={row} />, first).text()).toMatch(/^ › stop +Tab complete {3}↑ history$/);
  expect(show(<Hints area={row} />, first).text()).toMatch(/^ stop {2}story/);
});

test('what could not be understood is marked from there on', () => {
  expect(show(<CommandLine area={row} />, typed('stop it', { errorAt: 5 })).raw()).toMatch(/stop \u001b\[[\d;]+mit\u001b\[39m/);
});

test('a prompt takes its place, and its problem stands above', () => {
  const prompt = {
    purpose: 'filter' as const,
    panel: 'log' as const,
    line: lineOf('a('),
    read: 'a(',
    problem: 'Not a regular expression.',
    before: { filter: undefined, search: undefined },
  };
  const first = frame({}, { overlay: { kind: 'prompt', prompt } });
  expect(show(<CommandLine area={row} />, first).text()).toMatch(/^ \/a\( +a regular expression; /);
  expect(show(<Problem area={row} />, first).text()).toBe(' Not a regular expression.');
});

test('the row above tells the worst problem, and a short result if there is none', () => {
  expect(show(<Problem area={row} />).text()).toMatch(/^ ! taskmanager-1-4 ImagePullBackOff/);
  const session = emptySession({ clusterId: 'c', namespace: 'n', context: undefined, server: '' });
  expect(show(<Problem area={row} />, frame({ session }, { result: { lines: ['Theme: light.'], tone: 'info' } })).text()).toBe(
    ' Theme: light.',
  );
});

test('a key that is typed draws it once; what happens in the cluster does not', async () => {
  const { drawnSince, next, text } = show(<CommandLine area={row} />);
  drawnSince();
  await next((before) => ({ now: before.now + 5_000, session: { ...before.session, jobs: [], pods: new Map() } }));
  expect(drawnSince()).toBe(0);
  await next(({ ui }) => ({ ui: { ...ui, command: { ...ui.command, line: lineOf('s') } } }));
  expect(drawnSince()).toBe(1);
  expect(text()).toContain('› s');
});
