import { afterEach, describe, expect, test } from 'vitest';
import { Problem } from '../../../src/support/problem.ts';
import { selectJobRows } from '../../../src/session/selectors/jobs.ts';
import { jobDetail } from '../../support/job-detail.ts';
import { exception, jobOf, T } from '../build.ts';
import { FakeServers, rawPod, refused } from './fake-servers.ts';

let servers: FakeServers;
afterEach(() => servers.feeds[Symbol.asyncDispose]());

const count = (call: string): number => servers.asked.filter((name) => name === call).length;
const flink = () => servers.session.sources.get('flink');

test('jobs, slots and version are there after the first answer, with details soon after', async () => {
  servers = new FakeServers();
  await servers.moment();
  expect(servers.session.overview).toMatchObject({ slotsTotal: 8 });
  expect(servers.session.config).toMatchObject({ refreshIntervalMs: 3_000 });
  expect(servers.session.jobs).toMatchObject([{ name: 'orders', restarts: 2 }]);
  expect(flink()).toMatchObject({ state: 'live', dataAt: expect.any(Number) });
});

test('it asks in the tempo of the server, and slower while nobody looks', async () => {
  servers = new FakeServers();
  await servers.moment();
  expect(count('jobs')).toBe(1);
  await servers.moment(30_000);
  expect(count('jobs')).toBe(11);
  expect(count('config')).toBe(1);
  servers.feeds.setFocus(false);
  await servers.moment(3_000);
  const before = count('jobs');
  await servers.moment(60_000);
  expect(count('jobs') - before).toBe(4);
  servers.feeds.setFocus(true);
  await servers.moment();
  expect(count('jobs') - before).toBe(5);
});

test('a server that answers slowly has one question at a time', async () => {
  let open = 0;
  let most = 0;
  servers = new FakeServers({
    rest: {
      jobs: async (call) => {
        await Promise.resolve();
        open += 1;
        most = Math.max(most, open);
        await servers.clock.sleep(20_000, call?.signal);
        open -= 1;
        return [];
      },
    },
  });
  await servers.moment(120_000);
  expect(most).toBe(1);
  expect(servers.session.jobsKnown).toBe(true);
});

test('a job that was started again is up since then, and only of such a job that is asked', async () => {
  const running = T + 1_000;
  let restarts = 0;
  let failures = [] as readonly ReturnType<typeof exception>[];
  const asked: string[] = [];
  servers = new FakeServers({
    rest: {
      jobMetrics: async () => new Map([['numRestarts', restarts]]),
      exceptions: async () => failures,
      job: async (id) => {
        asked.push(id);
        return jobDetail({ id, now: running, timestamps: { INITIALIZING: 1, RUNNING: running, FINISHED: 0 } });
      },
    },
  });
  await servers.moment(10_000);
  expect(asked).toEqual([]);
  expect(selectJobRows(servers.session)[0]?.upSince).toBe(servers.session.jobs[0]?.startTime);
  restarts = 1;
  failures = [exception(running - 5_000, 'x.Boom: bang')];
  await servers.moment(10_000);
  expect(asked.length).toBeGreaterThan(0);
  expect(selectJobRows(servers.session)[0]?.upSince).toBe(running);
  const before = asked.length;
  await servers.moment(60_000);
  expect(asked).toHaveLength(before);
});

test('refresh asks now', async () => {
  servers = new FakeServers();
  await servers.moment();
  servers.feeds.refresh();
  await servers.moment();
  expect([count('jobs'), count('checkpoints'), servers.retried]).toEqual([2, 2, 1]);
});

test('a leader election makes it stale with that reason, and it recovers by itself', async () => {
  servers = new FakeServers();
  await servers.moment();
  servers.restProblem = new Problem('unavailable', 'No JobManager leads now: an election is in progress.');
  await servers.moment(3_000);
  expect(flink()).toMatchObject({
    state: 'stale',
    problem: { message: 'No JobManager leads now: an election is in progress.' },
    nextTryAt: expect.any(Number),
  });
  expect(servers.session.jobs).toHaveLength(1);
  servers.restProblem = undefined;
  await servers.moment(1_000);
  expect(flink()).toMatchObject({ state: 'live', problem: undefined });
  expect(count('config')).toBeGreaterThan(1);
});

test('while the endpoint is away it is asked ever more slowly, never more than ten seconds apart', async () => {
  servers = new FakeServers();
  await servers.moment();
  servers.restProblem = refused;
  await servers.moment(63_000);
  const tries = count('jobs') - 1;
  expect(tries).toBeGreaterThanOrEqual(8);
  expect(tries).toBeLessThanOrEqual(12);
  expect(flink()?.state).toBe('lost');
  expect((flink()?.nextTryAt ?? 0) - servers.clock.now()).toBeLessThanOrEqual(10_000);
});

test('a JobManager that is there again is asked at once', async () => {
  servers = new FakeServers();
  servers.watch('pods').list();
  servers.restProblem = refused;
  await servers.moment(60_000);
  servers.restProblem = undefined;
  servers.watch('configmaps').list();
  servers.watch('pods').seen(rawPod('f647-new'));
  await servers.moment(40);
  expect(flink()?.state).toBe('live');
});

test('a JobManager that takes a question and says nothing is overdue after seconds, and said to hang within ten', async () => {
  let hangs = false;
  const answers = async <T>(answer: T, signal: AbortSignal | undefined): Promise<T> => {
    if (hangs) await servers.clock.sleep(10_000, signal);
    return answer;
  };
  const overview = { taskManagers: 2, slotsTotal: 8, slotsAvailable: 4, flinkVersion: '2.3.0', flinkCommit: undefined };
  servers = new FakeServers({
    rest: { overview: (call) => answers(overview, call?.signal), jobs: (call) => answers([], call?.signal) },
  });
  await servers.moment();
  const heardAt = servers.clock.now();
  hangs = true;
  await servers.moment(3_000 + 2_000);
  expect(flink()).toMatchObject({ state: 'stale', problem: undefined });
  expect(heardAt - (flink()?.dataAt ?? 0)).toBeLessThanOrEqual(20);
  await servers.moment(2_000);
  expect(flink()).toMatchObject({ state: 'stale', problem: { message: 'The JobManager has not answered.' } });
  expect(servers.clock.now() - (flink()?.since ?? 0)).toBeLessThan(10_000);
  expect(servers.session.timeline.map(({ text }) => text)).toContain('Flink stale: The JobManager has not answered.');
});

describe('a JobManager that answers everything but the list of its jobs', () => {
  const odd = new Problem('protocol', 'The answer of GET /jobs/overview is odd.');

  test.each(['answers with something else', 'does not answer'])(
    'and %s there has the rest shown, and that said within a second',
    async (how) => {
      servers = new FakeServers({
        rest: {
          jobs: async (call) => {
            if (how === 'does not answer') await servers.clock.sleep(60_000, call?.signal);
            throw odd;
          },
        },
      });
      // It has just started: that is no excuse, for it answers.
      servers.watch('pods').list(rawPod('f647-new', { startedAt: new Date(servers.clock.now()).toISOString() }));
      servers.watch('pods').status({ state: 'live' });
      await servers.moment(800);
      expect(servers.session).toMatchObject({ overview: { slotsTotal: 8 }, config: { webSubmit: true }, jobsKnown: false });
      expect(flink()).toMatchObject({
        state: 'stale',
        problem:
          how === 'does not answer' ? { message: 'The JobManager answers, but has not sent its list of jobs.' } : { message: odd.message },
      });
      await servers.moment(4_000);
      expect(flink()?.problem?.message).not.toBe('The JobManager has not answered.');
    },
  );

  test('is not all there is: a list whose round never ends has its age, and its server has answered', async () => {
    const gone = new Problem('unreachable', 'The connection was refused.');
    servers = new FakeServers({
      rest: {
        overview: async (call) => {
          await Promise.resolve();
          await servers.clock.sleep(1_000, call?.signal);
          throw gone;
        },
      },
    });
    const askedAt = servers.clock.now();
    await servers.moment();
    expect(servers.session.jobsKnown).toBe(true);
    await servers.moment(1_000);
    expect(flink()).toMatchObject({ state: 'lost', dataAt: askedAt });
  });

  test('in time is only waited for, once there is a list', async () => {
    let waits = false;
    servers = new FakeServers({
      rest: {
        jobs: async (call) => {
          if (waits) await servers.clock.sleep(1_500, call?.signal);
          return [];
        },
      },
    });
    await servers.moment();
    waits = true;
    await servers.moment(3_000 + 1_000);
    expect(flink()).toMatchObject({ state: 'live', problem: undefined });
  });
});

test('a JobManager that began a moment ago is starting, is asked often, and answers for the first time', async () => {
  servers = new FakeServers();
  servers.restProblem = refused;
  const began = new Date(servers.clock.now()).toISOString();
  servers.watch('pods').list(rawPod('f647-new', { createdAt: began, startedAt: began }));
  await servers.moment();
  await servers.moment(20_000);
  expect(flink()).toMatchObject({ state: 'starting', since: Date.parse(began), dataAt: undefined });
  servers.restProblem = undefined;
  await servers.moment(2_000);
  expect(flink()?.state).toBe('live');
  expect(servers.session.timeline.map(({ text }) => text)).toEqual(['Flink answers']);
});

test('a JobManager that has not answered a minute after its start is no longer starting, nor is one whose pod is in trouble', async () => {
  servers = new FakeServers();
  servers.restProblem = refused;
  const began = new Date(servers.clock.now()).toISOString();
  servers.watch('pods').list(rawPod('f647-new', { createdAt: began, startedAt: began }));
  await servers.moment(55_000);
  expect(flink()?.state).toBe('starting');
  servers.watch('pods').seen(rawPod('f647-new', { createdAt: began, running: false, restarts: 3 }));
  await servers.moment(2_000);
  expect(flink()?.state).toBe('lost');
  servers.watch('pods').seen(rawPod('f647-new', { createdAt: began, startedAt: began }));
  await servers.moment(20_000);
  expect(flink()).toMatchObject({ state: 'lost', dataAt: undefined });
});

test('a JobManager whose container does not run yet is starting, however long its image is pulled', async () => {
  servers = new FakeServers();
  servers.restProblem = refused;
  const began = new Date(servers.clock.now()).toISOString();
  servers.watch('pods').list(rawPod('f647-new', { createdAt: began, running: false }));
  await servers.moment(10 * 60_000);
  expect(flink()).toMatchObject({ state: 'starting', since: Date.parse(began) });
  const runs = new Date(servers.clock.now()).toISOString();
  servers.watch('pods').seen(rawPod('f647-new', { createdAt: began, startedAt: runs }));
  await servers.moment(30_000);
  expect(flink()).toMatchObject({ state: 'starting', since: Date.parse(runs) });
  await servers.moment(40_000);
  expect(flink()?.state).toBe('lost');
});

test('a JobManager that begins anew after it answered is starting, and the outage is counted from its last word', async () => {
  servers = new FakeServers();
  servers.watch('pods').list(rawPod('f647-old'));
  await servers.moment();
  servers.restProblem = refused;
  await servers.moment(4_000);
  expect(flink()?.state).toBe('lost');
  const began = new Date(servers.clock.now()).toISOString();
  servers.watch('pods').seen(rawPod('f647-old', { startedAt: began, restarts: 1 }));
  await servers.moment(10_000);
  expect(flink()).toMatchObject({ state: 'starting', since: Date.parse(began) });
  servers.restProblem = undefined;
  await servers.moment(2_000);
  expect(servers.session.timeline.map(({ text }) => text).at(-1)).toMatch(/^Flink answers again after 1[4-6] s$/);
});

test('a job that restarts is asked for its exceptions, and the reason is reported', async () => {
  let failures = [exception(1, 'x.Old: old')];
  servers = new FakeServers({ rest: { exceptions: async () => failures } });
  await servers.moment(4_000);
  expect(servers.session.timeline).toEqual([]);
  failures = [exception(servers.clock.now() - 1, 'x.Boom: bang'), ...failures];
  servers.jobs = [jobOf({ id: 'a', name: 'orders', state: 'RESTARTING', lastModification: servers.clock.now() })];
  await servers.moment(3_000);
  expect(servers.session.timeline.map(({ text }) => text)).toEqual([
    'job orders (a) failed in Enrich (5/12): x.Boom: bang',
    'job orders (a): RUNNING -> RESTARTING',
  ]);
});

test('a restart between two looks has its reason told, also when the server tells the count before its cached exceptions', async () => {
  let failures = [exception(1, 'x.Old: old')];
  let restarts = 0;
  servers = new FakeServers({ rest: { exceptions: async () => failures, jobMetrics: async () => new Map([['numRestarts', restarts]]) } });
  for (let look = 0; look < 3; look++) await servers.moment(3_000);
  restarts = 1;
  for (let look = 0; look < 3; look++) await servers.moment(3_000);
  failures = [exception(servers.clock.now() - 1, 'x.Boom: bang'), ...failures];
  for (let look = 0; look < 3; look++) await servers.moment(3_000);
  expect(servers.session.timeline.map(({ text }) => text)).toContain('job orders (a) failed in Enrich (5/12): x.Boom: bang');
});

test('the first failure is reported also while the count of restarts does not show it yet', async () => {
  let failures: ReturnType<typeof exception>[] = [];
  servers = new FakeServers({
    rest: {
      jobs: async () => [jobOf({ id: 'a', name: 'orders', lastModification: failures[0]?.at ?? 1 })],
      jobMetrics: async () => new Map([['numRestarts', 0]]),
      exceptions: async () => failures,
    },
  });
  await servers.moment(4_000);
  failures = [exception(servers.clock.now() + 1, 'x.Boom: bang')];
  await servers.moment(3_000);
  expect(servers.session.timeline.map(({ text }) => text)).toContain('job orders (a) failed in Enrich (5/12): x.Boom: bang');
});

test('a part of the details that fails does not take the others down, nor the source', async () => {
  servers = new FakeServers({
    rest: {
      checkpoints: async () => {
        throw new Problem('protocol', 'odd');
      },
      exceptions: async () => {
        throw refused;
      },
    },
  });
  await servers.moment();
  expect(servers.session.jobs).toMatchObject([{ restarts: 2, checkpoints: undefined, exceptions: [] }]);
  expect(flink()?.state).toBe('live');
});

test('of many jobs a few are asked for in each round, until all were', async () => {
  servers = new FakeServers();
  servers.jobs = Array.from({ length: 20 }, (_, n) => jobOf({ id: `job-${n}`, name: `job ${n}`, startTime: n }));
  await servers.moment();
  expect(count('checkpoints')).toBe(4);
  await servers.moment(12_000);
  expect(servers.session.jobs.every(({ restarts }) => restarts === 2)).toBe(true);
});

test('a finished job is asked for its details once', async () => {
  servers = new FakeServers();
  servers.jobs = [jobOf({ id: 'a', name: 'orders', state: 'FINISHED', endTime: 5 })];
  await servers.moment(60_000);
  expect([count('checkpoints'), count('jobMetrics')]).toEqual([1, 0]);
});

test('usage comes from the metrics API where it answers', async () => {
  servers = new FakeServers();
  servers.metrics = [
    {
      metadata: { name: 'c1-f647-x2b7k' },
      containers: [{ usage: { cpu: '250m', memory: '512Mi' } }, { usage: { cpu: '1', memory: '1Mi' } }],
    } as never,
  ];
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment();
  expect(servers.session.usage.get('c1-f647-x2b7k')).toMatchObject({ cpu: 1.25, memory: 513 * 2 ** 20, source: 'metrics.k8s.io' });
  await servers.moment(45_000);
  expect(count('podmetrics')).toBe(4);
});

test('the first answer of Flink is empty after a quiet time: it is asked again soon', async () => {
  let asked = 0;
  servers = new FakeServers({
    rest: { jobManagerMetrics: async () => new Map((asked += 1) === 1 ? [] : [['Status.JVM.Memory.Heap.Used', 7]]) },
  });
  servers.watch('configmaps').list();
  servers.watch('pods').list(rawPod('f647-x2b7k'));
  await servers.moment(40);
  expect(servers.session.usage.size).toBe(0);
  await servers.moment(4_500);
  expect(servers.session.usage.get('c1-f647-x2b7k')?.memory).toBe(7);
});

test('where it does not, the heap is asked of Flink, and the metrics API is tried again later', async () => {
  servers = new FakeServers({
    rest: { taskManagers: async () => [{ id: 'c1-taskmanager-1-1', slots: 1, freeSlots: 0, lastHeartbeat: 1 }] },
  });
  servers.watch('configmaps').list();
  servers.watch('pods').list(rawPod('f647-x2b7k'), rawPod('taskmanager-1-1'));
  await servers.moment(2_500);
  expect(servers.session.usage.get('c1-f647-x2b7k')).toMatchObject({ cpu: 1, memory: 100, memoryMax: 400, source: 'heap' });
  expect(servers.session.usage.get('c1-taskmanager-1-1')).toMatchObject({ cpu: undefined, memory: 50, source: 'heap' });
  expect(servers.session.sources.get('usage')?.state).toBe('live');
  await servers.moment(60_000);
  expect(count('podmetrics')).toBe(1);
  await servers.moment(300_000);
  expect(count('podmetrics')).toBe(2);
});

test.each([
  [0, 180],
  [-1, 180],
  [Number.NEGATIVE_INFINITY, 180],
  [Number.NaN, 60],
  [3_000, 60],
  [86_400_000, 3],
  [2 ** 31, 3],
  [2 ** 40, 3],
  [Number.POSITIVE_INFINITY, 3],
])('a server whose page is to be refreshed every %d ms is looked at %i times in three minutes', async (refreshIntervalMs, looks) => {
  servers = new FakeServers({
    rest: { config: async () => ({ refreshIntervalMs, flinkVersion: '2.3.0', webSubmit: true, webCancel: true }) },
  });
  await servers.moment();
  const before = count('jobs');
  await servers.moment(180_000);
  expect(count('jobs') - before).toBe(looks);
});

test.each([
  [0, 8, 12],
  [5_000, 8, 12],
  [30_000, 2, 2],
  [86_400_000, 1, 1],
  [Number.POSITIVE_INFINITY, 1, 1],
])('a JobManager that wants to be left alone for %d ms is asked between %i and %i times in a minute', async (retryAfterMs, least, most) => {
  servers = new FakeServers();
  servers.watch('pods').list();
  await servers.moment();
  servers.restProblem = new Problem('unavailable', 'Not now.', { status: 503, retryAfterMs });
  await servers.moment(3_000);
  const before = count('jobs');
  await servers.moment(60_000);
  expect(count('jobs') - before).toBeGreaterThanOrEqual(least);
  expect(count('jobs') - before).toBeLessThanOrEqual(most);
});
