import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api, at, PODS } from './sandboxes.ts';
import { until } from '../support/until.ts';

let sandbox: Sandbox;
let pod: string;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'empty', speed: 20 });
  pod = 'writer';
  await api(sandbox, PODS, {
    method: 'POST',
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: pod },
      spec: { containers: [{ name: 'flink-main-container', image: 'busybox' }] },
    },
  });
  await until(async () => at((await api(sandbox, `${PODS}/${pod}`)).body, 'status.phase') === 'Running');
});
afterAll(() => sandbox.close());

const write = (lines: number, prefix: string, perSecond?: number): Promise<unknown> =>
  sandbox.control({ kind: 'logs-write', pod, lines, prefix, ...(perSecond === undefined ? {} : { perSecond }) });
const read = async (query: string): Promise<string[]> =>
  (await (await fetch(`${sandbox.url}${PODS}/${pod}/log?${query}`)).text()).split('\n').slice(0, -1);

interface Follow extends Disposable {
  text(): string;
  readonly ended: Promise<'end' | 'reset'>;
}

async function follow(query: string): Promise<Follow> {
  const abort = new AbortController();
  const response = await fetch(`${sandbox.url}${PODS}/${pod}/log?follow=true&${query}`, { signal: abort.signal });
  let text = '';
  const ended = (async () => {
    for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
    return 'end' as const;
  })().catch(() => 'reset' as const);
  return { text: () => text, ended, [Symbol.dispose]: () => abort.abort() };
}

test('a log is read from its tail, from a time, and up to a number of bytes', async () => {
  await write(5, 'plain');
  expect(await read('tailLines=2')).toEqual(['plain 4', 'plain 5']);
  const stamped = await read('timestamps=true&tailLines=5');
  const stamps = stamped.map((line) => line.split(' ')[0] ?? '');
  expect(stamps[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  expect(new Set(stamps).size).toBe(5);
  expect(stamps).toEqual([...stamps].sort());
  expect(await read(`sinceTime=${stamps[2]}&tailLines=3`)).toEqual(['plain 3', 'plain 4', 'plain 5']);
  expect(await read(`sinceTime=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
  expect(await (await fetch(`${sandbox.url}${PODS}/${pod}/log?limitBytes=7`)).text()).toHaveLength(7);
});

test('a followed log loses no line of many', async () => {
  using log = await follow('tailLines=0');
  await write(2_000, 'fast', 20_000);
  await until(() => log.text().includes('fast 2000\n'));
  expect(log.text()).toBe(Array.from({ length: 2_000 }, (_, index) => `fast ${index + 1}\n`).join(''));
});

test('a fault resets the stream in the middle of a line', async () => {
  await write(1, 'whole');
  using log = await follow('tailLines=1');
  await until(() => log.text() === 'whole 1\n');
  await sandbox.control({ kind: 'logs-reset', midLine: true });
  expect(await log.ended).toBe('reset');
  expect(log.text()).toBe('whole 1\nwhol');
});

test('a fault ends the stream although the container runs', async () => {
  using log = await follow('tailLines=0');
  await sandbox.control({ kind: 'logs-end' });
  expect(await log.ended).toBe('end');
});

test('a fault repeats lines when a log is asked for again', async () => {
  await write(3, 'again');
  const since = new Date(Date.now() + 60_000).toISOString();
  await sandbox.control({ kind: 'logs-repeat', lines: 2 });
  expect(await read(`sinceTime=${since}`)).toEqual(['again 2', 'again 3']);
  await sandbox.control({ kind: 'heal' });
  expect(await read(`sinceTime=${since}`)).toEqual([]);
});

test('the log of the container before its last restart is kept', async () => {
  await write(1, 'before');
  using log = await follow('tailLines=0');
  await sandbox.control({ kind: 'pod-crash', pod, exitCode: 1, reason: 'Error' });
  expect(await log.ended).toBe('end');
  await until(async () => (await read('previous=true&tailLines=1'))[0] === 'before 1');
  await until(async () => at<number>((await api(sandbox, `${PODS}/${pod}`)).body, 'status.containerStatuses.0.restartCount') === 1);
  expect(await read('')).toEqual([]);
});

test('a container that is not there is refused by name', async () => {
  expect(await api(sandbox, `${PODS}/${pod}/log?container=other`)).toMatchObject({
    status: 400,
    body: { message: `container other is not valid for pod ${pod}` },
  });
});
