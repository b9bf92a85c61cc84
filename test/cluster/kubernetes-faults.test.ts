import { homedir } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connectKubernetes } from '../../src/kubernetes/connect.ts';
import { NAMESPACES, PODS } from '../../src/kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../src/kubernetes/model/types.ts';
import { seen } from '../support/fake-clock.ts';
import { logSink, watchSink, type KeptLog, type KeptWatch } from '../kubernetes/sinks.ts';
import { kit, podsReachTheApi } from './kit.ts';
import { startTalker } from './talker-pod.ts';

const namespace = `drey-faults-${process.pid}`;
let client: KubernetesClient;
let abort: AbortController;
let ended: Promise<unknown>;
let pods: KeptWatch<string>;
let log: KeptLog;

const live = (): boolean => pods.statuses.at(-1)?.state === 'live' && log.statuses.at(-1)?.state === 'live';
/** The log goes on: so many lines more. */
const more = (lines: number): Promise<void> => {
  const now = log.texts.length;
  return seen(() => log.texts.length >= now + lines);
};
/** Milliseconds until `condition` holds. */
const time = async (condition: () => unknown): Promise<number> => {
  const start = performance.now();
  await seen(condition);
  return performance.now() - start;
};

beforeAll(async () => {
  client = await connectKubernetes({ env: process.env, home: homedir() });
  await client.create(NAMESPACES, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await startTalker(client, namespace, 'talker');
});
beforeEach(async () => {
  abort = new AbortController();
  [pods, log] = [watchSink(), logSink()];
  ended = Promise.all([
    client.listAndWatch(PODS, { namespace, signal: abort.signal }, (raw) => raw.metadata?.name ?? '', pods),
    client.followLog({ namespace, pod: 'talker', tailLines: 5 }, log, abort.signal),
  ]);
  await seen(live);
  await more(20);
});
afterEach(async () => {
  abort.abort();
  await ended;
});
afterAll(async () => {
  await podsReachTheApi();
  await client.delete({ resource: NAMESPACES, name: namespace });
  await client[Symbol.asyncDispose]();
});

/** What the log has to be: from its first line on, each line once and in order. */
function whole(texts: readonly string[]): string[] {
  const first = Number(texts[0]?.slice(5));
  return texts.map((_, i) => `line ${first + i}`);
}

test('an API server that is restarted', async () => {
  await kit('fault', 'apiserver-restart');
  await seen(live);
  await more(20);
  expect(log.texts).toEqual(whole(log.texts));
});

test('an API server that is away for a minute is reported within three seconds, and nothing is lost', async () => {
  const over = kit('fault', 'apiserver-down', '60');
  // The fault begins when the connections break.
  await seen(() => pods.statuses.at(-1)?.state !== 'live' || log.statuses.at(-1)?.state !== 'live');
  expect(await time(() => pods.statuses.at(-1)?.state === 'lost' && log.statuses.at(-1)?.state === 'lost')).toBeLessThan(3_000);
  await over;
  expect(await time(live)).toBeLessThan(15_000);
  await more(20);
  expect(log.texts).toEqual(whole(log.texts));
  expect([...pods.names]).toEqual(['talker']);
});

test('an API server that hangs is reported within ten seconds, and nothing is lost', async () => {
  const lines = log.texts.length;
  const over = kit('fault', 'apiserver-pause', '20');
  // From the last line that came.
  let last = performance.now();
  let count = lines;
  await seen(() => {
    if (log.texts.length > count) [count, last] = [log.texts.length, performance.now()];
    return pods.statuses.at(-1)?.state === 'stale' && log.statuses.at(-1)?.state === 'stale';
  });
  expect(performance.now() - last).toBeLessThan(10_500);
  await over;
  await seen(live);
  await more(20);
  expect(log.texts).toEqual(whole(log.texts));
});

test('a kubelet that is restarted', async () => {
  await kit('fault', 'kubelet-restart');
  await more(200);
  expect(log.texts).toEqual(whole(log.texts));
});

test('a port-forward ends with a reason when the API server goes', async () => {
  const connection = await client.portForward({ namespace, name: 'talker' }, 8081);
  const failure = new Promise<unknown>((resolve) => connection.once('error', resolve));
  const over = kit('fault', 'apiserver-restart');
  expect(await failure).toMatchObject({ kind: 'unreachable', message: 'The connection to port 8081 of pod talker broke.' });
  await over;
  await seen(live);
  expect(await client.portForward({ namespace, name: 'talker' }, 8081).then((again) => !again.destroy().readable)).toBe(true);
});

test('a container that is killed goes on with its new log, after the end of the old one', async () => {
  await kit('fault', 'pod-kill', namespace, 'talker');
  await seen(() => log.texts.includes('line 1') && log.texts.at(-1) !== 'line 1');
  await more(20);
  const begin = log.texts.lastIndexOf('line 1');
  expect(log.texts).toEqual([...whole(log.texts.slice(0, begin)), ...whole(log.texts.slice(begin))]);
});
