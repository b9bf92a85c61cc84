import { log4jFile } from '../../../src/config/logging/log4j-file.ts';
import { withLevel } from '../../../src/config/logging/logging-files.ts';
import { afterEach, expect, test } from 'vitest';
import { belongsTo } from '../../../src/native/pod-names.ts';
import { leaderAddress } from '../../../src/native/leader.ts';
import { electionsIn } from '../../../src/session/feeds/leader-feed.ts';
import { selectHeader } from '../../../src/session/selectors/sources.ts';
import { selectWorst } from '../../../src/session/selectors/worst.ts';
import { settle } from '../../support/fakes.ts';
import { jobOf } from '../build.ts';
import { FakeServers, forbidden, rawPod, refused } from './fake-servers.ts';

let servers: FakeServers;
afterEach(() => servers.feeds[Symbol.asyncDispose]());

const texts = (): readonly string[] => servers.session.timeline.map(({ text }) => text);
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
  await servers.moment(200);
  expect([...servers.session.pods.keys()]).toEqual(['c1-f647-x2b7k', 'c1-taskmanager-1-2']);
  expect(texts()).toEqual(['pod taskmanager-1-2 created on node-a', 'pod taskmanager-1-1 gone']);
});

test('pods that are deleted together are one line with their number, however their events come', async () => {
  servers = new FakeServers({ logs: { automatic: false } });
  const names = Array.from({ length: 100 }, (_, n) => `taskmanager-1-${n}`);
  servers.watch('pods').list(...names.map((name) => rawPod(name)));
  await servers.moment(500);
  for (const name of names) {
    servers.watch('pods').gone(rawPod(name));
    await servers.moment(1);
  }
  await servers.moment(200);
  expect(texts()).toEqual(['100 pods are gone']);
  expect(servers.session.pods.size).toBe(0);
});

test('a pod that comes back under its name a moment after it went is there, and both are reported', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('taskmanager-1-1'));
  await servers.moment();
  servers.watch('pods').gone(rawPod('taskmanager-1-1'));
  servers.watch('pods').seen(rawPod('taskmanager-1-1', { uid: 'young' }));
  await servers.moment(200);
  expect(texts()[0]).toBe('pod taskmanager-1-1 gone');
  expect(texts()[1]).toMatch(/^pod taskmanager-1-1 created/);
  expect(servers.session.pods.get('c1-taskmanager-1-1')?.uid).toBe('young');
});

test('a burst of changes is reported in few batches', async () => {
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

test('thousands of pods that change all the time are reported ten times a second', async () => {
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
  expect(servers.session.sources.get('pods')).toEqual({
    state: 'lost',
    since: lostAt,
    dataAt: lostAt,
    problem: refused,
    nextTryAt: lostAt + 20_000,
  });
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
  const map = (ip: string): object => ({
    metadata: { name: 'c1-cluster-config-map' },
    data: { 'org.apache.flink.k8s.leader.restserver': `f5d5a8f2-0000,http://${ip}:8081` },
  });
  servers.watch('pods').list(rawPod('f647-a', { ip: '10.0.0.1' }), rawPod('f647-b', { ip: '10.0.0.2' }));
  servers.watch('configmaps').list(map('10.0.0.2'));
  await servers.moment();
  expect(servers.session.leader).toBe('c1-f647-b');
  servers.watch('configmaps').seen(map('10.0.0.1'));
  await servers.moment();
  expect(servers.session.leader).toBe('c1-f647-a');
  expect(texts()).toEqual(['jobmanager-a leads now']);
});

const leads = (ip: string): object => ({
  metadata: { name: 'c1-cluster-config-map' },
  data: { 'org.apache.flink.k8s.leader.restserver': `f5d5a8f2-0000,http://${ip}:8081` },
});

test('before the first election nobody leads, however ready a JobManager is', async () => {
  servers = new FakeServers();
  servers.configuration = 'high-availability:\n  cluster-id: c1\n  type: kubernetes\n';
  servers.watch('pods').list(rawPod('f647-a', { ip: '10.0.0.1' }));
  servers.watch('configmaps').list();
  await servers.moment();
  expect(servers.session).toMatchObject({ leader: undefined, highAvailability: true });
  servers.watch('configmaps').seen(leads('10.0.0.1'));
  await servers.moment();
  expect(servers.session.leader).toBe('c1-f647-a');
  expect(texts()).toEqual([]);
});

test('the ConfigMap of the configuration says how the logs are written', async () => {
  servers = new FakeServers();
  servers.configuration = '';
  servers.loggingFiles = { 'log4j-console.properties': 'appender.c.type = CONSOLE\nappender.c.layout.pattern = %m | %c | %p' };
  await servers.moment();
  expect(servers.session.logPatterns).toEqual(['%m | %c | %p']);
});

test('a log level that an earlier session left is news, and known until it is taken back', async () => {
  servers = new FakeServers();
  servers.configuration = '';
  const shipped = 'monitorInterval=30\nrootLogger.level = INFO\n';
  const at = new Date(servers.clock.now() - 26 * 60_000).toISOString();
  servers.loggingFiles = { 'log4j-console.properties': withLevel(log4jFile, shipped, { logger: 'root', level: 'DEBUG', at }) };
  await servers.moment();
  expect(servers.session.setLevels).toMatchObject([{ logger: 'root', level: 'DEBUG' }]);
  expect(texts()).toEqual(['log level of root is DEBUG, set by drey 26 min ago; loglevel --undo takes it back']);
  servers.loggingFiles = { 'log4j-console.properties': shipped };
  servers.feeds.refresh();
  await servers.moment();
  expect(servers.session.setLevels).toEqual([]);
  expect(texts()).toHaveLength(1);
});

test('a ConfigMap that an earlier cluster left behind names no leader if there are no elections', async () => {
  servers = new FakeServers();
  servers.configuration = 'jobmanager.rpc.port: 6123\nhigh-availability.type: NONE\n';
  servers.watch('pods').list(rawPod('f647-a', { ip: '10.0.0.1' }));
  servers.watch('configmaps').list(leads('10.9.9.9'));
  await servers.moment();
  expect(servers.session).toMatchObject({ leader: 'c1-f647-a', highAvailability: false });
});

test('a failover is the worst there is until somebody leads, and its end says how long it took', async () => {
  servers = new FakeServers();
  servers.configuration = 'high-availability.type: kubernetes\n';
  servers.watch('pods').list(rawPod('f647-a', { ip: '10.0.0.1' }), rawPod('f647-b', { ip: '10.0.0.2' }));
  servers.watch('pods').status({ state: 'live' });
  servers.watch('configmaps').list(leads('10.0.0.1'));
  await servers.moment();
  expect(selectWorst(servers.session, servers.clock.now())).toBeUndefined();
  servers.watch('pods').gone(rawPod('f647-a', { ip: '10.0.0.1' }));
  await servers.moment();
  expect(servers.session.leader).toBeUndefined();
  expect(selectWorst(servers.session, servers.clock.now())).toMatchObject({
    severity: 'warn',
    text: 'Failover: no JobManager has been leading',
    since: expect.any(Number),
  });
  await servers.moment(9_000);
  servers.watch('configmaps').seen(leads('10.0.0.2'));
  await servers.moment();
  expect(servers.session.leader).toBe('c1-f647-b');
  expect(selectWorst(servers.session, servers.clock.now())).toBeUndefined();
  expect(texts().slice(-2)).toEqual(['jobmanager-a does not lead any more: failover', 'jobmanager-b leads now, 9 s after jobmanager-a']);
});

test('a JobManager that is not ready does not lead, nor does any of two that nobody elected', async () => {
  servers = new FakeServers();
  servers.watch('configmaps').list();
  servers.watch('pods').list(rawPod('f647-a', { running: false }));
  await servers.moment();
  expect(servers.session.leader).toBeUndefined();
  servers.watch('pods').list(rawPod('f647-a'), rawPod('f647-b'));
  await servers.moment();
  expect(servers.session.leader).toBeUndefined();
});

test('with elections in ZooKeeper, which cannot be seen, the JobManager that is ready leads, and none of two', async () => {
  servers = new FakeServers();
  servers.configuration = 'high-availability:\n  type: zookeeper\n  zookeeper:\n    quorum: zk:2181\n';
  servers.watch('pods').list(rawPod('f647-a'));
  servers.watch('configmaps').list();
  await servers.moment();
  expect(servers.session).toMatchObject({ leader: 'c1-f647-a', highAvailability: undefined });
  servers.watch('pods').list(rawPod('f647-a'), rawPod('f647-b'));
  await servers.moment();
  expect(servers.session.leader).toBeUndefined();
  expect(texts().join()).not.toContain('failover');
});

test.each([
  ['high-availability.type: kubernetes', 'kubernetes'],
  ['high-availability: org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory', 'kubernetes'],
  ['high-availability:\n  storageDir: s3://x\n  type: "kubernetes"', 'kubernetes'],
  ['high-availability.type: NONE', 'none'],
  ["high-availability:\n  type: 'none'\n", 'none'],
  ['high-availability: standalone', 'none'],
  ['kubernetes:\n  type: kubernetes\n', 'none'],
  ['', 'none'],
  ['high-availability.type: ZOOKEEPER', 'elsewhere'],
  ['high-availability.type: com.example.HaFactory', 'elsewhere'],
])('the configuration %j has elections: %s', (text, elections) => expect(electionsIn(text)).toBe(elections));

test.each([
  ['f5d5,http://10.0.0.2:8081', '10.0.0.2'],
  ['f5d5,https://[fd00::1]:8081', 'fd00::1'],
  ['f5d5,http://host', 'host'],
  ['', undefined],
  [undefined, undefined],
  ['nonsense', undefined],
])('the leader address %s is %s', (value, address) =>
  expect(leaderAddress(value === undefined ? {} : { data: { 'org.apache.flink.k8s.leader.restserver': value } })).toBe(address),
);

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
  expect(texts().at(-1)).toBe('c1 was deleted, and not from here: nothing of it is left');
});

const deployment = (uid: string, createdAt = '2026-11-22T11:00:00Z'): object => ({
  metadata: { name: 'c1', uid, creationTimestamp: createdAt },
});

const oddPod = { kind: 'Pod', metadata: { name: 'c1-f647-x2b7k' }, status: { containerStatuses: 5 } };

test.each(['pods', 'deployments'] as const)('a cluster of which the %s cannot be read is not called deleted', async (odd) => {
  servers = new FakeServers();
  servers.watch('deployments').list(...(odd === 'deployments' ? [null as unknown as object] : []));
  servers.watch('pods').list(...(odd === 'pods' ? [oddPod] : []));
  await servers.moment(200);
  expect(servers.session).toMatchObject({ stopped: false, podsKnown: true });
  servers.watch(odd).list();
  await servers.moment(200);
  expect(servers.session.stopped).toBe(true);
});

test('pods that cannot be read any more stay as they were seen last, and which they are is reported once', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  servers.watch('deployments').list(null as unknown as object);
  servers.watch('pods').list(oddPod, { ...oddPod, metadata: { name: 'c1-taskmanager-1-1' } });
  await servers.moment(200);
  expect(servers.session).toMatchObject({ stopped: false, gone: [] });
  expect([...servers.session.pods.keys()]).toEqual(['c1-f647-x2b7k']);
  expect(selectHeader(servers.session).kubernetes?.word).toBe('partial');
  expect(selectWorst(servers.session, servers.clock.now())).toMatchObject({ text: '1 Deployment cannot be read', command: 'why', more: 1 });
  expect(texts()).toEqual([
    '1 Deployment cannot be read: The API server sent an object without a name in a shape that Kubernetes does not know. kubectl get with -o yaml shows it.',
    '2 pods cannot be read: The API server sent Pod c1-f647-x2b7k in a shape that Kubernetes does not know. kubectl get with -o yaml shows it.',
  ]);

  servers.watch('pods').seen(rawPod('f647-x2b7k'), rawPod('taskmanager-1-1'));
  servers.watch('deployments').list(deployment('u1'));
  await servers.moment();
  expect(selectHeader(servers.session).kubernetes?.word).toBe('live');
  expect(texts().slice(2)).toEqual(expect.arrayContaining(['all pods can be read again', 'all Deployments can be read again']));

  servers.watch('pods').seen(oddPod);
  servers.watch('pods').gone(rawPod('taskmanager-1-1'), rawPod('f647-x2b7k'));
  servers.watch('deployments').gone(deployment('u1'));
  await servers.moment(200);
  expect(servers.session.stopped).toBe(true);
});

test('a cluster that somebody else deleted is reported as that: its jobs are lost, and nobody is asked any more', async () => {
  servers = new FakeServers();
  servers.watch('deployments').list(deployment('u1'));
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  servers.watch('pods').status({ state: 'live' });
  await servers.moment();
  servers.watch('deployments').gone(deployment('u1'));
  await servers.moment();
  expect(selectWorst(servers.session, servers.clock.now())).toMatchObject({
    text: 'c1 was deleted, and not from here: its pods are going',
  });
  servers.restProblem = refused;
  servers.watch('pods').gone(rawPod('f647-x2b7k'));
  await servers.moment(40);
  expect(selectWorst(servers.session, servers.clock.now())).toEqual({
    severity: 'warn',
    text: 'c1 was deleted, and not from here: nothing of it is left',
    command: 'clusters',
    more: 0,
  });
  expect(selectHeader(servers.session)).toMatchObject({ flink: { word: 'deleted' }, slotsTotal: undefined, taskManagers: undefined });
  expect(servers.session.jobs).toEqual([]);
  expect(servers.session.lostJobs).toMatchObject([{ job: { name: 'orders' } }]);
  expect(texts()).toEqual([
    'pod jobmanager-x2b7k deleted',
    'job orders (a) is lost: its cluster was deleted',
    'c1 was deleted, and not from here: nothing of it is left',
  ]);
  await servers.moment(10_000);
  const asked = servers.asked.length;
  await servers.moment(600_000);
  expect(servers.asked).toHaveLength(asked);
});

test('a cluster that is deployed anew under the name is taken up at once, and that it is another one is reported', async () => {
  servers = new FakeServers();
  servers.watch('deployments').list(deployment('u1'));
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment();
  servers.watch('deployments').gone(deployment('u1'));
  servers.watch('pods').gone(rawPod('f647-x2b7k'));
  await servers.moment(40_000);
  servers.jobs = [jobOf({ id: 'b', name: 'payments' })];
  servers.restProblem = refused;
  servers.watch('deployments').seen(deployment('u2', '2026-11-22T11:40:00Z'));
  servers.watch('pods').seen(rawPod('f647-new'));
  await servers.moment();
  await servers.moment();
  // What the cluster before it answered is not the word of this one.
  expect(servers.session.sources.get('flink')).toMatchObject({ state: 'lost', dataAt: undefined });
  servers.restProblem = undefined;
  await servers.moment(1_000);
  expect(servers.session.sources.get('flink')?.state).toBe('live');
  expect(servers.session).toMatchObject({ stopped: false, jobs: [{ name: 'payments' }], lostJobs: [{ job: { name: 'orders' } }] });
  expect(texts()).toContain('c1 was deployed again: another cluster has its name now');
});

test('events of an earlier cluster of the name are not told', async () => {
  servers = new FakeServers();
  servers
    .watch('events')
    .list(
      event('c1-f647b6cd9d-jhvts', { lastTimestamp: '2026-11-22T11:00:00Z' }),
      event('c1-taskmanager-1-1', { lastTimestamp: '2026-11-22T11:30:00Z' }),
    );
  await servers.moment();
  expect(texts()).toEqual([]);
  expect(servers.session.eventsKnown).toBe(false);
  servers.watch('deployments').list(deployment('u2', '2026-11-22T11:20:00Z'));
  await servers.moment(60);
  expect(servers.session.eventsKnown).toBe(true);
  expect(texts()).toEqual(['pod taskmanager-1-1: Back-off restarting failed container (BackOff)']);
  servers.watch('events').seen(event('c1-taskmanager-1-2', { lastTimestamp: '2026-11-22T11:19:00Z' }));
  await servers.moment();
  expect(texts()).toHaveLength(1);
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
  metadata: { name: `${name}.e`, uid: `e-${name}` },
  involvedObject: { kind: 'Pod', name },
  type: 'Warning',
  reason: 'BackOff',
  message: 'Back-off restarting failed container',
  count: 1,
  lastTimestamp: '2026-11-22T11:33:00Z',
  ...given,
});

test('events about the cluster become lines of the timeline at their moment', async () => {
  servers = new FakeServers();
  servers.watch('deployments').list();
  servers
    .watch('events')
    .list(
      event('c1-f647b6cd9d-jhvts', { type: 'Normal', reason: 'Killing', message: 'Stopping', lastTimestamp: '2026-11-22T11:00:00Z' }),
      event('c1-taskmanager-1-1'),
      event('other-pod'),
      event('c1-taskmanager-1-2', { reason: 'Scheduled', type: 'Normal' }),
    );
  await servers.moment();
  servers.watch('events').seen(
    event('c1', {
      involvedObject: { kind: 'Deployment', name: 'c1' },
      reason: 'ScalingReplicaSet',
      type: 'Normal',
      message: 'Scaled up\u001b[2J replica set',
    }),
  );
  await servers.moment();
  expect(servers.session.timeline).toMatchObject([
    { subject: 'c1-f647b6cd9d-jhvts', text: 'pod jobmanager-jhvts: Stopping (Killing)' },
    {
      at: Date.parse('2026-11-22T11:33:00Z'),
      from: 'k8s',
      severity: 'warn',
      subject: 'c1-taskmanager-1-1',
      text: 'pod taskmanager-1-1: Back-off restarting failed container (BackOff)',
    },
    { subject: undefined, severity: 'info', text: 'deployment c1: Scaled up replica set (ScalingReplicaSet)' },
  ]);
});

test('of warnings with the same reason the newest counts, in whichever order a list has them', async () => {
  servers = new FakeServers();
  servers.watch('deployments').list();
  const mount = (uid: string, message: string, lastTimestamp: string): object =>
    event('c1-taskmanager-1-1', { metadata: { name: uid, uid }, reason: 'FailedMount', message, lastTimestamp });
  const events = [mount('a', 'secret "s" not found', '2026-11-22T11:33:00Z'), mount('b', 'timed out', '2026-11-22T11:20:00Z')];
  servers.watch('events').list(...events);
  await servers.moment();
  servers.watch('events').list(...events);
  await servers.moment();
  expect([...servers.session.warnings.values()].map(({ message }) => message)).toEqual(['secret "s" not found']);
});

test('of many events that are alike what happened is reported, without the words of Kubernetes before it', async () => {
  servers = new FakeServers();
  servers.watch('deployments').list();
  servers.watch('events').list(event('c1-taskmanager-1-1', { message: '(combined from similar events): exceeded quota: q' }));
  await servers.moment();
  expect(texts()).toEqual(['pod taskmanager-1-1: exceeded quota: q (BackOff)']);
  expect([...servers.session.warnings.values()].map(({ message }) => message)).toEqual(['exceeded quota: q']);
});

test('an event that happens again is reported with its count, once a minute at most', async () => {
  servers = new FakeServers();
  servers.watch('deployments').list();
  const again = (count: number, lastTimestamp: string): void =>
    servers.watch('events').seen(event('c1-taskmanager-1-1', { count, lastTimestamp }));
  servers.watch('events').list();
  again(1, '2026-11-22T11:30:00Z');
  again(1, '2026-11-22T11:30:00Z');
  again(2, '2026-11-22T11:30:20Z');
  again(5, '2026-11-22T11:31:10Z');
  await servers.moment();
  expect(texts()).toEqual([
    'pod taskmanager-1-1: Back-off restarting failed container (BackOff)',
    'pod taskmanager-1-1: Back-off restarting failed container (BackOff, 5 times)',
  ]);
});

test('events that a new list repeats are not told again', async () => {
  servers = new FakeServers();
  servers.watch('deployments').list();
  servers.watch('events').list(event('c1-taskmanager-1-1'));
  servers.watch('events').list(event('c1-taskmanager-1-1'), event('c1-taskmanager-1-2'));
  await servers.moment();
  expect(texts()).toHaveLength(2);
});

test.each([
  ['c1', true],
  ['c1-taskmanager-1-3', true],
  ['c1-f647b6cd9d', true],
  ['c1-f647b6cd9d-x2b7k', true],
  ['c10-taskmanager-1-1', false],
  ['c1-b-taskmanager-1-1', false],
  ['c1-b', false],
  ['', false],
])('an event about %s belongs to c1: %s', (name, belongs) => expect(belongsTo('c1', name)).toBe(belongs));

test('when the session ends nothing is watched or waited for any more', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment();
  servers.end.abort();
  await servers.feeds[Symbol.asyncDispose]();
  expect([...servers.watches.values()].some(({ open }) => open)).toBe(false);
  expect(servers.logs.some(({ open }) => open)).toBe(false);
  expect(servers.clock.waits).toEqual([]);
});
