import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRestRouter } from '../../src/cluster/endpoint/rest-router.ts';
import { createFlinkClient } from '../../src/flink/client.ts';
import { connectKubernetes } from '../../src/kubernetes/connect.ts';
import { DEPLOYMENTS } from '../../src/kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../src/kubernetes/model/types.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { startFeeds } from '../../src/session/feeds/start.ts';
import { createSessionStore } from '../../src/session/store.ts';
import type { Feeds, LogView, Pod, Session, SessionStore, SourceName, SourceStatus } from '../../src/session/types.ts';
import { systemClock } from '../../src/support/clock.ts';

const clusterId = 'my-first-flink-cluster';
// Outages last seconds of real time, and the machine may be busy.
vi.setConfig({ testTimeout: 90_000 });

let sandbox: Sandbox;
let kubernetes: KubernetesClient;
let store: SessionStore;
let feeds: Feeds;
let stack: AsyncDisposableStack;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  sandbox = stack.use(await startSandbox({ clusterId, speed: 5 }));
  kubernetes = stack.use(await connectKubernetes({ kubeconfig: sandbox.kubeconfig, env: {}, home: '/nonexistent' }));
  const router = stack.use(createRestRouter({ kubernetes, clusterId, namespace: 'default' }));
  const flink = stack.use(createFlinkClient({ router, clock: systemClock }));
  const target = { clusterId, namespace: 'default', context: kubernetes.context, server: kubernetes.server };
  store = createSessionStore(target);
  feeds = stack.use(startFeeds({ store, kubernetes, flink, target, clock: systemClock, signal: new AbortController().signal }));
});
afterEach(() => stack.disposeAsync());

/** The test's own time limit is the only one. */
const until = (condition: (session: Session) => boolean): Promise<Session> => store.until(condition, new AbortController().signal);
const is =
  (source: SourceName, state: string) =>
  (session: Session): boolean =>
    session.sources.get(source)?.state === state;
const attached = (): Promise<Session> =>
  until(
    (session) =>
      session.podsKnown && session.jobs.length > 0 && session.leader !== undefined && session.pods.size > 1 && is('pods', 'live')(session),
  );
const taskManager = ({ pods }: Session): Pod =>
  [...pods.values()].find(({ role, state }) => role === 'taskmanager' && state === 'Running') as Pod;
const texts = (view: LogView): readonly string[] => Array.from({ length: view.count }, (_, n) => view.line(n)?.text ?? '');
/** Counters are told when lines came: no need to look more often. */
const untilLines = (view: LogView, count: number): Promise<Session> => until(() => view.count >= count);
const numbered = (lines: number): readonly string[] => Array.from({ length: lines }, (_, n) => `probe ${n + 1}`);

test('the pods, the jobs and the log of a running cluster are there', async () => {
  const session = await attached();
  expect([...session.pods.values()].map(({ role, severity }) => [role, severity])).toContainEqual(['jobmanager', 'ok']);
  expect(session.pods.get(session.leader ?? '')?.role).toBe('jobmanager');
  await until(({ overview, config, usage }) => overview !== undefined && config !== undefined && usage.size > 0);
  await until(({ jobs }) =>
    jobs.some(({ state, restarts, checkpoints }) => state === 'RUNNING' && restarts !== undefined && checkpoints !== undefined),
  );
  const log = feeds.logs.view([session.leader ?? ''], { timeline: false });
  await untilLines(log, 10);
  expect(texts(log).some((text) => text.includes('org.apache.flink'))).toBe(true);
  expect(log.line(log.count - 1)?.pod).toBe(session.leader);
});

test('no line of a log is lost or doubled while every stream is cut again and again', async () => {
  const pod = taskManager(await attached());
  const probes = feeds.logs.view([pod.name], { wanted: ({ text }) => /^probe \d+$/.test(text), timeline: false });
  await until(is(`log:${pod.name}`, 'live'));
  const written = sandbox.control({ kind: 'logs-write', pod: pod.name, lines: 3_000, perSecond: 1_500, prefix: 'probe' });
  await untilLines(probes, 200);
  await sandbox.control({ kind: 'streams-cut' });
  await untilLines(probes, 800);
  await sandbox.control({ kind: 'logs-reset', midLine: true });
  await untilLines(probes, 1_400);
  await sandbox.control({ kind: 'logs-end' });
  await untilLines(probes, 2_000);
  await sandbox.control({ kind: 'streams-cut' });
  await written;
  await untilLines(probes, 3_000);
  expect(texts(probes)).toEqual(numbered(3_000));
  expect(store.get().logs.get(pod.name)?.dropped).toBe(0);
});

test('an API server that goes away is reported, what was known stays, and everything recovers by itself', async () => {
  const before = await attached();
  const pod = taskManager(before);
  const probes = feeds.logs.view([pod.name], { wanted: ({ text }) => /^probe \d+$/.test(text), timeline: false });
  await until(is(`log:${pod.name}`, 'live'));
  await until(is('flink', 'live'));
  const outage = sandbox.control({ kind: 'api-restart', forMs: 6_000 });
  const lost = await until((session) => is('pods', 'lost')(session) && is('flink', 'lost')(session));
  expect(lost.sources.get('pods')).toMatchObject({
    problem: { kind: 'unreachable', message: expect.stringMatching(/refuse|reset|closed|ECONN/i) },
    nextTryAt: expect.any(Number),
    dataAt: expect.any(Number),
  });
  expect([...lost.pods.keys()]).toEqual([...before.pods.keys()]);
  expect(lost.jobs.map(({ name }) => name)).toEqual(before.jobs.map(({ name }) => name));
  await sandbox.control({ kind: 'logs-write', pod: pod.name, lines: 500, prefix: 'probe' });
  await outage;
  await until((session) => is('pods', 'live')(session) && is('flink', 'live')(session) && is(`log:${pod.name}`, 'live')(session));
  await untilLines(probes, 500);
  expect(texts(probes)).toEqual(numbered(500));
  expect(
    store
      .get()
      .timeline.map(({ text }) => text)
      .filter((text) => text.startsWith('Kubernetes answers again')),
  ).toHaveLength(1);
});

test('a TaskManager that was deleted while a job ran on it keeps its log', async () => {
  const pod = taskManager(await attached());
  const log = feeds.logs.view([pod.name], { timeline: false });
  await untilLines(log, 3);
  const kept = texts(log).slice(0, 3);
  await sandbox.control({ kind: 'pod-kill', pod: pod.name });
  // That it was in use is known by the exceptions, which come after it.
  const session = await until(
    ({ gone, logs }) => gone.some(({ name, state }) => name === pod.name && state === 'Deleted') && logs.get(pod.name)?.ended === true,
  );
  expect(session.pods.has(pod.name)).toBe(false);
  expect(session.gone.find(({ name }) => name === pod.name)).toMatchObject({ severity: 'error' });
  expect(texts(feeds.logs.view([pod.name], { timeline: false })).slice(0, 3)).toEqual(kept);
});

test('a TaskManager that is killed for its memory says so, in the pods and in the timeline', async () => {
  await attached();
  const { pod } = (await sandbox.control({ kind: 'taskmanager-oom' })) as { readonly pod: string };
  await until(
    ({ pods, gone }) =>
      pods.get(pod)?.state === 'OOMKilled (137)' || gone.some(({ name, state }) => name === pod && state === 'OOMKilled (137)'),
  );
  expect(
    store.get().timeline.some(({ subject, severity, text }) => subject === pod && severity === 'error' && text.includes('OOMKilled (137)')),
  ).toBe(true);
});

test('a job that fails is seen to restart, with the reason', async () => {
  await attached();
  // What a job went through before it was known is its past, and no news.
  const known = ({ state, restarts }: Session['jobs'][number]): boolean => state === 'RUNNING' && restarts !== undefined;
  const job = (await until(({ jobs }) => jobs.some(known))).jobs.find(known);
  await sandbox.control({ kind: 'job-fail', job: job?.id ?? '', message: 'the nut was hollow' });
  await until(({ jobs }) => jobs.some(({ exceptions }) => exceptions.some(({ stacktrace }) => stacktrace.includes('the nut was hollow'))));
});

test('an election is a stale REST source, not a lost one, and passes', async () => {
  await attached();
  await until(is('flink', 'live'));
  // Longer than the tries of one request: a short one passes unseen.
  await sandbox.control({ kind: 'rest-election', forMs: 60_000 });
  const during = await until((session) => !is('flink', 'live')(session));
  expect(during.sources.get('flink')).toMatchObject({ state: 'stale', problem: { kind: 'unavailable' } });
  expect(during.sources.get('pods')?.state).toBe('live');
  await sandbox.control({ kind: 'heal' });
  await until(is('flink', 'live'));
});

test('a JobManager that is replaced is followed: leader, REST and log', async () => {
  const { leader } = await attached();
  await until(is('flink', 'live'));
  await sandbox.control({ kind: 'jobmanager-kill' });
  const after = await until((session) => session.leader !== undefined && session.leader !== leader && is('flink', 'live')(session));
  await untilLines(feeds.logs.view([after.leader ?? ''], { timeline: false }), 1);
});

test('events that are not allowed are reported as denied, and nothing else suffers', async () => {
  await attached();
  await sandbox.control({ kind: 'deny', right: { verb: 'list', resource: 'events' } });
  await sandbox.control({ kind: 'watches-expire' });
  const session = await until(is('events', 'denied'));
  expect(session.sources.get('events')?.problem).toMatchObject({ kind: 'forbidden', message: expect.stringContaining('events') });
  await until((next) => is('pods', 'live')(next) && is('flink', 'live')(next));
});

test('rights that are taken and given back are noticed without a key, and no line is lost', async () => {
  const pod = taskManager(await attached());
  const probes = feeds.logs.view([pod.name], { wanted: ({ text }) => /^(?:probe|later) \d+$/.test(text), timeline: false });
  await until(is(`log:${pod.name}`, 'live'));
  await sandbox.control({ kind: 'logs-write', pod: pod.name, lines: 100, prefix: 'probe' });
  await sandbox.control({ kind: 'deny', right: { verb: '*', resource: 'pods' } });
  await sandbox.control({ kind: 'streams-cut' });
  const session = await until((next) => is('pods', 'denied')(next) && is(`log:${pod.name}`, 'denied')(next));
  expect(session.pods.has(pod.name)).toBe(true);
  for (const name of ['pods', `log:${pod.name}`] as const) {
    const { problem, nextTryAt, since } = session.sources.get(name) as SourceStatus;
    expect(problem).toMatchObject({ kind: 'forbidden', message: expect.stringContaining(name === 'pods' ? 'watch pods' : 'get pods/log') });
    expect((nextTryAt ?? Infinity) - since).toBeLessThan(11_000);
  }
  await sandbox.control({ kind: 'logs-write', pod: pod.name, lines: 100, prefix: 'later' });
  await sandbox.control({ kind: 'allow-all' });
  await until((next) => is('pods', 'live')(next) && is(`log:${pod.name}`, 'live')(next));
  await untilLines(probes, 200);
  expect(texts(probes)).toEqual([...numbered(100), ...numbered(100).map((text) => text.replace('probe', 'later'))]);
});

test('a Deployment that is deleted ends in a cluster that was stopped, with nothing left', async () => {
  await attached();
  await kubernetes.delete({ resource: DEPLOYMENTS, namespace: 'default', name: clusterId }, { propagation: 'Background' });
  const session = await until(({ stopped }) => stopped);
  expect(session.pods.size).toBe(0);
  // Flink went as well, and may be told of after that.
  expect(session.timeline.map(({ text }) => text)).toContain(`${clusterId} was deleted, and not from here: nothing of it is left`);
});
