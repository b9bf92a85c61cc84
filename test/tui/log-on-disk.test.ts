import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeServers, rawPod } from '../session/feeds/fake-servers.ts';
import { settle } from '../support/fakes.ts';
import { T } from '../session/build.ts';
import { ScreenUnderTest } from './harness.ts';
import { shownLogs } from '../../src/session/recording/shown-logs.ts';
import type { KeptWindow, SessionLogs } from '../../src/session/types.ts';

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
const other = 'c1-taskmanager-1-2';
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
  servers.watch('pods').list(rawPod('taskmanager-1-1'), rawPod('taskmanager-1-2'));
  while (servers.logs.length < 2) await servers.moment(100);
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

async function inLog(
  rows = 40,
  through: (logs: SessionLogs) => SessionLogs = (logs) => logs,
): Promise<{ readonly servers: FakeServers; readonly screen: ScreenUnderTest }> {
  const servers = await attachedAgain();
  const screen = new ScreenUnderTest({ logs: through(servers.feeds.logs), session: servers.session, rows });
  await screen.panel('Pods').sees('taskmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('5');
  await screen.panel('Log').sees('G follow');
  await screen.panel('Log').sees(`line ${many - 1}.`);
  return { servers, screen };
}

/** A disk that answers when the test lets it. */
function slowDisk() {
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>();
  const windows: Promise<KeptWindow>[] = [];
  return {
    logs(live: SessionLogs): SessionLogs {
      const { kept } = live;
      if (kept === undefined) throw new Error('nothing is kept');
      const window: typeof kept.window = (request) => {
        const read = mayAnswer.then(() => kept.window(request));
        windows.push(read);
        return read;
      };
      return { ...shownLogs(live, live, { past: undefined }), kept: { ...kept, window } };
    },
    /** Resolves once what was asked for is there, or was called off. */
    async answers(): Promise<void> {
      answer();
      await Promise.allSettled(windows);
      await settle();
    },
  };
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

test('Esc stops the reading, and the lines on the screen stay', async () => {
  const disk = slowDisk();
  const { screen } = await inLog(40, disk.logs);
  await using _ = screen;
  screen.type('g');
  await screen.panel('Log').sees('reading older lines');
  const numbers = numbersIn(screen);
  screen.type('⎋');
  await screen.result.sees('The disk is not read any further.');
  await screen.panel('Log').sees(/paused, \d+ new/);
  await disk.answers();
  screen.type('z');
  await screen.panel('Log').sees(/paused, \d+ new/);
  expect(numbersIn(screen)).toEqual(expect.arrayContaining([...numbers]));
});

test('G while older lines are read follows the newest line, and stays there', async () => {
  const disk = slowDisk();
  const { screen } = await inLog(40, disk.logs);
  await using _ = screen;
  screen.type('g');
  await screen.panel('Log').sees('reading older lines');
  screen.type('G');
  await screen.panel('Log').sees('following');
  await disk.answers();
  screen.type('z');
  await screen.panel('Log').sees(`line ${many - 1}.`);
  expect(screen.panel('Log').title).toContain('following');
});

test('who selects another pod while the disk is read sees the log of that one', async () => {
  const disk = slowDisk();
  const { servers, screen } = await inLog(40, disk.logs);
  await using _ = screen;
  servers.log(other).lines([T + many * 1_000, 'INFO of the other']);
  screen.type('g');
  await screen.panel('Log').sees('reading older lines');
  screen.type('1j');
  await screen.panel('Log').sees('taskmanager-1-2');
  await screen.panel('Log').sees('of the other');
  expect(screen.panel('Log').title).toContain('following');
  await disk.answers();
  screen.type('5z');
  await screen.panel('Log').sees('of the other');
  expect(screen.panel('Log').title).toContain('following');
});

test.each([
  [
    'they fell out of memory',
    { kept: undefined, bounds: { maxLines: 500, maxBytes: 2 ** 24 } },
    2_000,
    '1,500 earlier lines fell out of memory: with the setting keepLogs they are kept on disk',
  ],
  [
    'drey never read them',
    { kept: undefined, tailLines: 1_000 },
    1_000,
    'Earlier lines were not read: drey began with the last 1,000. In a shell, drey logs prints them all',
  ],
])('above the first line stands why earlier ones are not there: %s', async (_, logs, count, note) => {
  const servers = await attach(logs);
  servers.log(worker).lines(...lines(0, count));
  await servers.moment(1_000);
  await using screen = new ScreenUnderTest({ logs: servers.feeds.logs, session: servers.session });
  await screen.panel('Pods').sees('taskmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('5g');
  await screen.panel('Log').sees(note);
});

test('goto reaches a time that is only on disk', async () => {
  const { screen } = await inLog();
  await using _ = screen;
  screen.front?.logTime?.goTo(T + 4_000_000);
  await screen.panel('Log').sees('▸12:40:40');
});
