import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { KeptLines, KeptRequest, LogView } from '../../../src/session/types.ts';
import { T } from '../build.ts';
import { FakeServers, rawPod } from './fake-servers.ts';

let folder: string;
let sessions: FakeServers[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-lines-'));
  sessions = [];
});
afterEach(async () => {
  for (const each of sessions) await each.feeds[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const [first, second] = ['c1-taskmanager-1-1', 'c1-taskmanager-1-2'];
const pods = [rawPod('taskmanager-1-1'), rawPod('taskmanager-1-2')];
const signal = new AbortController().signal;
/** Some blocks of a spool, and more than a window shows. */
const many = 12_000;
const filler = ' of a line that is as long as those of Flink are, so that a block of the spool has a thousand of them and not more'.repeat(
  1,
);
const textOf = (n: number): string => `2026-11-22 11:00:00,000 ${n % 1_000 === 7 ? 'ERROR' : 'INFO '} a.B [] - line ${n}${filler}`;
const numbered = (from: number, to: number): readonly (readonly [number, string])[] =>
  Array.from({ length: to - from }, (_, index) => [T + from + index, textOf(from + index)] as const);

async function attach(logs: { readonly tailLines?: number; readonly maxLines?: number } = {}): Promise<FakeServers> {
  const bounds = logs.maxLines === undefined ? undefined : { maxLines: logs.maxLines, maxBytes: 2 ** 24 };
  const servers = new FakeServers({
    logs: { kept: { folder, label: '~/logs' }, ...(logs.tailLines === undefined ? {} : { tailLines: logs.tailLines }), bounds },
  });
  sessions.push(servers);
  servers.watch('deployments').list({ metadata: { name: 'c1', uid: 'd1', creationTimestamp: '2026-11-22T10:00:00Z' } });
  servers.watch('pods').list(...pods);
  while (servers.logs.length < pods.length) await servers.moment(100);
  return servers;
}

/** A session that kept many lines, and one after it that holds the last of them only. */
async function attachedAgain(
  logs: { readonly maxLines?: number } = {},
): Promise<{ readonly servers: FakeServers; readonly kept: KeptLines }> {
  const before = await attach();
  before.log(first).lines(...numbered(0, many));
  before.log(second).lines([T + 5, 'INFO other'], [T + many, 'INFO other, later']);
  await before.feeds[Symbol.asyncDispose]();
  const servers = await attach({ tailLines: 100, ...logs });
  while (servers.feeds.logs.view([first]).count === 0) await servers.moment(100);
  const { kept } = servers.feeds.logs;
  if (kept === undefined) throw new Error('nothing is kept');
  return { servers, kept };
}

const linesIn = (view: LogView): readonly string[] => {
  while (view.pending > 0) view.advance();
  return Array.from({ length: view.count }, (_, n) => /line \d+|other.*/.exec(view.line(n)?.text ?? '')?.[0] ?? '');
};
const isError: KeptRequest['wanted'] = ({ level, begins }) => level === 'ERROR' && begins === true;

test('what lies before the held lines is counted: on disk, fallen out of memory, or never read', async () => {
  const { servers } = await attachedAgain();
  expect(await servers.feeds.logs.earlier([first])).toEqual({
    kept: { lines: many - 100, from: T, isMost: false },
    fellOut: 0,
    beganWith: undefined,
  });
  const memory = new FakeServers({ logs: { tailLines: 3, bounds: { maxLines: 5, maxBytes: 2 ** 20 } } });
  sessions.push(memory);
  memory.watch('pods').list(...pods);
  await memory.moment();
  memory.log(first).lines([T - 3, 'INFO a'], [T - 2, 'INFO b'], [T - 1, 'INFO c']);
  await memory.moment();
  expect(await memory.feeds.logs.earlier([first])).toEqual({ kept: undefined, fellOut: 0, beganWith: 3 });
  memory.log(first).lines(...numbered(10, 17));
  expect(await memory.feeds.logs.earlier([first])).toEqual({ kept: undefined, fellOut: 5, beganWith: undefined });
});

test('a window has the lines around a moment without a gap, and says where it ends', async () => {
  const { kept } = await attachedAgain();
  const window = await kept.window({ pods: [first], at: T + 6_000, signal });
  const lines = linesIn(window.view({ timeline: false }));
  expect([window.from, window.to].map(Number.isFinite)).toEqual([true, true]);
  expect(lines).toEqual(Array.from({ length: window.to - window.from + 1 }, (_, n) => `line ${window.from - T + n}`));
  expect([6_000 - (window.from - T), window.to - T - 6_000].every((side) => side >= 1_900 && side < 4_500)).toBe(true);
});

test('the first window begins with the first line of all, the last one ends with those that are held', async () => {
  const { servers, kept } = await attachedAgain();
  const oldest = await kept.window({ pods: [first], at: -Infinity, signal });
  expect([oldest.from, linesIn(oldest.view({ timeline: false }))[0]]).toEqual([-Infinity, 'line 0']);
  servers.log(first).lines(...numbered(many, many + 3));
  const [newest] = await Promise.all([kept.window({ pods: [first], at: T + many - 50, signal }), servers.moment(1_000)]);
  expect([newest.to, linesIn(newest.view({ timeline: false })).at(-1)]).toEqual([Infinity, `line ${many + 2}`]);
});

test('a window on several pods has every line of both in its time, in its order', async () => {
  const { kept } = await attachedAgain();
  const window = await kept.window({ pods: [first, second], at: -Infinity, signal });
  expect(linesIn(window.view({ timeline: false })).slice(4, 8)).toEqual(['line 4', 'line 5', 'other', 'line 6']);
  expect(linesIn(window.view({ timeline: false }))).not.toContain('other, later');
  // What one of them has before the first line that was read of the other is left out: there would be a gap.
  const end = await kept.window({ pods: [first, second], at: T + many - 50, signal });
  const lines = linesIn(end.view({ timeline: false }));
  expect([end.from > T + 5, lines.includes('other'), lines.includes('other, later')]).toEqual([true, false, true]);
});

test('a window on what a filter lets pass reaches as far as there are lines', async () => {
  const { kept } = await attachedAgain();
  const window = await kept.window({ pods: [first], at: T + many - 50, wanted: isError, signal });
  expect(window.from).toBe(-Infinity);
  expect(linesIn(window.view({ timeline: false, wanted: isError }))).toEqual(Array.from({ length: 12 }, (_, n) => `line ${n * 1_000 + 7}`));
});

test('the next wanted line is found in both directions, and when all of them were written', async () => {
  const { kept } = await attachedAgain();
  const next = async (from: number, direction: 'previous' | 'next'): Promise<number | undefined> => {
    const line = await kept.next({ pods: [first, second], from: T + from, direction, wanted: isError, signal });
    return line === undefined ? undefined : line.at - T;
  };
  expect([await next(5_007, 'previous'), await next(5_007, 'next'), await next(7, 'previous'), await next(many, 'next')]).toEqual([
    4_007,
    6_007,
    undefined,
    undefined,
  ]);
  const moments: number[] = [];
  for await (const some of kept.moments({ pods: [first, second], wanted: isError, signal })) moments.push(...some.map((at) => at - T));
  expect(moments).toEqual(Array.from({ length: 12 }, (_, n) => n * 1_000 + 7));
});

test('a match that falls out of memory while another log is read is not counted twice', async () => {
  const { servers, kept } = await attachedAgain({ maxLines: 100 });
  const moments: number[] = [];
  for await (const some of kept.moments({ pods: [first, second], signal })) {
    if (moments.length === 0) servers.log(second).lines(...numbered(many, many + 150));
    moments.push(...some);
  }
  expect(moments).toHaveLength(many - 100);
});

test('all lines are those on disk and those in memory, none twice and none missing', async () => {
  const { servers, kept } = await attachedAgain();
  servers.log(first).lines(...numbered(many, many + 3), [T + many + 2, textOf(many + 2)]);
  const all: string[] = [];
  const reading = (async () => {
    for await (const lines of kept.all({ pods: [first], signal })) all.push(...lines.map(({ text }) => text));
  })();
  // While it is read, more comes.
  await servers.moment(1_000);
  await reading;
  expect(all).toEqual([...numbered(0, many + 3).map(([, text]) => text), textOf(many + 2)]);
});
