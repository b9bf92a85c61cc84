import { expect, test } from 'vitest';
import { type Inspection, keyOf } from '../../src/session/inspections/inspections.ts';
import type { Session } from '../../src/session/types.ts';
import { flameInside, profileInside } from '../support/flame-inside.ts';
import { now, richSession } from './fixtures.ts';
import { ScreenUnderTest } from './harness.ts';

const orders = '9f13c2'.padEnd(32, '0');
const tm = 'my-first-flink-cluster-taskmanager-1-1';

function withInspections(...added: readonly Inspection[]): Session {
  const session = richSession();
  return { ...session, inspections: new Map([...session.inspections, ...added.map((each) => [keyOf(each.subject), each] as const)]) };
}

/** The screen at the flame graph of the first vertex of a job. */
async function atFlame({ columns = 120, rows = 40, session = richSession() } = {}): Promise<ScreenUnderTest> {
  const screen = new ScreenUnderTest({ columns, rows, session });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('2');
  await screen.panel('Jobs').sees('c cancel');
  screen.type('⏎');
  await screen.place.sees('[1 Overview]');
  screen.type('⏎');
  await screen.place.sees('[1 Subtasks]');
  screen.type('F');
  await screen.panel('Flame graph').sees('Flame graph');
  return screen;
}

test('F in a vertex shows its flame graph beside the methods, and reads nothing else', async () => {
  await using screen = await atFlame();
  await screen.place.sees(/› flame graph of Source: Orders/);
  const flame = screen.panel('Flame graph');
  await flame.sees('100 samples');
  expect(flame.rows().slice(0, 4)).toEqual([
    '│root',
    '▸Thread.run',
    expect.stringMatching(/^│Enrich\.map +│Sink\.write/),
    expect.stringMatching(/^│Http\.call +│Json\.parse$/),
  ]);
  expect(flame.rows().at(-1)).toBe('100%, own 0%  java.lang.Thread.run:840');
  await screen.panel('Methods').sees(/50% +50% Http\.call/);
  expect(screen.inspected).toEqual([{ kind: 'flame', job: orders, vertex: 'v1', subtask: undefined, type: 'on_cpu' }]);
});

test('on a small screen the graph has all the room, and Tab leads to the methods', async () => {
  await using screen = await atFlame({ columns: 80, rows: 24 });
  await screen.panel('Flame graph').sees('▸Thread.run');
  await screen.panel('Methods').seesNo('╭');
  screen.type('⇥');
  await screen.panel('Methods').sees(/50% +50% Http\.call/);
  await screen.panel('Flame graph').seesNo('╭');
  screen.type('⏎');
  await screen.panel('Flame graph').sees('▸Http.call');
});

test('Enter zooms into a frame, with the methods below it; Esc zooms out step by step before it leaves', async () => {
  await using screen = await atFlame();
  const flame = screen.panel('Flame graph');
  await flame.sees('▸Thread.run');
  screen.type('j⏎');
  await flame.sees('zoomed to 80%');
  expect(flame.rows().slice(2, 4)).toEqual(['▸Enrich.map', expect.stringMatching(/^│Http\.call +│Json\.parse$/)]);
  await screen.panel('Methods').seesNo('Sink.write');
  screen.type('j⏎');
  await flame.sees('zoomed to 50%');
  screen.type('⎋');
  await flame.sees('zoomed to 80%');
  screen.type('⎋');
  await flame.seesNo('zoomed to');
  await flame.sees('▸Enrich.map');
  screen.type('⎋');
  await screen.place.sees('[1 Subtasks]');
});

test('Enter on a frame that called the one zoomed into zooms out to it', async () => {
  await using screen = await atFlame();
  const flame = screen.panel('Flame graph');
  await flame.sees('▸Thread.run');
  screen.type('jj⏎');
  await flame.sees('zoomed to 50%');
  screen.type('k⏎');
  await flame.sees('zoomed to 80%');
  screen.type('g⏎');
  await flame.seesNo('zoomed to');
});

test('a search shows the share of the samples that match anywhere, and Esc ends it first', async () => {
  await using screen = await atFlame();
  const flame = screen.panel('Flame graph');
  await flame.sees('▸Thread.run');
  screen.type('/http|json');
  await flame.sees('find http|json: 70% of the samples');
  screen.type('⏎');
  await flame.sees('▸Http.call');
  screen.type('n');
  await flame.sees('▸Json.parse');
  screen.type('n');
  await flame.sees('▸Http.call');
  screen.type('⎋');
  await flame.seesNo('find http');
  screen.type('/nothing⏎');
  await screen.result.sees('No frame matches nothing');
});

test('the digits choose which threads are counted, and the panel keeps the focus', async () => {
  await using screen = await atFlame({ session: withInspections(flameInside({ job: orders, vertex: 'v1', type: 'full' }, now)) });
  await screen.panel('Flame graph').sees('▸Thread.run');
  screen.type('⇥');
  await screen.panel('Methods').sees('show');
  screen.type('3');
  await screen.place.sees('[3 On and off]');
  await screen.panel('Methods').sees('show');
  expect(screen.inspected).toMatchObject([{ type: 'full' }]);
  screen.type('2');
  await screen.panel('Flame graph').sees('Reading the flame graph.');
  expect(screen.inspected).toMatchObject([{ type: 'off_cpu' }]);
});

test('what is selected and zoomed into stays so in the next samples', async () => {
  await using screen = await atFlame();
  const flame = screen.panel('Flame graph');
  await flame.sees('▸Thread.run');
  screen.type('j⏎j');
  await flame.sees('▸Http.call');
  const frames = [
    { level: 0, name: 'root', samples: 50 },
    { level: 1, name: 'java.lang.Thread.run:840', samples: 50 },
    { level: 2, name: 'org.example.Added.first:1', samples: 30 },
    { level: 2, name: 'org.example.Enrich.map:12', samples: 20 },
    { level: 3, name: 'org.example.Json.parse:9', samples: 5 },
    { level: 3, name: 'org.example.Http.call:3', samples: 15 },
  ];
  const inspection = flameInside({ job: orders, vertex: 'v1' }, now, { samples: { at: now + 60_000, frames } });
  screen.store.tell([{ kind: 'inspection', at: now, inspection }]);
  await flame.sees('50 samples');
  await flame.sees('zoomed to 40%');
  await flame.sees('▸Http.call');
});

test.each([
  ['off', 'This cluster does not sample flame graphs:'],
  ['ended', 'The vertex does not run any more'],
  ['sampling', 'Flink has begun to sample the threads'],
  ['sampled', 'No thread ran in any sample'],
] as const)('without samples the panel says why: %s', async (status, words) => {
  const facts = { status, samples: status === 'sampled' ? { at: now, frames: [{ level: 0, name: 'root', samples: 0 }] } : undefined };
  await using screen = await atFlame({ session: withInspections(flameInside({ job: orders, vertex: 'v1' }, now, facts)) });
  await screen.panel('Flame graph').sees(words);
});

test('> leads to the next vertex in the same view, and of a subtask to the next subtask', async () => {
  await using screen = await atFlame({
    session: withInspections(flameInside({ job: orders, vertex: 'v1', subtask: 0, type: 'full' }, now)),
  });
  await screen.panel('Flame graph').sees('▸Thread.run');
  screen.type('>');
  await screen.panel('Flame graph').sees('Reading the flame graph.');
  expect(screen.inspected).toMatchObject([{ vertex: 'v2', subtask: undefined, type: 'on_cpu' }]);
  screen.front?.enter?.({ kind: 'flame', job: orders, vertex: 'v1', subtask: 0, type: 'full' });
  await screen.place.sees('flame graph of Source: Orders/0');
  screen.type('>');
  await screen.panel('Flame graph').sees('Reading the flame graph.');
  expect(screen.inspected).toMatchObject([{ vertex: 'v1', subtask: 1, type: 'full' }]);
  screen.type('>');
  await screen.result.sees('This is the last one.');
});

test('F in a process shows its newest profile, p takes another one, and its progress is shown', async () => {
  const process = { kind: 'taskmanager', id: tm } as const;
  const running = { mode: 'alloc', startedAt: now - 4_000, durationMs: 10_000, since: now - 4_000 };
  await using screen = new ScreenUnderTest({
    session: withInspections(profileInside(process, now, 'alloc', { running, shown: undefined })),
  });
  await screen.panel('Pods').sees('jobmanager');
  screen.front?.enter?.({ kind: 'process', process, part: 'figures' });
  await screen.place.sees('[1 Memory]');
  screen.type('⎋');
  await screen.panel('Memory').sees('F flame');
  screen.type('F');
  await screen.place.sees(/› profile of TaskManager taskmanager-1-1/);
  await screen.panel('Flame graph').sees('▸Thread.run');
  screen.type('2');
  await screen.place.sees('[2 Wall]');
  screen.type('3');
  await screen.panel('Flame graph').sees(/profiling alloc: \d+ of 10 s/);
  await screen.panel('Flame graph').sees('The profiler samples the process');
  screen.type('p');
  await screen.when('profiles', () => screen.runner.ran.includes(`flame ${tm} --mode alloc`));
});

test('a click selects the frame below it, and one on a tab shows that view', async () => {
  await using screen = await atFlame();
  const flame = screen.panel('Flame graph');
  await flame.sees('▸Thread.run');
  const click = (text: string): void => {
    const y = screen.rows().findIndex((row) => row.includes(text));
    screen.stdin.write(`\u001b[<0;${(screen.rows()[y]?.indexOf(text) ?? 0) + 2};${y + 1}M`);
  };
  screen.front?.setMouse(true);
  click('│Json.parse');
  await flame.sees('▸Json.parse');
  click('3 On and off');
  await screen.place.sees('[3 On and off]');
});

test('a screen that becomes smaller in the middle of a zoom keeps the frame', async () => {
  await using screen = await atFlame();
  const flame = screen.panel('Flame graph');
  await flame.sees('▸Thread.run');
  screen.type('j⏎j');
  await flame.sees('▸Http.call');
  screen.resize(80, 24);
  await flame.sees('▸Http.call');
  await flame.sees('zoomed to 80%');
  screen.resize(200, 50);
  await flame.sees(/▸Http\.call +│Json\.parse/);
});
