import type { ReactNode } from 'react';
import { expect, test } from 'vitest';
import { Dialog } from '../../../src/tui/components/dialog.tsx';
import { KeyList } from '../../../src/tui/components/key-list.tsx';
import { Result } from '../../../src/tui/components/result.tsx';
import { layout } from '../../../src/tui/state/layout.ts';
import { lineOf } from '../../../src/tui/state/line-text.ts';
import { detachQuestion, openQuestion, type DialogState } from '../../../src/tui/state/question.ts';
import type { Frame } from '../../../src/tui/state/ui.ts';
import { richSession } from '../fixtures.ts';
import { asking } from '../states.ts';
import { frame, show } from './show.tsx';
import { asked, inPanel, withKeys } from '../where.ts';

const small = { columns: 72, rows: 9 };
const wide = { columns: 100, rows: 30 };
const inRoom = (size: typeof small, ui: Parameters<typeof frame>[1]) =>
  frame({ size, layout: layout(size, { view: 'pods', text: false, zoomed: undefined }) }, ui);
const stop = asking({
  lines: ['This deletes Deployment x.'],
  jobs: richSession().jobs.slice(0, 2),
  action: 'Stop now',
  alternatives: [{ label: 'Take savepoints first', commandLine: 'stop --savepoint', recommended: true }],
});
/** What lies over the panels may stand anywhere on the screen. */
const over = (component: ReactNode, first: Frame) => show(component, first, { width: first.size.columns, height: first.size.rows });
const open = (dialog: DialogState | undefined) => inRoom(wide, dialog === undefined ? {} : asked(dialog));

test('nothing is drawn while no question is open', () => {
  expect(
    over(<Dialog />, open(undefined))
      .text()
      .trim(),
  ).toBe('');
});

test('a question names what dies, the choices, and what is to be typed', () => {
  expect(over(<Dialog />, open(stop)).text()).toMatchInlineSnapshot(`
    "







              ╭ Stop session cluster ────────────────────────────────────────────────────────╮
              │                                                                              │
              │ This deletes Deployment x.                                                   │
              │                                                                              │
              │   ▶ Running     CarTopSpeedWindowing 1a2b3c  up 2h, last checkpoint 4 s ago  │
              │   ⟳ Restarting  orders-enrichment 9f13c2  up 12s, last checkpoint 4 s ago    │
              │                                                                              │
              │ ▸ Take savepoints first (recommended)                                        │
              │   Stop now                                                                   │
              │                                                                              │
              │ Type the-phrase, then ⏎:                                                     │
              │                                                                              │
              ╰────────────────────────────────────────── ⏎ confirm  ↑ ↓ choose  Esc cancel ─╯"
  `);
});

test('what was typed and why it did nothing stand below the choices', () => {
  const { text } = over(
    <Dialog />,
    open({ ...stop, chosen: 1, typed: lineOf('the-ph'), problem: 'That is not the-phrase: nothing was done.' }),
  );
  expect(text()).toContain('▸ Stop now');
  expect(text()).toContain('Type the-phrase, then ⏎:  the-ph');
  expect(text()).toContain('That is not the-phrase');
});

test('if the room is small the jobs are cut and never the choices', () => {
  const { text } = over(<Dialog />, inRoom({ columns: 72, rows: 15 }, asked(asking({ jobs: richSession().jobs }))));
  expect(text()).toContain('  CarTopSpeedWindowing, orders-enrichment, nightly-backfill, ');
  expect(text()).toContain('stop now');
});

test('detaching while a log level is set says that it stays, and offers to take it back first', () => {
  const question = detachQuestion('my-cluster', [{ logger: 'root', level: 'DEBUG', at: 0 }]);
  expect(over(<Dialog />, open(openQuestion(question))).text()).toMatch(
    /The log level of root is DEBUG, set by drey, and stays so\.[^]*▸ Detach[^]*Take the log level back first/,
  );
});

test('a question in which nothing can be lost is one key', () => {
  expect(over(<Dialog />, open(openQuestion(detachQuestion('my-cluster')))).text()).toMatch(
    /Detach from my-cluster\?[^]*⏎ detach {2}Esc cancel/,
  );
});

test('a job that ends while the question is open is shown as ended', async () => {
  const { next, text } = over(<Dialog />, open(stop));
  await next(({ session }) => ({ session: { ...session, jobs: session.jobs.map((job) => ({ ...job, state: 'CANCELED' as const })) } }));
  expect(text()).toMatch(/Canceled {4}CarTopSpeedWindowing 1a2b3c, last checkpoint/);
});

test('it is drawn again when something is typed, and not for what happens elsewhere', async () => {
  const { drawnSince, next, text } = over(<Dialog />, open(stop));
  drawnSince();
  await next((before) => ({ now: before.now + 10, session: { ...before.session, pods: new Map() } }));
  expect(drawnSince()).toBe(0);
  await next(({ ui }) => ({ ui: { ...ui, ...asked({ ...stop, typed: lineOf('the') }) } }));
  expect(drawnSince()).toBe(1);
  expect(text()).toContain('⏎:  the ');
});

test('a result of several lines has a box, and a long one says that there is more before', () => {
  const result = (count: number) => ({ tone: 'info' as const, lines: Array.from({ length: count }, (_, index) => `answer ${index}`) });
  expect(over(<Result />, inRoom(wide, { result: result(2) })).text()).toMatch(/╭ Result ─+╮\n│ answer 0 +│\n│ answer 1 +│/);
  expect(over(<Result />, inRoom(wide, { result: result(50) })).text()).toMatch(/… more before +│[^]*answer 49/);
  expect(
    over(<Result />, inRoom(wide, { result: undefined }))
      .text()
      .trim(),
  ).toBe('');
});

test('the keys stand over the panels if all of them have room', () => {
  const roomy = { columns: 100, rows: 100 };
  expect(over(<KeyList />, inRoom(roomy, { ...withKeys, ...inPanel('log') })).text()).toContain('any key closes');
  expect(
    over(<KeyList />, inRoom(small, { ...withKeys, ...inPanel('log') }))
      .text()
      .trim(),
  ).toBe('');
});
