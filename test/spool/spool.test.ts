import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Pod } from '../../src/native/pod.ts';
import { realDisk, type SpoolDisk } from '../../src/spool/files.ts';
import { type Gap, gapText } from '../../src/spool/gap.ts';
import { clusterFolder, parsedFileName, podFolder } from '../../src/spool/places.ts';
import { readSpool, spooledPods, type SpoolRequest } from '../../src/spool/reader.ts';
import { Spool, type SpoolOptions } from '../../src/spool/spool.ts';
import { tidySpool } from '../../src/spool/tidy.ts';
import type { Problem } from '../../src/support/problem.ts';
import { FakeClock, seen, start as T } from '../support/fake-clock.ts';
import { logLine, textOf } from '../support/log-line.ts';
import { random } from '../support/random.ts';

const cluster = { server: 'https://one:6443', namespace: 'default', clusterId: 'orders' };
const container = 'flink-main-container';
const uid = '11111111-2222-3333-4444-555555555555';

let folder: string;
let clock: FakeClock;
let problems: (Problem | undefined)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-spool-'));
  clock = new FakeClock();
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (options: Partial<SpoolOptions> = {}): Spool =>
  new Spool({ folder, cluster, clock, report: (problem) => problems.push(problem), ...options });
const place = (): string => podFolder(clusterFolder(folder, cluster), uid);
const files = (): readonly string[] => {
  try {
    return readdirSync(place()).filter((name) => parsedFileName(name) !== undefined);
  } catch {
    return [];
  }
};
const bytesOf = (ending: string): number =>
  files()
    .filter((name) => name.endsWith(ending))
    .reduce((sum, name) => sum + statSync(join(place(), name)).size, 0);

type Line = readonly [at: number, text: string];
const lines = (each: readonly Line[]) => each.map(([at, text]) => logLine(at, text));
const numbered = (from: number, to: number): readonly Line[] =>
  Array.from({ length: to - from }, (_, n) => [T + from + n, `line ${from + n} of a log that goes on and on`] as const);

async function read(request: Partial<SpoolRequest> = {}): Promise<readonly Line[]> {
  const batches: (readonly Line[])[] = [];
  for await (const batch of readSpool({ folder: place(), container, ...request }))
    batches.push(batch.lines.map((line) => [line.at, textOf(line)] as const));
  return (request.backwards === true ? batches.toReversed() : batches).flat();
}

/** Lets the time pass until what was appended is on disk. */
async function flushed(): Promise<void> {
  const before = bytesOf('');
  await clock.advance(1_000);
  await seen(() => bytesOf('') !== before);
}

const pod: Pod = {
  name: 'orders-taskmanager-1-3',
  shortName: 'taskmanager-1-3',
  uid,
  role: 'taskmanager',
  createdAt: T,
  deletedAt: undefined,
  node: 'node-a',
  ip: undefined,
  ready: 1,
  containers: [
    {
      name: container,
      image: 'flink:2.3',
      state: 'terminated',
      reason: 'OOMKilled',
      exitCode: 137,
      startedAt: T,
      endedAt: T + 5,
      before: { reason: undefined, exitCode: 1, at: T - 5 },
      restarts: 1,
      init: false,
    },
  ],
  restarts: 1,
  state: 'OOMKilled (137)',
  severity: 'error',
  message: undefined,
  cpuLimit: undefined,
  memoryLimit: 2 ** 30,
};

test('a log outlives the process that followed it, and is for the eyes of its user only', async () => {
  await using spool = open();
  spool.append(uid, container, lines(numbered(0, 5)));
  spool.record({ pod, clusterUid: 'd1', seenAt: T, gone: false });
  await spool[Symbol.asyncDispose]();
  expect(await read()).toEqual(numbered(0, 5));
  for (const name of readdirSync(place())) expect(statSync(join(place(), name)).mode & 0o777, name).toBe(0o600);
  for (const each of [place(), clusterFolder(folder, cluster)]) expect(statSync(each).mode & 0o777, each).toBe(0o700);
  expect(files().map((name) => name.replace(/^.*\./, ''))).toEqual(['log']);
});

test('how a pod ended is kept with its log', async () => {
  const spool = open();
  spool.append(uid, container, lines(numbered(0, 1)));
  spool.record({ pod, clusterUid: 'd1', seenAt: T, gone: false });
  spool.record({ pod: { ...pod, deletedAt: T + 9 }, clusterUid: 'd1', seenAt: T + 9, gone: true });
  await spool[Symbol.asyncDispose]();
  expect(await spooledPods(spool.folder)).toEqual([
    { pod: { ...pod, deletedAt: T + 9 }, clusterUid: 'd1', seenAt: T + 9, gone: true, folder: place(), containers: [container] },
  ]);
});

test('pods of an earlier cluster of the same name are not those of this one, as far as that is known', async () => {
  const spool = open();
  for (const [id, clusterUid] of [
    ['a', 'd1'],
    ['b', 'd2'],
    ['c', undefined],
  ] as const) {
    spool.append(id, container, lines(numbered(0, 1)));
    spool.record({ pod: { ...pod, uid: id }, clusterUid, seenAt: T, gone: true });
  }
  await spool[Symbol.asyncDispose]();
  const uids = async (clusterUid?: string) => (await spooledPods(spool.folder, clusterUid)).map((each) => each.pod.uid).toSorted();
  expect(await uids('d2')).toEqual(['b', 'c']);
  expect(await uids()).toEqual(['a', 'b', 'c']);
});

test('the same name at another server or in another namespace has logs of its own', () => {
  const folders = [cluster, { ...cluster, server: 'https://two:6443' }, { ...cluster, namespace: 'other' }].map((each) =>
    clusterFolder(folder, each),
  );
  expect(new Set(folders).size).toBe(3);
});

test.each(['../../x', '..', '/etc', 'a/b', 'a\0b', 'x'.repeat(300), ''])('a name %j from a server never leaves the folder', (name) => {
  const cluster = clusterFolder(folder, { server: 's', namespace: 'n', clusterId: name });
  for (const each of [cluster, podFolder(cluster, name)]) expect(each.slice(folder.length + 1)).toMatch(/^[\w.-]+(\/[\w-]+)?$/);
});

test('after a second a process may be killed without losing a line', async () => {
  const spool = open();
  spool.append(uid, container, lines(numbered(0, 3)));
  await flushed();
  spool.append(uid, container, lines(numbered(3, 5)));
  await flushed();
  // Nothing more is written: this process is as good as dead.
  expect(await read()).toEqual(numbered(0, 5));
  await spool[Symbol.asyncDispose]();
  expect(await read()).toEqual(numbered(0, 5));
});

test('a block that a killed process wrote in part costs the lines of that block alone', async () => {
  const spool = open();
  spool.append(uid, container, lines(numbered(0, 3)));
  await flushed();
  spool.append(uid, container, lines(numbered(3, 5)));
  await flushed();
  const [tail = ''] = files();
  truncateSync(join(place(), tail), bytesOf('tail') - 1);
  expect(await read()).toEqual(numbered(0, 3));
  await spool[Symbol.asyncDispose]();
});

test('a process that is killed between the full block and the emptied tail has no line twice', async () => {
  const spool = open();
  const all = numbered(0, 6_000);
  spool.append(uid, container, lines(all.slice(0, 100)));
  await flushed();
  const [tail = ''] = files();
  const kept = readFileSync(join(place(), tail));
  spool.append(uid, container, lines(all.slice(100)));
  await spool[Symbol.asyncDispose]();
  expect(files()).toHaveLength(1);
  writeFileSync(join(place(), tail), kept);
  expect(await read()).toEqual(all);
});

test('full blocks are written without waiting, and cost an eighth of the text at most', async () => {
  const below = random(1);
  const hex = (): string => Array.from({ length: 4 }, () => below(2 ** 16).toString(16)).join('');
  const text = (n: number): string =>
    `2026-11-22 11:34:${String(n % 60).padStart(2, '0')},${below(1_000)} INFO  org.apache.flink.runtime.executiongraph.ExecutionGraph       [] - Source: orders -> Map (${below(8)}/8) (${hex()}_0_0) switched from DEPLOYING to RUNNING.`;
  const all = Array.from({ length: 10_000 }, (_, n): Line => [T + n * 3, text(n)]);
  await using spool = open();
  spool.append(uid, container, lines(all));
  await seen(() => bytesOf('log') > 0);
  await spool[Symbol.asyncDispose]();
  expect(bytesOf('') * 8).toBeLessThan(all.reduce((sum, [, each]) => sum + each.length, 0));
  expect(await read()).toEqual(all);
});

test('a range of time is read, forwards and backwards', async () => {
  const all = numbered(0, 9_000);
  const spool = open();
  spool.append(uid, container, lines(all));
  await spool[Symbol.asyncDispose]();
  for (const [from, to] of [
    [0, 0],
    [10, 20],
    [2_000, 7_000],
    [8_999, 9_500],
    [-5, 3],
  ] as const) {
    const wanted = all.filter(([at]) => at >= T + from && at <= T + to);
    expect(await read({ from: T + from, to: T + to })).toEqual(wanted);
    expect(await read({ from: T + from, to: T + to, backwards: true })).toEqual(wanted);
  }
  expect(await read({ from: T + 10_000 })).toEqual([]);
  for await (const newest of readSpool({ folder: place(), container, backwards: true })) {
    expect(newest.lines.at(-1)).toMatchObject({ at: T + 8_999 });
    break;
  }
});

test('of a log of several files the lines of a time are whole, wherever it begins and ends', async () => {
  const all = numbered(0, 5_000);
  for (let part = 0; part < 5; part += 1) {
    const before = new Set(part === 0 ? [] : readdirSync(place()));
    const spool = open();
    spool.append(uid, container, lines(all.slice(part * 1_000, (part + 1) * 1_000)));
    await spool[Symbol.asyncDispose]();
    // As if one process had written them.
    for (const name of readdirSync(place()).filter((each) => each.endsWith('.log') && !before.has(each)))
      renameSync(join(place(), name), join(place(), `${container}.writer.0000${part}.log`));
  }
  expect(readdirSync(place()).filter((name) => name.endsWith('.log'))).toHaveLength(5);
  for (const from of [-5, 0, 999, 1_000, 2_500, 4_999])
    for (const to of [0, 1_000, 2_999, 3_500, 9_000]) {
      const wanted = all.filter(([at]) => at >= T + from && at <= T + to);
      expect(await read({ from: T + from, to: T + to })).toEqual(wanted);
      expect(await read({ from: T + from, to: T + to, backwards: true })).toEqual(wanted);
    }
});

test('stamps that are slightly out of order stay in the order of the log', async () => {
  const all = numbered(0, 4_000).map(([at, text], n): Line => [n % 10 === 0 ? at - 60 : at, text]);
  const spool = open();
  spool.append(uid, container, lines(all));
  await spool[Symbol.asyncDispose]();
  expect(new Set((await read()).map(([, text]) => text)).size).toBe(4_000);
  expect((await read()).slice(0, 1_000)).toEqual(all.slice(0, 1_000));
});

test('what two processes kept of one log comes once, whatever part of it each of them has', async () => {
  const below = random(5);
  for (let round = 0; round < 8; round += 1) {
    // Several lines a moment, some of them equal.
    const all = Array.from({ length: 6_000 }, (_, n): Line => [
      T + Math.floor(n / 3),
      below(4) === 0 ? 'again' : `line ${n} ${below(1_000)}`,
    ]);
    const ranges = Array.from({ length: 3 }, () => [3 * below(1_000), 6_000 - 3 * below(1_000)] as const);
    const union = all.slice(Math.min(...ranges.map(([from]) => from)), Math.max(...ranges.map(([, to]) => to)));
    for (const [from, to] of ranges) {
      const spool = open();
      spool.append(uid, container, lines(all.slice(from, to)));
      await spool[Symbol.asyncDispose]();
    }
    const sorted = (each: readonly Line[]) => each.toSorted((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
    expect(sorted(await read()), `round ${round}`).toEqual(sorted(union));
    expect(await read({ backwards: true })).toEqual(await read());
    rmSync(place(), { recursive: true });
  }
});

/** A disk that can be filled. A write to a full one leaves a part of the bytes, as the kernel does. */
function smallDisk(): SpoolDisk & { full: boolean } {
  const fails = (): never => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  const disk = {
    full: false,
    async create(path: string) {
      const file = await realDisk.create(path);
      return {
        ...file,
        append: async (bytes: Uint8Array) => {
          await file.append(disk.full ? bytes.subarray(0, bytes.length / 2) : bytes);
          if (disk.full) fails();
        },
      };
    },
    replace: async (path: string, text: string) => (disk.full ? fails() : realDisk.replace(path, text)),
  };
  return disk;
}

test('a full disk is reported once, and what memory still holds is written when there is room again', async () => {
  const disk = smallDisk();
  const spool = open({ disk });
  const reports = (): readonly string[] => problems.map((problem) => problem?.message ?? 'writes');
  const fails = 'Logs are not kept on disk any longer: ENOSPC: no space left on device, write';
  spool.append(uid, container, lines(numbered(0, 10)));
  await clock.advance(1_000);
  await seen(() => problems.length > 0);
  disk.full = true;
  spool.append(uid, container, lines(numbered(10, 20)));
  await clock.advance(1_000);
  await seen(() => problems.length > 1);
  for (let n = 0; n < 5; n += 1) {
    spool.append(uid, container, lines(numbered(20 + n, 21 + n)));
    await clock.advance(31_000);
  }
  expect(reports()).toEqual(['writes', fails]);
  disk.full = false;
  while (problems.length < 3) await clock.advance(31_000);
  expect(reports()).toEqual(['writes', fails, 'writes']);
  await spool[Symbol.asyncDispose]();
  expect(await read()).toEqual(numbered(0, 25));
});

test('however much of a log comes at once, all of it is kept', async () => {
  const all = Array.from({ length: 60_000 }, (_, n): Line => [
    T + n,
    `${n} of a log that comes faster than it is written, ${'x'.repeat(60)}`,
  ]);
  const spool = open();
  spool.append(uid, container, lines(all));
  await spool[Symbol.asyncDispose]();
  expect(await read()).toEqual(all);
});

test('if the clock of the node goes back, no line is lost', async () => {
  const all = numbered(0, 6_000).map(([at, text], n): Line => [n < 3_000 ? at : at - 60_000, text]);
  const spool = open();
  spool.append(uid, container, lines(all));
  await spool[Symbol.asyncDispose]();
  const texts = all.map(([, text]) => text);
  expect((await read()).map(([, text]) => text).toSorted()).toEqual(texts.toSorted());
  expect((await read({ backwards: true })).length).toBe(6_000);
});

test('memory is bounded while the disk is full, and the lines that are lost are counted', async () => {
  const disk = smallDisk();
  disk.full = true;
  const spool = open({ disk });
  const text = 'x'.repeat(1_000);
  const all = Array.from({ length: 60_000 }, (_, n): Line => [T + n, `${n} ${text}`]);
  spool.append(uid, container, lines(all.slice(0, 1_000)));
  await clock.advance(1_000);
  await seen(() => problems.length > 0);
  for (let n = 1_000; n < all.length; n += 1_000) spool.append(uid, container, lines(all.slice(n, n + 1_000)));
  disk.full = false;
  await spool[Symbol.asyncDispose]();
  let had = 0;
  const gaps: Gap[] = [];
  for await (const batch of readSpool({ folder: place(), container })) {
    had += batch.lines.length;
    gaps.push(...batch.gaps);
  }
  const missed = all.length - had;
  // The tail was never written, so nothing of the log is older.
  expect(gaps).toEqual([{ lines: missed, from: undefined, to: T + missed, cause: 'disk-full' }]);
  expect(gapText({ lines: 7_412, from: T, to: T + 2_000, cause: 'disk-full' }, 'taskmanager-1-3')).toMatch(
    /^7,412 lines of taskmanager-1-3 were not recorded between \d\d:\d\d:00 and \d\d:\d\d:02: the disk was full\.$/,
  );
  expect(had).toBeLessThan(40_000);
  expect((await read()).at(-1)).toEqual(all.at(-1));
});

test('lines of a damaged block are counted, unless another process has kept them as well', async () => {
  const all = numbered(0, 6_000);
  const gaps = async (): Promise<readonly Gap[]> => {
    const found: Gap[] = [];
    for await (const batch of readSpool({ folder: place(), container })) found.push(...batch.gaps);
    return found;
  };
  const keep = async (): Promise<void> => {
    const spool = open();
    spool.append(uid, container, lines(all));
    await spool[Symbol.asyncDispose]();
  };
  await keep();
  const [file = ''] = files();
  const bytes = readFileSync(join(place(), file));
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  writeFileSync(join(place(), file), bytes);
  const had = await read();
  const lost = all.length - had.length;
  expect(lost).toBeGreaterThan(1_000);
  expect(await gaps()).toEqual([{ lines: lost, from: T, to: T + lost - 1, cause: 'damaged' }]);
  await keep();
  expect(await gaps()).toEqual([]);
  expect(await read()).toEqual(all);
});

test('a pod keeps the newest part of its log, and what is old goes', async () => {
  const spool = open();
  for (const id of ['a', 'b', 'c']) {
    spool.append(id, container, lines(numbered(0, 1_000)));
    spool.record({ pod: { ...pod, uid: id }, clusterUid: undefined, seenAt: T, gone: true });
  }
  await spool[Symbol.asyncDispose]();
  const age = (id: string, days: number): void => {
    const each = podFolder(spool.folder, id);
    for (const name of readdirSync(each)) utimesSync(join(each, name), new Date(T - days * 86_400_000), new Date(T - days * 86_400_000));
  };
  age('a', 20);
  age('b', 2);
  age('c', 1);
  const [one = ''] = readdirSync(podFolder(spool.folder, 'b')).filter((name) => name.endsWith('log'));
  const { size } = statSync(join(podFolder(spool.folder, 'b'), one));
  const left = (): readonly string[] => readdirSync(spool.folder).toSorted();
  const bounds = { podBytes: size, totalBytes: 10 * size, keptMs: 14 * 86_400_000 };
  await tidySpool(folder, bounds, T);
  expect(left()).toEqual(['b', 'c']);
  await tidySpool(folder, { ...bounds, totalBytes: size }, T);
  expect((await spooledPods(spool.folder)).map((each) => each.pod.uid)).toEqual(['c']);
  await tidySpool(folder, { ...bounds, podBytes: size - 1 }, T);
  expect(await spooledPods(spool.folder)).toEqual([]);
});

test('a folder that may not be written is reported with what can be done', async () => {
  writeFileSync(join(folder, 'file'), '');
  const spool = open({ folder: join(folder, 'file') });
  spool.append(uid, container, lines(numbered(0, 1)));
  await clock.advance(1_000);
  await seen(() => problems.length > 0);
  expect(problems[0]?.message).toMatch(/^Logs are not kept on disk any longer: /);
  await spool[Symbol.asyncDispose]();
});

test('a record that is damaged hides its pod and nothing else', async () => {
  const spool = open();
  for (const id of ['a', 'b']) {
    spool.append(id, container, lines(numbered(0, 1)));
    spool.record({ pod: { ...pod, uid: id }, clusterUid: undefined, seenAt: T, gone: true });
  }
  await spool[Symbol.asyncDispose]();
  writeFileSync(join(podFolder(spool.folder, 'a'), 'pod.json'), '{"version":1,"pod":');
  expect((await spooledPods(spool.folder)).map((each) => each.pod.uid)).toEqual(['b']);
});
