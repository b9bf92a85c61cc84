import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { clusterFolder, podFolder } from '../../../src/spool/places.ts';
import { readSpool } from '../../../src/spool/reader.ts';
import { formatTime } from '../../../src/support/format.ts';
import { textOf } from '../../support/log-line.ts';
import { T, target } from '../build.ts';
import { FakeServers, rawPod } from './fake-servers.ts';

let folder: string;
let sessions: FakeServers[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-kept-'));
  sessions = [];
});
afterEach(async () => {
  for (const each of sessions) await each.feeds[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const container = 'flink-main-container';
const worker = 'c1-taskmanager-1-1';
const deployment = (uid: string): object => ({ metadata: { name: target.clusterId, uid, creationTimestamp: '2026-11-22T10:00:00Z' } });

function attach(place: string = folder): FakeServers {
  const servers = new FakeServers({ logs: { kept: { folder: place, label: '~/logs' } } });
  sessions.push(servers);
  return servers;
}

/** The pods and the Deployment are known, and the logs are followed. */
async function begin(servers: FakeServers, pods: readonly object[], uid = 'deployment-1'): Promise<void> {
  servers.watch('deployments').list(deployment(uid));
  servers.watch('pods').list(...pods);
  // Of a pod that is older than the session, the disk is asked first.
  await until(servers, () => servers.logs.length === pods.length);
}

const young = (name: string): object => rawPod(name, { createdAt: '2026-11-22T11:34:05Z' });
const textsOf = (servers: FakeServers, pod: string): readonly (string | undefined)[] => {
  const view = servers.feeds.logs.view([pod], { timeline: false });
  return Array.from({ length: view.count }, (_, n) => view.line(n)?.text);
};
const gone = (servers: FakeServers): readonly (readonly [string, string])[] =>
  servers.session.gone.map(({ shortName, state }) => [shortName, state] as const);

async function onDisk(uid: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { lines } of readSpool({ folder: podFolder(clusterFolder(folder, target), uid), container }))
    found.push(...lines.map(textOf));
  return found;
}

/** Lets the time of the session pass until this holds; the disk takes its own time. */
async function until(servers: FakeServers, condition: () => unknown): Promise<void> {
  while (!((await condition()) as boolean)) await servers.moment(100);
}

const kept = (servers: FakeServers, uid: string, lines: number): Promise<void> =>
  until(servers, async () => (await onDisk(uid)).length === lines);

test('a TaskManager that was released stays in the list with its whole log after detaching and attaching again', async () => {
  const first = attach();
  await begin(first, [rawPod('f647-x2b7k'), young('taskmanager-1-1')]);
  first.log(worker).lines([T, 'Successful registration'], [T + 1, 'Shutting down']);
  first.watch('pods').gone(young('taskmanager-1-1'));
  first.log(worker).end();
  await first.moment(200);
  expect(gone(first)).toEqual([['taskmanager-1-1', 'Gone']]);
  await first.feeds[Symbol.asyncDispose]();

  const second = attach();
  await begin(second, [rawPod('f647-x2b7k')]);
  await until(second, () => second.session.gone.length > 0);
  expect(gone(second)).toEqual([['taskmanager-1-1', 'Gone']]);
  await until(second, () => textsOf(second, worker).length > 0);
  expect(textsOf(second, worker)).toEqual(['Successful registration', 'Shutting down']);
  await second.moment(100);
  expect(second.session.logs.get(worker)).toMatchObject({ lines: 2, ended: true });
});

test('after a crash of drey the log is there, and of a pod that went meanwhile it is only known that it is gone', async () => {
  const first = attach();
  await begin(first, [rawPod('f647-x2b7k'), young('taskmanager-1-1')]);
  first.log(worker).lines([T, 'one'], [T + 1, 'two']);
  await kept(first, 'uid-taskmanager-1-1', 2);
  // It is never detached.
  const second = attach();
  await begin(second, [rawPod('f647-x2b7k')]);
  await until(second, () => second.session.gone.length > 0);
  expect(second.session.gone).toMatchObject([{ state: 'Gone unseen', severity: 'done', message: 'while drey was not attached' }]);
  await second.moment(60_000);
  expect(gone(second)).toEqual([['taskmanager-1-1', 'Gone unseen']]);
  await until(second, () => textsOf(second, worker).length > 0);
  expect(textsOf(second, worker)).toEqual(['one', 'two']);
});

test('a pod that is there is followed from the last line on disk on: none is missing, none comes twice', async () => {
  const first = attach();
  await begin(first, [rawPod('f647-x2b7k'), rawPod('taskmanager-1-1')]);
  first.log(worker).lines([T, 'one'], [T + 1, 'two'], [T + 1, 'three']);
  await first.feeds[Symbol.asyncDispose]();

  const second = attach();
  await begin(second, [rawPod('f647-x2b7k'), rawPod('taskmanager-1-1')]);
  expect(second.log(worker).request).toEqual({ namespace: 'default', pod: worker, container, since: T + 1 });
  second.log(worker).lines([T, 'one'], [T + 1, 'two'], [T + 1, 'three'], [T + 1, 'four'], [T + 2, 'five']);
  await second.moment(100);
  expect(textsOf(second, worker)).toEqual(['one', 'two', 'three', 'four', 'five']);
  await second.feeds[Symbol.asyncDispose]();
  expect(await onDisk('uid-taskmanager-1-1')).toEqual(['one', 'two', 'three', 'four', 'five']);
});

const told = (servers: FakeServers): readonly string[] =>
  servers.session.timeline.filter(({ text }) => text.includes('missing')).map(({ text }) => text);

test('what a container wrote before its restart, while nobody was attached, stands in front of the one that runs', async () => {
  const first = attach();
  await begin(first, [rawPod('f647-x2b7k'), rawPod('taskmanager-1-1')]);
  first.log(worker).lines([T, 'one'], [T + 1, 'two']);
  await first.feeds[Symbol.asyncDispose]();

  const second = attach();
  await begin(second, [rawPod('f647-x2b7k'), rawPod('taskmanager-1-1', { restarts: 1, startedAt: '2026-11-22T11:34:30Z' })]);
  expect(second.log(worker).request).toMatchObject({ previous: true, since: T + 1 });
  second.log(worker).lines([T, 'one'], [T + 1, 'two'], [T + 2, 'java.lang.OutOfMemoryError']);
  second.log(worker).end();
  await second.moment();
  expect(second.log(worker).request).toMatchObject({ since: T + 1 });
  second.log(worker).lines([T + 9, 'Starting TaskManager']);
  await second.moment(100);
  const whole = ['one', 'two', 'java.lang.OutOfMemoryError', 'Starting TaskManager'];
  expect([textsOf(second, worker), told(second)]).toEqual([whole, []]);
  await second.feeds[Symbol.asyncDispose]();
  expect(await onDisk('uid-taskmanager-1-1')).toEqual(whole);
});

test('a log that no longer has the last line on disk says that lines may be missing', async () => {
  const first = attach();
  await begin(first, [rawPod('f647-x2b7k'), rawPod('taskmanager-1-1')]);
  first.log(worker).lines([T, 'one'], [T + 1, 'two']);
  await first.feeds[Symbol.asyncDispose]();

  const second = attach();
  await begin(second, [rawPod('f647-x2b7k'), rawPod('taskmanager-1-1')]);
  second.log(worker).lines([T + 5_000, 'six']);
  second.log(worker).lines([T + 6_000, 'seven']);
  await second.moment(100);
  expect(textsOf(second, worker)).toEqual(['one', 'two', 'six', 'seven']);
  expect(told(second)).toEqual([
    `Lines of taskmanager-1-1 between ${formatTime(T + 1)} and ${formatTime(T + 5_000)} may be missing: its node no longer has the last line that was read.`,
  ]);
});

test('a log that was last kept long ago begins with its last lines', async () => {
  const first = attach();
  await begin(first, [rawPod('taskmanager-1-1')]);
  first.log(worker).lines([T - 2 * 60 * 60_000, 'one']);
  await first.feeds[Symbol.asyncDispose]();

  const second = attach();
  await begin(second, [rawPod('taskmanager-1-1')]);
  expect(second.log(worker).request).toMatchObject({ tailLines: 2_000 });
});

test('pods of an earlier cluster of the same name are not shown', async () => {
  const first = attach();
  await begin(first, [young('taskmanager-1-1'), young('taskmanager-1-2')]);
  first.log(worker).lines([T, 'one']);
  await kept(first, 'uid-taskmanager-1-1', 1);
  await first.feeds[Symbol.asyncDispose]();

  const [other, same] = [attach(), attach()];
  await begin(other, [rawPod('f647-x2b7k')], 'deployment-2');
  await begin(same, [rawPod('f647-x2b7k')]);
  await until(same, () => same.session.gone.length > 0);
  await other.moment(100);
  expect(gone(other)).toEqual([]);
});

test('recording is said only once lines are on disk, and a disk that cannot be written is reported once', async () => {
  const servers = attach();
  await begin(servers, [young('taskmanager-1-1')]);
  expect(servers.session.spool).toBeUndefined();
  servers.log(worker).lines([T, 'one']);
  await until(servers, () => servers.session.spool !== undefined);
  expect(servers.session.spool).toBe('~/logs');
  expect(await onDisk('uid-taskmanager-1-1')).toEqual(['one']);

  writeFileSync(join(folder, 'file'), '');
  const broken = attach(join(folder, 'file'));
  await begin(broken, [young('taskmanager-1-1')]);
  broken.log(worker).lines([T, 'one']);
  await broken.moment(1_000);
  await until(broken, () => broken.session.timeline.some(({ text }) => text.startsWith('Logs are not kept on disk any longer')));
  broken.log(worker).lines([T + 1, 'two']);
  await broken.moment(120_000);
  expect(broken.session.spool).toBeUndefined();
  expect(broken.session.timeline.filter(({ text }) => text.startsWith('Logs are not kept'))).toHaveLength(1);
  expect(textsOf(broken, worker)).toEqual(['one', 'two']);
});

test('logs that are not to be kept leave nothing on disk', async () => {
  const servers = new FakeServers({ logs: {} });
  sessions.push(servers);
  await begin(servers, [young('taskmanager-1-1')]);
  servers.log(worker).lines([T, 'one']);
  await servers.moment(5_000);
  await servers.feeds[Symbol.asyncDispose]();
  expect(existsSync(clusterFolder(folder, target))).toBe(false);
  expect(servers.session.spool).toBeUndefined();
});
