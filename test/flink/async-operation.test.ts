import { describe, expect, test } from 'vitest';
import {
  awaitCheckpoint,
  awaitSavepoint,
  removeSavepoint,
  stopWithSavepoint,
  takeCheckpoint,
  takeSavepoint,
  type Progress,
} from '../../src/flink/async-operation.ts';
import { createFlinkClient } from '../../src/flink/client.ts';
import {
  resultIsGone,
  resultIsLost,
  type SavepointFinder,
  type SavepointMark,
  type StoredSavepoint,
} from '../../src/flink/savepoint-recovery.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { capture, captureText, json, restServer, skippingClock, type Reply, type RestServer } from './rest-server.ts';

const jobId = 'cf58271192024409aa436435401612ca';
const triggerId = '1'.repeat(32);
const path = 'file:/tmp/drey-flink-local/savepoints/savepoint-cf5827-1a9b7057cde1';

const clientOf = (server: RestServer, clock = skippingClock()) =>
  createFlinkClient({ router: fixedRoute(server.url), clock, maxAttempts: 2 });
const watch = (clock = skippingClock()) => ({ clock, signal: new AbortController().signal });
const bodies = (server: RestServer) =>
  server.seen.filter(({ method }) => method === 'POST').map(({ path: to, body }) => [to, JSON.parse(body)]);

/** Statistics with savepoints beside the checkpoints of a capture; ids of the capture end at 10. */
function statistics(...savepoints: { id: number; status: string; path?: string; at?: number; failure?: string }[]): Reply {
  const body = JSON.parse(captureText('job-running-checkpoints')) as { latest: { completed: object }; history: object[] };
  const entries = savepoints.map(({ id, status, path: external_path, at, failure }) => ({
    ...body.latest.completed,
    id,
    status,
    is_savepoint: true,
    external_path,
    trigger_timestamp: at ?? 1_795_345_461_000,
    failure_message: failure,
    num_acknowledged_subtasks: status === 'IN_PROGRESS' ? 3 : 4,
  }));
  return json({ ...body, history: [...entries, ...body.history] });
}

/** The overview of a cluster that knows this job in this state, or no longer. */
function jobsInState(state = ''): Reply {
  const {
    jobs: [job],
  } = JSON.parse(captureText('jobs-overview')) as { jobs: [object] };
  return json({ jobs: state === 'gone' ? [] : [{ ...job, jid: jobId, state }] });
}

test('a savepoint is triggered once, asked for patiently, and its path comes back', async () => {
  await using server = await restServer((request, nth) => {
    if (request.method === 'POST') return capture('savepoint-trigger', 202);
    if (request.path.endsWith('/checkpoints')) return statistics();
    return nth < 12 ? capture('savepoint-in-progress') : capture('savepoint-done');
  });
  const clock = skippingClock();
  await using client = clientOf(server, clock);
  const marks: SavepointMark[] = [];
  const onMarked = (mark: SavepointMark) => {
    expect(bodies(server)).toEqual([]);
    marks.push(mark);
  };
  const began = clock.now();
  expect(await takeSavepoint(client, { jobId, triggerId, directory: 's3://b/s' }, { ...watch(clock), onMarked })).toEqual({ path });
  expect(bodies(server)).toEqual([
    [`/jobs/${jobId}/savepoints`, { 'target-directory': 's3://b/s', 'cancel-job': false, formatType: 'CANONICAL', triggerId }],
  ]);
  expect(marks).toEqual([{ lastCheckpointId: 10, triggeredAt: began }]);
  expect(clock.waited).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2000, 2000, 2000]);
});

test('a stop is asked for where savepoints are, and says drain in its own spelling', async () => {
  await using server = await restServer((request) => {
    if (request.method === 'POST') return capture('stop-trigger', 202);
    return request.path.endsWith('/checkpoints') ? statistics() : capture('stop-done');
  });
  await using client = clientOf(server);
  expect((await stopWithSavepoint(client, { jobId, triggerId, drain: true, format: 'NATIVE' }, watch())).path).toContain('savepoint-');
  expect(bodies(server)).toEqual([[`/jobs/${jobId}/stop`, { targetDirectory: null, drain: true, formatType: 'NATIVE', triggerId }]]);
  expect(server.seen.at(-1)?.path).toBe(`/jobs/${jobId}/savepoints/${triggerId}`);
});

test('a trigger whose answer is lost is sent again with the same trigger id', async () => {
  await using server = await restServer((request, nth) => {
    if (request.method === 'POST') return nth === 1 ? 'cut' : capture('checkpoint-trigger-full', 202);
    return capture('checkpoint-full-done');
  });
  await using client = clientOf(server);
  expect(await takeCheckpoint(client, { jobId, full: true, triggerId }, watch())).toEqual({ checkpointId: 27 });
  const sent = [`/jobs/${jobId}/checkpoints`, { checkpointType: 'FULL', triggerId }];
  expect(bodies(server)).toEqual([sent, sent]);
});

test('a trigger that may have been heard is not given up: the server is asked, and told again only when it does not know', async () => {
  await using server = await restServer((request, nth) => {
    if (request.path.endsWith('/checkpoints') && request.method === 'GET') return statistics();
    if (request.method === 'POST') return nth <= 2 ? 'cut' : capture('savepoint-trigger', 202);
    if (nth < 6) return 'cut';
    return nth === 6 ? capture('error-savepoint-unknown-trigger', 404) : capture('savepoint-done');
  });
  await using client = clientOf(server);
  const trouble: (string | undefined)[] = [];
  expect(await takeSavepoint(client, { jobId, triggerId }, { ...watch(), onTrouble: (problem) => trouble.push(problem?.kind) })).toEqual({
    path,
  });
  expect(trouble).toEqual(['unreachable', undefined]);
  expect(bodies(server).length).toBe(3);
});

test('a trigger that was heard is not sent again when its answers stay lost', async () => {
  await using server = await restServer((request) =>
    request.path.endsWith('/checkpoints') ? statistics() : request.method === 'POST' ? 'cut' : capture('stop-done'),
  );
  await using client = clientOf(server);
  expect((await stopWithSavepoint(client, { jobId, triggerId }, watch())).path).toContain('savepoint-');
  // As often as one request is tried.
  expect(bodies(server).length).toBe(2);
});

test('a trigger that never left fails at once', async () => {
  const gone = await restServer(() => 'cut');
  await gone[Symbol.asyncDispose]();
  await using client = clientOf(gone);
  await expect(takeCheckpoint(client, { jobId }, watch())).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test('a connection that is gone for a while does not end the waiting', async () => {
  await using server = await restServer((request, nth) =>
    request.path.endsWith('/checkpoints') ? statistics() : nth < 9 ? 'cut' : capture('savepoint-done'),
  );
  await using client = clientOf(server);
  const trouble: (string | undefined)[] = [];
  const mark = { lastCheckpointId: 10, triggeredAt: 0 };
  expect(
    await awaitSavepoint(
      client,
      { jobId, triggerId, mark, endsJob: false },
      { ...watch(), onTrouble: (problem) => trouble.push(problem?.kind) },
    ),
  ).toEqual({ path });
  expect(trouble).toEqual(['unreachable', 'unreachable', 'unreachable', 'unreachable', undefined]);
});

test('progress is reported from the statistics', async () => {
  await using server = await restServer((request, nth) => {
    if (request.path.endsWith('/checkpoints')) return statistics({ id: 11, status: 'IN_PROGRESS' });
    return nth < 14 ? capture('savepoint-in-progress') : capture('savepoint-done');
  });
  const clock = skippingClock();
  await using client = clientOf(server, clock);
  const told: Progress[] = [];
  await awaitSavepoint(
    client,
    { jobId, triggerId, mark: { lastCheckpointId: 10, triggeredAt: 0 }, endsJob: false },
    { ...watch(clock), onProgress: (progress) => told.push(progress) },
  );
  expect(told.length).toBeGreaterThan(1);
  expect(told[0]).toEqual({ acknowledged: 3, subtasks: 4 });
});

const forgotten = capture('error-savepoint-unknown-trigger', 404);

test('a path that the JobManager forgot is recovered from the statistics, and an older savepoint is not taken for it', async () => {
  const older = { id: 9, status: 'COMPLETED', path: 's3://b/older' };
  await using server = await restServer((request, nth) => {
    if (request.method === 'POST') return capture('savepoint-trigger', 202);
    if (!request.path.endsWith('/checkpoints')) return forgotten;
    // Before the trigger; the new leader without the job; still writing; done.
    if (nth === 1) return statistics(older);
    if (nth === 2) return capture('error-job-unknown', 404);
    return nth === 3
      ? statistics({ id: 12, status: 'IN_PROGRESS' }, older)
      : statistics({ id: 12, status: 'COMPLETED', path: 's3://b/mine' }, older);
  });
  await using client = clientOf(server);
  expect(await takeSavepoint(client, { jobId, triggerId }, watch())).toEqual({ path: 's3://b/mine' });
  expect(bodies(server).length).toBe(1);
});

test('without a mark of ids the time decides', async () => {
  const [old, mine] = [
    { id: 3, status: 'COMPLETED', path: 's3://b/old', at: 1_000_000 },
    { id: 4, status: 'COMPLETED', path: 's3://b/mine', at: 5_000_000 },
  ];
  await using server = await restServer((request) => (request.path.endsWith('/checkpoints') ? statistics(mine, old) : forgotten));
  await using client = clientOf(server);
  expect(
    await awaitSavepoint(
      client,
      { jobId, triggerId, mark: { lastCheckpointId: undefined, triggeredAt: 4_990_000 }, endsJob: false },
      watch(),
    ),
  ).toEqual({ path: 's3://b/mine' });
});

test.each([
  ['the statistics do not show', 10_000, 11_000],
  ['no JobManager brings the job back of', 30_000, 31_000],
])('a savepoint that %s is reported as lost after %i ms, with what to do', async (why, least, most) => {
  await using server = await restServer((request) =>
    !request.path.endsWith('/checkpoints') ? forgotten : why.startsWith('the') ? statistics() : capture('error-job-unknown', 404),
  );
  const clock = skippingClock();
  await using client = clientOf(server, clock);
  await expect(
    awaitSavepoint(client, { jobId, triggerId, mark: { lastCheckpointId: 10, triggeredAt: clock.now() }, endsJob: false }, watch(clock)),
  ).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringContaining('no longer knows'),
    hint: expect.stringContaining('savepoint directory'),
  });
  expect(clock.monotonic()).toBeGreaterThanOrEqual(least);
  expect(clock.monotonic()).toBeLessThan(most);
});

test('a time without answers does not count when a result is looked for', async () => {
  await using server = await restServer((request, nth) => {
    if (!request.path.endsWith('/checkpoints')) return forgotten;
    return nth < 100 ? 'cut' : statistics({ id: 12, status: 'COMPLETED', path: 's3://b/mine' });
  });
  const clock = skippingClock();
  await using client = clientOf(server, clock);
  expect(
    await awaitSavepoint(client, { jobId, triggerId, mark: { lastCheckpointId: 10, triggeredAt: 0 }, endsJob: false }, watch(clock)),
  ).toEqual({ path: 's3://b/mine' });
  expect(clock.monotonic()).toBeGreaterThan(30_000);
});

describe('a stop that the JobManager forgot', () => {
  const ended = [{ id: 12, status: 'COMPLETED', path: 's3://b/mine' }];
  const stop = async (found: Parameters<typeof statistics>, states: readonly string[]) => {
    let asked = 0;
    await using server = await restServer((request) => {
      if (request.method === 'POST') return capture('stop-trigger', 202);
      if (request.path === '/jobs/overview') return jobsInState(states[asked++] ?? states.at(-1));
      return request.path.endsWith('/checkpoints') ? statistics(...found) : forgotten;
    });
    await using client = clientOf(server);
    return await awaitSavepoint(client, { jobId, triggerId, mark: { lastCheckpointId: 10, triggeredAt: 0 }, endsJob: true }, watch());
  };

  test.each([['FINISHED'], ['gone']])('is done when there is a savepoint and the job is %s', async (state) => {
    expect(await stop(ended, ['RUNNING', state])).toEqual({ path: 's3://b/mine' });
  });

  test('has failed when the job goes on, and the path of its savepoint is reported', async () => {
    await expect(stop(ended, ['RUNNING'])).rejects.toMatchObject({
      kind: 'failed',
      message: `The savepoint s3://b/mine of job ${jobId} is complete, but the job was not stopped: it is still running.`,
    });
  });

  test('and of which there is no savepoint says whether the job goes on', async () => {
    await expect(stop([], ['RUNNING'])).rejects.toMatchObject({
      message: expect.stringMatching(/no longer knows the savepoint .* The job was not stopped\.$/),
      hint: expect.stringContaining('look for savepoint-cf5827-… in the savepoint directory'),
    });
    const lost = await stop([], ['gone']).catch((error: unknown) => error);
    expect(resultIsLost(lost)).toBe(true);
    expect(lost).toMatchObject({ message: expect.not.stringContaining('not stopped') });
  });
});

describe('a savepoint of which a new JobManager knows nothing', () => {
  const asked: unknown[] = [];
  const lost = async (stored: StoredSavepoint, state?: string) => {
    await using server = await restServer((request) => {
      if (request.method === 'POST') return capture('savepoint-trigger', 202);
      if (request.path === '/jobs/overview') return jobsInState(state);
      return request.path.endsWith('/checkpoints') ? statistics() : forgotten;
    });
    const clock = skippingClock();
    await using client = clientOf(server, clock);
    const findSavepoint: SavepointFinder = async (wanted) => {
      asked.push(wanted);
      return stored;
    };
    const since = clock.now();
    const request = { jobId, triggerId, directory: 'file:///sp' };
    const watching = { ...watch(clock), findSavepoint };
    const done = await (state === undefined ? takeSavepoint(client, request, watching) : stopWithSavepoint(client, request, watching));
    expect(asked.splice(0)).toEqual([{ jobId, directory: 'file:///sp', since }]);
    return done;
  };
  const found = { state: 'found', path: 'file:/sp/savepoint-cf5827-1' } as const;

  test('is found where it is stored', async () => {
    expect(await lost(found)).toEqual({ path: found.path });
    expect(await lost(found, 'gone')).toEqual({ path: found.path });
  });

  test('does not stop a job that goes on', async () => {
    await expect(lost(found, 'RUNNING')).rejects.toMatchObject({
      kind: 'failed',
      message: `The savepoint ${found.path} of job ${jobId} is complete, but the job was not stopped: it is still running.`,
    });
  });

  test('is lost where it is not stored, and that is reported', async () => {
    const none = await lost({ state: 'none', reason: 'file:///sp in pod a holds no complete one either.' }).catch(
      (error: unknown) => error,
    );
    expect([resultIsLost(none), resultIsGone(none)]).toEqual([true, true]);
    expect(none).toMatchObject({
      message: expect.stringMatching(/none of that time\. file:\/\/\/sp in pod a holds no complete one either\.$/),
      hint: expect.stringContaining('take another one'),
    });
    const unseen = await lost({ state: 'unseen', reason: 's3://sp cannot be read from here.' }).catch((error: unknown) => error);
    expect([resultIsLost(unseen), resultIsGone(unseen)]).toEqual([true, false]);
    expect(unseen).toMatchObject({
      message: expect.stringMatching(/s3:\/\/sp cannot be read from here\.$/),
      hint: expect.stringContaining('look for savepoint-cf5827-…'),
    });
  });
});

test('a savepoint that failed says why', async () => {
  await using server = await restServer((request) => {
    if (request.method === 'POST') return capture('savepoint-trigger', 202);
    return request.path.endsWith('/checkpoints') ? statistics() : capture('savepoint-unknown-job-done');
  });
  await using client = clientOf(server);
  await expect(takeSavepoint(client, { jobId }, watch())).rejects.toMatchObject({
    kind: 'failed',
    message: `The savepoint of job ${jobId} failed: Job 00000000000000000000000000000000 is not known to this cluster.`,
    cause: expect.stringContaining('\tat '),
  });
});

test('no directory anywhere is reported before anything is waited for', async () => {
  await using server = await restServer((request) =>
    request.method === 'POST' ? capture('adaptive-error-stop-no-directory', 400) : statistics(),
  );
  await using client = clientOf(server);
  await expect(stopWithSavepoint(client, { jobId }, watch())).rejects.toMatchObject({
    kind: 'invalid',
    message: expect.stringContaining('no default savepoint directory'),
    hint: expect.any(String),
  });
});

test('giving up the waiting leaves at once', async () => {
  await using server = await restServer(() => capture('checkpoint-full-in-progress'));
  await using client = clientOf(server);
  const patience = new AbortController();
  const clock = skippingClock();
  const waiting = awaitCheckpoint(
    client,
    { jobId, triggerId },
    { clock: { ...clock, sleep: (ms, signal) => (patience.abort(), clock.sleep(ms, signal)) }, signal: patience.signal },
  );
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});

test('a disposal is not sent twice, and a failure names the path', async () => {
  await using server = await restServer((request) =>
    request.method === 'POST' ? capture('savepoint-disposal-trigger') : capture('savepoint-disposal-missing-done'),
  );
  await using client = clientOf(server);
  await expect(removeSavepoint(client, 'file:///no/such/savepoint', watch())).rejects.toMatchObject({
    kind: 'failed',
    message: expect.stringMatching(/^The savepoint file:\/\/\/no\/such\/savepoint could not be disposed: .*Cannot find checkpoint/),
  });
  await using deaf = await restServer(() => 'cut');
  await using second = clientOf(deaf);
  await expect(removeSavepoint(second, 's3://b/s', watch())).rejects.toMatchObject({ kind: 'unreachable' });
  expect(deaf.seen.length).toBe(1);
});
