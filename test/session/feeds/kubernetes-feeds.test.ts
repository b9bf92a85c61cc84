import { afterEach, expect, test } from 'vitest';
import { belongsTo } from '../../../src/session/feeds/events-feed.ts';
import { leaderAddress } from '../../../src/session/feeds/leader-feed.ts';
import { settle } from '../../support/fakes.ts';
import { FakeServers, forbidden, rawPod, refused } from './fake-servers.ts';

let servers: FakeServers;
afterEach(() => servers.feeds[Symbol.asyncDispose]());

const texts = (): readonly string[] => servers.session.story.map(({ text }) => text);
const state = (source: 'pods' | 'events' | 'flink' | 'leader' | 'deployment') => servers.session.sources.get(source)?.state;

test('the pods of the cluster appear, change and go', async () => {
  servers = new FakeServers();
  await servers.moment();
  expect(state('pods')).toBe('connecting');
  expect(servers.watch('pods').options).toMatchObject({ namespace: 'default', labelSelector: 'app=c1,type=flink-native-kubernetes' });
  servers.watch('pods').list(rawPod('f647-x2b7k'), rawPod('taskmanager-1-1'));
  await servers.moment();
  expect([...servers.session.pods.keys()]).toEqual(['c1-f647-x2b7k', 'c1-taskmanager-1-1']);
  expect(state('pods')).toBe('live');
  servers.watch('pods').seen(rawPod('taskmanager-1-2'));
  servers.watch('pods').gone(rawPod('taskmanager-1-1'));
  await servers.moment();
  expect([...servers.session.pods.keys()]).toEqual(['c1-f647-x2b7k', 'c1-taskmanager-1-2']);
  expect(texts()).toEqual(['pod taskmanager-1-2 created on node-a', 'pod taskmanager-1-1 released']);
});

test('a burst of changes is told in few batches', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment(500);
  let batches = 0;
  servers.store.subscribe(() => void (batches += 1));
  for (let n = 1; n < 100; n += 1) {
    servers.watch('pods').seen(rawPod('f647-x2b7k', { restarts: n }));
    // Each in a turn of its own, all within one moment.
    await settle(1);
  }
  expect(batches).toBe(1);
  await servers.moment(40);
  expect(batches).toBe(2);
  expect(servers.session.pods.get('c1-f647-x2b7k')?.restarts).toBe(99);
});

test('thousands of pods that change all the time are told ten times a second', async () => {
  servers = new FakeServers({ logs: { automatic: false } });
  const names = Array.from({ length: 1_200 }, (_, n) => `taskmanager-1-${n}`);
  servers.watch('pods').list(...names.map((name) => rawPod(name)));
  await servers.moment(500);
  let batches = 0;
  servers.store.subscribe((session, before) => void (batches += Number(session.pods !== before.pods)));
  for (let n = 1; n <= 50; n += 1) {
    servers.watch('pods').seen(rawPod(names[n] ?? '', { restarts: n }));
    await servers.moment(20);
  }
  expect(batches).toBeLessThanOrEqual(11);
  expect(batches).toBeGreaterThanOrEqual(8);
});

test('a lost stream says since when, why and when it is tried again, and how old its data is', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment(60_000);
  const lostAt = servers.clock.now();
  servers.watch('pods').status({ state: 'lost', problem: refused, nextTryAt: lostAt + 8_000 });
  await servers.moment(5_000);
  servers.watch('pods').status({ state: 'lost', problem: refused, nextTryAt: lostAt + 20_000 });
  await servers.moment();
  expect(servers.session.sources.get('pods')).toEqual({ state: 'lost', since: lostAt, dataAt: lostAt, problem: refused, nextTryAt: lostAt + 20_000 });
  expect(servers.session.pods.size).toBe(1);
  servers.watch('pods').status({ state: 'live' });
  await servers.moment();
  expect(servers.session.sources.get('pods')).toMatchObject({ state: 'live', problem: undefined, nextTryAt: undefined });
});

test('a source that is denied leaves the others alone', async () => {
  servers = new FakeServers();
  servers.watch('events').status({ state: 'denied', problem: forbidden('list events in default') });
  servers.watch('configmaps').status({ state: 'denied', problem: forbidden('list configmaps in default') });
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment();
  expect([state('events'), state('leader'), state('pods'), state('flink')]).toEqual(['denied', 'denied', 'live', 'live']);
  expect(servers.session.leader).toBe('c1-f647-x2b7k');
});

test('without high availability the JobManager that is ready leads, not the one on its way out', async () => {
  servers = new FakeServers();
  servers.watch('configmaps').list();
  servers.watch('pods').list(rawPod('f647-old', { deleted: true }), rawPod('taskmanager-1-1'));
  await servers.moment();
  expect(servers.session.leader).toBeUndefined();
  servers.watch('pods').seen(rawPod('f647-new'));
  await servers.moment();
  expect(servers.session.leader).toBe('c1-f647-new');
  servers.watch('pods').list(rawPod('taskmanager-1-1'));
  await servers.moment();
  expect(servers.session.leader).toBeUndefined();
});

test('with high availability the ConfigMap names the leader by its address', async () => {
  servers = new FakeServers();
  const map = (ip: string): object => ({ metadata: { name: 'c1-cluster-config-map' }, data: { 'org.apache.flink.k8s.leader.restserver': `f5d5a8f2-0000,http://${ip}:8081` } });
  servers.watch('pods').list(rawPod('f647-a', { ip: '10.0.0.1' }), rawPod('f647-b', { ip: '10.0.0.2' }));
  servers.watch('configmaps').list(map('10.0.0.2'));
  await servers.moment();
  expect(servers.session.leader).toBe('c1-f647-b');
  servers.watch('configmaps').seen(map('10.0.0.1'));
  await servers.moment();
  expect(servers.session.leader).toBe('c1-f647-a');
  expect(texts()).toEqual(['jobmanager-a leads now']);
});

test.each([
  ['f5d5,http://10.0.0.2:8081', '10.0.0.2'], ['f5d5,https://[fd00::1]:8081', 'fd00::1'], ['f5d5,http://host', 'host'], ['', undefined], [undefined, undefined], ['nonsense', undefined],
])('the leader address %s is %s', (value, address) => expect(leaderAddress(value)).toBe(address));

test('a Deployment that is gone with all its pods means that the cluster was stopped', async () => {
  servers = new FakeServers();
  servers.watch('deployments').list({ metadata: { name: 'c1' } });
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment();
  servers.watch('deployments').gone({ metadata: { name: 'c1' } });
  await servers.moment();
  expect(servers.session.stopped).toBe(false);
  servers.watch('pods').gone(rawPod('f647-x2b7k'));
  await servers.moment(40);
  expect(servers.session.stopped).toBe(true);
  expect(texts().at(-1)).toBe('the cluster is stopped, nothing is left of it');
});

test('a cluster whose only pod is being replaced is not stopped', async () => {
  servers = new FakeServers();
  servers.watch('deployments').list({ metadata: { name: 'c1' } });
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  servers.watch('pods').gone(rawPod('f647-x2b7k'));
  await servers.moment(60_000);
  expect(servers.session.stopped).toBe(false);
});

const event = (name: string, given: object = {}): object => ({
  metadata: { uid: `e-${name}` }, involvedObject: { kind: 'Pod', name }, type: 'Warning', reason: 'BackOff', message: 'Back-off restarting failed container', count: 1, lastTimestamp: '2026-11-22T11:33:00Z', ...given,
});

test('events about the cluster become lines of the story at their moment', async () => {
  servers = new FakeServers();
  servers.watch('events').list(event('c1-f647b6cd9d-jhvts', { type: 'Normal', reason: 'Killing', message: 'Stopping', lastTimestamp: '2026-11-22T11:00:00Z' }), event('c1-taskmanager-1-1'), event('other-pod'), event('c1-taskmanager-1-2', { reason: 'Scheduled', type: 'Normal' }));
  servers.watch('events').seen(event('c1', { involvedObject: { kind: 'Deployment', name: 'c1' }, reason: 'ScalingReplicaSet', type: 'Normal', message: 'Scaled up\u001b[2J replica set' }));
  await servers.moment();
  expect(servers.session.story).toMatchObject([
    { subject: 'c1-f647b6cd9d-jhvts', text: 'pod jobmanager-jhvts: Stopping (Killing)' },
    { at: Date.parse('2026-11-22T11:33:00Z'), from: 'k8s', severity: 'warn', subject: 'c1-taskmanager-1-1', text: 'pod taskmanager-1-1: Back-off restarting failed container (BackOff)' },
    { subject: undefined, severity: 'info', text: 'deployment c1: Scaled up [2J replica set (ScalingReplicaSet)' },
  ]);
});

test('an event that happens again is told with its count, once a minute at most', async () => {
  servers = new FakeServers();
  const again = (count: number, lastTimestamp: string): void => servers.watch('events').seen(event('c1-taskmanager-1-1', { count, lastTimestamp }));
  servers.watch('events').list();
  again(1, '2026-11-22T11:30:00Z');
  again(1, '2026-11-22T11:30:00Z');
  again(2, '2026-11-22T11:30:20Z');
  again(5, '2026-11-22T11:31:10Z');
  await servers.moment();
  expect(texts()).toEqual(['pod taskmanager-1-1: Back-off restarting failed container (BackOff)', 'pod taskmanager-1-1: Back-off restarting failed container (BackOff, 5 times)']);
});

test('events that a new list repeats are not told again', async () => {
  servers = new FakeServers();
  servers.watch('events').list(event('c1-taskmanager-1-1'));
  servers.watch('events').list(event('c1-taskmanager-1-1'), event('c1-taskmanager-1-2'));
  await servers.moment();
  expect(texts()).toHaveLength(2);
});

test.each([
  ['c1', true], ['c1-taskmanager-1-3', true], ['c1-f647b6cd9d', true], ['c1-f647b6cd9d-x2b7k', true], ['c10-taskmanager-1-1', false], ['c1-b-taskmanager-1-1', false], ['c1-b', false], ['', false],
])('an event about %s belongs to c1: %s', (name, belongs) => expect(belongsTo('c1', name, new Map())).toBe(belongs));

test('when the session ends nothing is watched or waited for any more', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment();
  servers.end.abort();
  await servers.feeds[Symbol.asyncDispose]();
  expect([...servers.watches.values()].some(({ open }) => open)).toBe(false);
  expect(servers.logs.some(({ open }) => open)).toBe(false);
  expect(servers.clock.sleeping).toBe(0);
});
