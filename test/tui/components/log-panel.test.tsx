import { describe, expect, test } from 'vitest';
import { PanelSafely } from '../../../src/tui/components/base/panel-safely.tsx';
import { LogPanel } from '../../../src/tui/components/log-panel.tsx';
import type { ContainerLog, SourceStatus, ViewLine } from '../../../src/session/types.ts';
import { Problem } from '../../../src/support/problem.ts';
import type { Frame } from '../../../src/tui/state/ui.ts';
import { filterOf, frameOf, live, now, richLines, richSession, viewOf, viewOfAll } from '../fixtures.ts';
import { area, frame, show } from './show.tsx';
import { inPanel } from '../where.ts';

const { log } = frameOf({ columns: 100, rows: 40 }).ui;
const jm = 'my-first-flink-cluster-jobmanager-f647b';

test('the newest lines, the events between them, and frames folded away', () => {
  expect(show(<LogPanel area={area} />).text()).toMatchInlineSnapshot(`
    "╭ Log ──────────────────────── jobmanager-f647b · following · 82 lines ╮
    │ 11:34:16 WARN  Lost connection to TaskManager my-first-flink-cluste… │
    │ 11:34:17 ── k8s ─ pod taskmanager-1-3 terminated: OOMKilled, exit    │
    │                   137, limit 1728Mi                                  │
    │ 11:34:17 INFO  Requesting new worker with resource spec {cpu=1.0, m… │
    │ 11:34:18 ── k8s ─ pod taskmanager-1-4 created on node-b ──────────── │
    │ 11:34:20 ── k8s ─ pod taskmanager-1-4 cannot pull                    │
    │                   flink:2.3.0-custom: not found                      ┃
    ╰──────────────────────────────────────────────────────────────────────╯"
  `);
});

test('with the focus the border names the keys', () => {
  expect(show(<LogPanel area={area} />, frame({}, inPanel('log'))).text()).toMatch(/╰─+ .*G follow.* ─╯/);
});

test('a log that is read further up is paused, and counts what is new', () => {
  const { text } = show(<LogPanel area={area} />, frame({}, { log: { ...log, anchor: 40 } }));
  expect(text()).toMatch(/paused, 41 new/);
  expect(text()).toContain('Checkpoint 40 completed');
});

test('in a moment of the past that stands still nothing is new, and nothing follows', () => {
  const past = { ...richSession(), past: now };
  const title = (over: Partial<Frame>, state: Partial<typeof log> = {}): string =>
    show(<LogPanel area={area} />, frame(over, { log: { ...log, ...state } }))
      .text()
      .split('\n')[0] ?? '';
  expect(title({ session: past }, { anchor: 40 })).toMatch(/ · 41 more below · /);
  expect(title({ session: { ...past, playing: 10 } }, { anchor: 40 })).toMatch(/ · paused, 41 new · /);
  const containerLog: ContainerLog = {
    pod: jm,
    container: 'istio-proxy',
    state: { kind: 'following' },
    view: () => viewOf([]),
    [Symbol.dispose]: () => {},
  };
  expect(title({ containerLog })).toContain('following');
  expect(title({ containerLog, session: past })).not.toContain('following');
});

test('a filter and a level stand in the title', () => {
  const { text } = show(<LogPanel area={area} />, frame({}, { log: { ...log, filter: filterOf('Checkpoint'), level: 'WARN' } }));
  expect(text()).toContain('/Checkpoint · WARN and above');
});

test('what is found is marked', () => {
  const { raw } = show(<LogPanel area={area} />, frame({}, { log: { ...log, search: filterOf('worker'), found: 82 } }));
  expect(raw()).toMatch(/\u001b\[7m.*worker\u001b\[/);
});

test('without lines it says why', () => {
  const empty = { logView: viewOf([]) };
  expect(show(<LogPanel area={area} />, frame(empty)).text()).toContain('No lines yet');
  expect(show(<LogPanel area={area} />, frame(empty, { log: { ...log, filter: filterOf('zzz') } })).text()).toContain(
    'No line matches zzz',
  );
  const denied = { ...live(), state: 'denied' as const, problem: new Problem('forbidden', 'You may not read the log of this pod.') };
  const session = { ...richSession(), sources: new Map([[`log:${jm}` as const, denied]]) };
  expect(show(<LogPanel area={area} />, frame({ ...empty, session })).text()).toContain('You may not read the log of this pod.');
  expect(show(<LogPanel area={area} />, frame({ logView: undefined })).text()).toMatch(/╭ Log ─+╮/);
});

describe('the title has one word for how the log goes on', () => {
  const denied = new Problem('forbidden', 'pod jobmanager-f647b does not have a host assigned');
  const going = (state: SourceStatus['state'], ended: boolean, scope: Frame['ui']['log']['scope'] = 'selected') => {
    const { logs, ...rest } = richSession();
    const session = {
      ...rest,
      logs: new Map(logs).set(jm, { lines: 1, bytes: 1, dropped: 0, ended }),
      sources: new Map([[`log:${jm}` as const, { ...live(), state, problem: denied }]]),
    };
    return show(<LogPanel area={area} />, frame({ session }, { log: { ...log, scope } }))
      .text()
      .split('\n')[0];
  };

  test.each([
    ['live', false, 'following'],
    ['live', true, 'ended'],
    ['denied', false, 'stream denied'],
    ['lost', false, 'stream lost'],
    ['denied', true, 'ended'],
  ] as const)('of a stream that is %s (ended: %s) it says %s', (state, ended, word) => {
    expect(going(state, ended)).toMatch(new RegExp(`╭ Log ─+ jobmanager-f647b · ${word} · 82 lines ╮`));
  });

  test('of several streams it counts those that do not flow', () => {
    expect(going('denied', false, 'all')).toContain('all 4 logs · 1 stream denied · ');
    expect(going('denied', true, 'all')).toContain('all 4 logs · following · ');
  });
});

test('it is drawn again for a new line, and not for what happens elsewhere', async () => {
  let lines: readonly ViewLine[] = richLines();
  const { drawnSince, next, text } = show(<LogPanel area={area} />, frame({ logView: viewOfAll(() => lines) }));
  drawnSince();
  await next((before) => ({
    now: before.now + 5_000,
    session: { ...before.session, jobs: before.session.jobs.map((job) => ({ ...job, restarts: 99 })), timeline: [] },
  }));
  expect(drawnSince()).toBe(0);
  lines = [...lines, { at: now, pod: jm, level: 'INFO', text: 'one more line', timeline: undefined }];
  await next(() => ({}));
  expect(drawnSince()).toBe(1);
  expect(text()).toContain('one more line');
});

test('it is drawn again once a flood is over, though no line has come since', async () => {
  let lines: readonly ViewLine[] = richLines();
  const { drawnSince, next } = show(<LogPanel area={area} />, frame({ logView: viewOfAll(() => lines) }));
  lines = [
    ...lines,
    ...Array.from({ length: 8_000 }, (_, at) => ({
      at: now,
      pod: jm,
      level: 'INFO' as const,
      text: `line ${at % 2 === 0 ? 'one' : 'two'}`,
      timeline: undefined,
    })),
  ];
  await next((before) => ({ now: before.now + 300 }));
  drawnSince();
  await next((before) => ({ now: before.now + 1_000 }));
  expect(drawnSince()).toBe(1);
  await next((before) => ({ now: before.now + 1_000 }));
  expect(drawnSince()).toBe(0);
});

test('a defect is shown in its place', () => {
  const logView = {
    ...viewOf(richLines()),
    line: () => {
      throw new Error('no such slab');
    },
  };
  expect(
    show(
      <PanelSafely name="log" area={area}>
        <LogPanel area={area} />
      </PanelSafely>,
      frame({ logView }),
    ).text(),
  ).toMatch(/╭ Log ─+╮\n│ {2}This panel cannot be drawn: /);
});

describe('errors and warnings of each minute stand in the title', () => {
  const minute = Math.floor(now / 60_000);
  /** Warnings five minutes ago, and errors in this minute and the one before. */
  const counts: Readonly<Record<number, { readonly WARN?: number; readonly ERROR?: number }>> = {
    [minute - 5]: { WARN: 3 },
    [minute - 1]: { ERROR: 1, WARN: 1 },
    [minute]: { ERROR: 120 },
  };
  const view = {
    ...viewOf(richLines()),
    troublesFrom: (first: number, minutes: number) => ({
      errors: Uint32Array.from({ length: minutes }, (_, at) => counts[first + at]?.ERROR ?? 0),
      warnings: Uint32Array.from({ length: minutes }, (_, at) => counts[first + at]?.WARN ?? 0),
    }),
  };
  const titleAt = (columns: number, given: Partial<Frame> = {}): string => {
    const room = { x: 0, y: 0, width: columns, height: 9 };
    const drawn = show(<LogPanel area={room} />, { ...frameOf({ columns, rows: 40 }), logView: view, ...given }, room);
    return drawn.text().split('\n')[0] ?? '';
  };

  test('as high as they are many, the newest on the right', () => {
    expect(titleAt(100)).toMatch(/82 lines · errors\/min {25}▃ {3}▂█ ╮$/);
  });

  test('in as many cells as have room, and not at all without room', () => {
    expect(titleAt(80)).toMatch(/82 lines · errors\/min {6,20}▃ {3}▂█ ╮$/);
    expect(titleAt(62)).toMatch(/82 lines ╮$/);
  });

  test('not if there was none', () => {
    expect(titleAt(100, { logView: viewOf(richLines()) })).toMatch(/82 lines ╮$/);
  });
});
