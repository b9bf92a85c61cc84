import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeServers, rawPod } from '../session/feeds/fake-servers.ts';
import { T } from '../session/build.ts';
import { ScreenUnderTest } from './harness.ts';

let folder: string;
let sessions: FakeServers[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-on-disk-'));
  sessions = [];
});
afterEach(async () => {
  for (const each of sessions) await each.feeds[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const worker = 'c1-taskmanager-1-1';
/** More than two windows of the disk hold, a second apart. */
const many = 9_000;
const isRare = (n: number): boolean => n % 1_000 === 7;
const textOf = (n: number): string =>
  `2026-11-22 11:00:00,000 ${isRare(n) ? 'ERROR' : 'INFO '} a.B [] - ${n % 2 === 0 ? 'even' : 'odd'} line ${n}. ${isRare(n) ? 'rare' : ''} ${'filler '.repeat(12)}`;
const lines = (from: number, to: number): readonly (readonly [number, string])[] =>
  Array.from({ length: to - from }, (_, index) => [T + (from + index) * 1_000, textOf(from + index)] as const);

async function attach(logs: object): Promise<FakeServers> {
  const servers = new FakeServers({ logs: { kept: { folder, label: '~/logs' }, ...logs } });
  // The lines are of this session and not of a later one.
  await servers.clock.advance(many * 1_000);
  sessions.push(servers);
  servers.watch('deployments').list({ metadata: { name: 'c1', uid: 'd1', creationTimestamp: '2026-11-22T10:00:00Z' } });
  servers.watch('pods').list(rawPod('taskmanager-1-1'));
  while (servers.logs.length === 0) await servers.moment(100);
  return servers;
}

/** A session that kept many lines, and one after it that holds the last hundred of them. */
async function attachedAgain(): Promise<FakeServers> {
  const before = await attach({});
  before.log(worker).lines(...lines(0, many));
  await before.feeds[Symbol.asyncDispose]();
  const servers = await attach({ tailLines: 100 });
  while (servers.feeds.logs.view([worker]).count === 0) await servers.moment(100);
  return servers;
}

async function inLog(rows = 40): Promise<{ readonly servers: FakeServers; readonly screen: ScreenUnderTest }> {
  const servers = await attachedAgain();
  const screen = new ScreenUnderTest({ logs: servers.feeds.logs, session: servers.session, rows });
  await screen.panel('Pods').sees('taskmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('5');
  await screen.panel('Log').sees('G follow');
  await screen.panel('Log').sees(`line ${many - 1}.`);
  return { servers, screen };
}

const numbersIn = (screen: ScreenUnderTest): readonly number[] =>
  screen
    .panel('Log')
    .rows()
    .flatMap((row) => Number(/line (\d+)\./.exec(row)?.[1] ?? Number.NaN))
    .filter((number) => !Number.isNaN(number));

test('above the first line in memory stands how many are on disk, and scrolling on shows them without a gap', async () => {
  const { screen } = await inLog(140);
  await using _ = screen;
  await screen.panel('Log').sees(`8,900 earlier lines are kept on disk, from 11:34:00: k reads them, g goes to the first`);
  expect(screen.panel('Log').rows()[1]).toContain(`line ${many - 100}.`);
  screen.type('kk');
  await screen.panel('Log').sees('paused, from disk');
  await screen.panel('Log').sees(`line ${many - 101}.`);
  const numbers = numbersIn(screen);
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  screen.type('G');
  await screen.panel('Log').sees('following');
  await screen.panel('Log').sees(`line ${many - 1}.`);
});

test('g goes to the first line of all, and paging down from there comes to the newest one', async () => {
  const { screen } = await inLog(200);
  await using _ = screen;
  screen.type('g');
  await screen.panel('Log').sees(/line 0\./);
  expect(screen.panel('Log').title).toContain('paused, from disk');
  const seen = new Set<number>();
  while (!screen.panel('Log').title.includes('following')) {
    for (const number of numbersIn(screen)) seen.add(number);
    const last = numbersIn(screen).at(-1);
    screen.type(' ');
    await screen.when('goes on', () => numbersIn(screen).at(-1) !== last || screen.panel('Log').title.includes('following'));
  }
  for (const number of numbersIn(screen)) seen.add(number);
  expect(seen.size).toBe(many);
});

test('n goes on to the matches on disk, and the title counts them all', async () => {
  const { screen } = await inLog();
  await using _ = screen;
  screen.type('frare⏎');
  await screen.panel('Log').sees('find rare ↑ 9 of 9');
  await screen.panel('Log').sees('line 8007.');
  screen.type('n');
  await screen.panel('Log').sees('find rare ↑ 8 of 9');
  await screen.panel('Log').sees('line 7007.');
  screen.type('n');
  await screen.panel('Log').sees('find rare ↑ 7 of 9');
  screen.type('N');
  await screen.panel('Log').sees('find rare ↑ 8 of 9');
  screen.type('N');
  await screen.panel('Log').sees('find rare ↑ 9 of 9');
});

test('a filter lets older lines of the disk pass', async () => {
  const { screen } = await inLog();
  await using _ = screen;
  screen.type('/rare⏎');
  await screen.panel('Log').sees('No line matches rare');
  screen.type('k');
  await screen.panel('Log').sees('line 8007.');
  expect(numbersIn(screen)).toEqual([7, 1_007, 2_007, 3_007, 4_007, 5_007, 6_007, 7_007, 8_007]);
  screen.type('⎋');
  await screen.panel('Log').sees('line 8006.');
});

test('E goes to the errors on disk, one after the other', async () => {
  const { screen } = await inLog();
  await using _ = screen;
  screen.type('E');
  await screen.panel('Log').sees('line 8007.');
  screen.type('E');
  await screen.panel('Log').sees('line 7007.');
  screen.type('e');
  await screen.panel('Log').sees('line 8007.');
  screen.type('e');
  await screen.result.sees('No later error in any log');
});

test('goto reaches a time that is only on disk', async () => {
  const { screen } = await inLog();
  await using _ = screen;
  screen.front?.logTime?.goTo(T + 4_000_000);
  await screen.panel('Log').sees('▸12:40:40');
});
