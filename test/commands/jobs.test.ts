import { describe, expect, test } from 'vitest';
import type { FlinkClient, OperationResult } from '../../src/flink/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink, settle } from '../support/fakes.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk, type Desk } from './desk.ts';

const orders = job({ name: 'orders-enrichment', id: '9f13c2'.padEnd(32, '0') });
const cars = job({ name: 'cars', id: '9fffff'.padEnd(32, '1') });
const twinA = job({ name: 'twin', id: 'aa0001'.padEnd(32, '2') });
const twinB = job({ name: 'twin', id: 'bb0001'.padEnd(32, '3') });
const finished = job({ name: 'nightly', id: 'cc0001'.padEnd(32, '4'), state: 'FINISHED' });

function withJobs(flink: Partial<FlinkClient> = {}, pieces: Parameters<typeof desk>[0] = {}): Desk {
  const at = desk({ flink: fakeFlink(flink), ...pieces });
  at.store.jobs(orders, cars, twinA, twinB, finished);
  return at;
}

const canceling = () => {
  const canceled: string[] = [];
  return { canceled, flink: { cancelJob: async (id: string) => void canceled.push(id.slice(0, 6)) } };
};

test.each([
  ['its name', 'cancel orders-enrichment', '9f13c2'],
  ['its id', `cancel ${orders.id}`, '9f13c2'],
  ['a unique beginning of its id', 'cancel 9f1', '9f13c2'],
  ['a beginning in capitals', 'cancel 9F1', '9f13c2'],
  ['the id of one of two with the same name', 'cancel aa', 'aa0001'],
])('a job is named by %s', async (_by, line, id) => {
  const { canceled, flink } = canceling();
  const { store, run } = withJobs(flink);
  const outcome = run(line);
  await settle();
  expect(canceled).toEqual([id]);
  store.jobs(...[orders, cars, twinA, twinB].map((one) => ({ ...one, state: 'CANCELED' })));
  expect(await outcome).toEqual({ kind: 'done' });
});

test.each([
  ['cancel 9f', /^"9f" can be 2 jobs: .*orders-enrichment 9f13c20{26} \(RUNNING\).*cars 9fffff/],
  ['cancel twin', /^"twin" can be 2 jobs: .* Type more of its id\.$/],
  ['cancel nosuch', /^There is no running job "nosuch" on c1\. Running jobs: .*orders-enrichment \(9f13c2\)/],
  ['cancel nightly', /^Job nightly \(cc0001\) is not running: it is FINISHED\.$/],
  ['cancel orders', /^There is no running job "orders" on c1\./],
  ['cancel', /^cancel needs JOB: Job ids, unique prefixes or names\. Usage: cancel JOB\.\.\.$/],
  ['cancel cars nosuch', /^There is no running job "nosuch" on c1\./],
])('%s cancels nothing and says which jobs there are', async (line, sentence) => {
  const { canceled, flink } = canceling();
  expect(await withJobs(flink).says(line)).toMatch(sentence);
  expect(canceled).toEqual([]);
});

test('cancel asks first, names the job and offers a savepoint', async () => {
  const { plan } = withJobs();
  const asked = await plan('cancel orders-enrichment');
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  expect(asked.confirmation.jobs).toEqual([expect.objectContaining({ id: orders.id })]);
  expect(asked.confirmation.phrase).toBeUndefined();
  expect(asked.confirmation.alternatives?.[0]?.commandLine).toBe(`stop-job ${orders.id}`);
});

test('what was confirmed is what is canceled, whatever takes its name meanwhile', async () => {
  const { canceled, flink } = canceling();
  const { store, plan, runner } = withJobs(flink);
  const asked = await plan('cancel cars');
  store.jobs(job({ name: 'cars', id: 'dddddd'.padEnd(32, '5') }));
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  void runner.run(asked);
  await settle();
  expect(canceled).toEqual(['9fffff']);
});

test('cancel says so when the job is canceled, and asks the feeds to look', async () => {
  const { flink } = canceling();
  const { store, run, front, refreshed } = withJobs(flink);
  const outcome = run('cancel cars');
  await settle();
  expect(front.printed).toEqual([]);
  expect(refreshed()).toBe(1);
  store.jobs({ ...cars, state: 'CANCELED' });
  await outcome;
  expect(front.printed).toEqual(['Job cars (9fffff) is CANCELED.']);
});

test('a job that does not stop is not waited for without end', async () => {
  const { flink } = canceling();
  const { clock, run, front } = withJobs(flink);
  const outcome = run('cancel cars');
  await clock.advance(600_000);
  await outcome;
  expect(front.printed).toEqual(['Job cars (9fffff) was requested to cancel, and is still RUNNING.']);
});

test.each(['cancel cars', 'stop-job cars'])('%s is refused where the cluster has it switched off', async (line) => {
  const { store, says } = withJobs();
  store.tell([{ kind: 'config', at: 0, config: { refreshIntervalMs: 3000, flinkVersion: '2.3.0', webSubmit: true, webCancel: false } }]);
  expect(await says(line)).toBe('This cluster does not allow it: web.cancel.enable is false.');
});

test.each(['cancel cars', 'stop-job cars', 'savepoint cars', 'checkpoint cars', 'dispose s3://a', 'jars delete a', 'jars clean'])(
  '%s is refused in a read-only session',
  async (line) => {
    expect(await withJobs({}, { readOnly: true }).says(line)).toMatch(/changes the cluster, and this session is read-only\.$/);
  },
);

test.each(['cancel x', 'stop-job x', 'savepoint x', 'checkpoint x'])('%s says that no job is running', async (line) => {
  const { store, says } = desk();
  store.jobs(finished);
  expect(await says(line)).toBe('No job is running.');
});

test('a command that needs Flink waits for its first word, and is refused when that does not come', async () => {
  const { clock, says } = desk();
  const said = says('cancel cars');
  await clock.advance(60_000);
  expect(await said).toBe("Flink's REST endpoint has not answered yet.");
});

test('jars asks as soon as Flink answers anything, whatever becomes of its list of jobs', async () => {
  const { store, clock, says, front } = desk({ flink: fakeFlink({ jars: async () => [] }), mode: 'one-shot' });
  store.tell([
    { kind: 'config', at: clock.now(), config: { refreshIntervalMs: 3_000, flinkVersion: '2.3.0', webSubmit: true, webCancel: true } },
  ]);
  expect(await says('jars')).toBe('done');
  expect(front.printed).toEqual(['No jar is uploaded.']);
});

test('what only looks does not wait for a Flink that has said why it does not answer', async () => {
  const { store, says } = desk({ flink: fakeFlink({ jars: async () => [] }), mode: 'one-shot' });
  store.source('flink', 'stale', new Problem('protocol', 'The answer of GET /jobs/overview is odd.'));
  expect(await says('jars')).toBe('done');
  store.source('pods', 'live');
  store.pods(pod({ shortName: 'jobmanager-a' }));
  expect(await says('describe orders')).toBe(
    'There is no pod "orders", and whether it is a job is not known yet: Flink\'s REST endpoint has not answered. The answer of GET /jobs/overview is odd.',
  );
});

test('a list of jobs that is only late is waited for: the name of a job is not refused because the JobManager is busy', async () => {
  const { store, clock, plan } = desk({ mode: 'one-shot' });
  store.source('flink', 'stale', new Problem('unavailable', 'The JobManager answers, but has not sent its list of jobs.'));
  store.source('pods', 'live');
  store.pods(pod({ shortName: 'jobmanager-a' }));
  const planned = plan('describe orders');
  await clock.advance(3_000);
  store.jobs(job({ name: 'orders' }));
  expect(await planned).toMatchObject({ kind: 'run' });
});

test('several jobs are canceled after one question that lists them, each once', async () => {
  const { canceled, flink } = canceling();
  const { store, plan, runner, front } = withJobs(flink);
  const asked = await plan(`cancel cars orders-enrichment ${cars.id}`);
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  expect(asked.confirmation).toMatchObject({
    title: 'Cancel 2 jobs',
    jobs: [{ id: cars.id }, { id: orders.id }],
    alternatives: [{ commandLine: `stop-job ${cars.id} ${orders.id}` }],
  });
  const outcome = runner.run(asked);
  await settle();
  expect(canceled).toEqual(['9fffff', '9f13c2']);
  store.jobs({ ...cars, state: 'CANCELED' }, { ...orders, state: 'CANCELED' });
  expect(await outcome).toEqual({ kind: 'done' });
  expect(front.printed).toEqual(['Job cars (9fffff) is CANCELED.', 'Job orders-enrichment (9f13c2) is CANCELED.']);
});

test('of several jobs one that cannot be stopped keeps no other from it, and is reported', async () => {
  const { triggers, flink } = triggering(complete);
  const { says, run, front } = withJobs({
    ...flink,
    async triggerStop(id, request) {
      if (id === cars.id) throw new Problem('conflict', 'Job cars ended already.');
      await flink.triggerStop?.(id, request);
    },
  });
  expect(await says('stop-job cars orders-enrichment')).toBe('Stop 2 jobs with savepoints');
  expect(await run('stop-job cars orders-enrichment')).toMatchObject({
    kind: 'failed',
    problem: { message: '1 of 2 jobs failed: Job cars ended already.' },
  });
  expect(triggers).toHaveLength(1);
  expect(front.printed).toEqual(['Job orders-enrichment (9f13c2) is stopped. Savepoint: s3://savepoints/savepoint-1']);
});

test('savepoints of several jobs go to the folder behind them', async () => {
  const { triggers, flink } = triggering(complete);
  await withJobs(flink).run('savepoint cars aa0001 s3://elsewhere');
  expect(triggers).toMatchObject([
    { savepoint: '9fffff', directory: 's3://elsewhere' },
    { savepoint: 'aa0001', directory: 's3://elsewhere' },
  ]);
});

const triggering = (result: OperationResult<{ readonly path: string }>) => {
  const triggers: object[] = [];
  const flink: Partial<FlinkClient> = {
    checkpoints: async () => undefined,
    triggerStop: async (id, request) => void triggers.push({ stop: id.slice(0, 6), ...request }),
    triggerSavepoint: async (id, request) => void triggers.push({ savepoint: id.slice(0, 6), ...request }),
    savepointResult: async () => result,
  };
  return { triggers, flink };
};

const complete = { state: 'completed', value: { path: 's3://savepoints/savepoint-1' } } as const;

test('stop-job stops a job with a savepoint, prints its path and keeps it with the operation', async () => {
  const { triggers, flink } = triggering(complete);
  const { run, front, store, notes } = withJobs(flink);
  expect(await run('stop-job cars --savepoint-dir s3://savepoints --drain --native')).toEqual({ kind: 'done' });
  expect(triggers).toMatchObject([{ stop: '9fffff', directory: 's3://savepoints', drain: true, format: 'NATIVE' }]);
  expect(front.printed).toEqual(['Job cars (9fffff) is stopped. Savepoint: s3://savepoints/savepoint-1']);
  expect(store.get().operations).toMatchObject([
    { kind: 'stop-job', state: 'succeeded', result: 's3://savepoints/savepoint-1', jobId: cars.id },
  ]);
  expect(notes).toEqual([
    { jobId: cars.id, triggerId: (triggers[0] as { triggerId: string }).triggerId, what: 'stop-job', directory: 's3://savepoints' },
  ]);
});

test('savepoint takes one in the folder that is named, in the canonical format', async () => {
  const { triggers, flink } = triggering(complete);
  const { run, front } = withJobs(flink);
  await run('savepoint cars s3://elsewhere');
  expect(triggers).toMatchObject([{ savepoint: '9fffff', directory: 's3://elsewhere', format: 'CANONICAL' }]);
  expect(front.printed).toEqual(['Savepoint of cars (9fffff): s3://savepoints/savepoint-1']);
});

test('what was there before a savepoint is noted before it is triggered', async () => {
  const { flink } = triggering(complete);
  const taken = {
    id: 41,
    status: 'COMPLETED',
    isSavepoint: false,
    triggeredAt: 0,
    endedAt: 1,
    durationMs: 1,
    sizeBytes: 1,
    acknowledged: 1,
    subtasks: 1,
    path: undefined,
    failure: undefined,
  } as const;
  const statistics = {
    restored: 0,
    completed: 1,
    failed: 0,
    inProgress: 0,
    latestCompleted: taken,
    latestSavepoint: undefined,
    latestFailed: undefined,
    latestRestored: undefined,
    history: [taken],
  };
  const noted: unknown[] = [];
  const { run, notes } = withJobs({
    ...flink,
    checkpoints: async () => statistics,
    triggerSavepoint: async () => void noted.push(...notes),
  });
  await run('savepoint cars');
  expect(noted).toMatchObject([{ what: 'savepoint' }, { what: 'savepoint', lastCheckpointId: 41 }]);
});

test('a savepoint is not sent until the checkpoints before it are known', async () => {
  const unsent: unknown[] = [];
  const look = (): void => void unsent.push(store.get().operations[0]?.unsent);
  const { run, store } = withJobs({
    ...triggering(complete).flink,
    checkpoints: async () => {
      look();
      return undefined;
    },
    triggerSavepoint: async () => look(),
  });
  await run('savepoint cars');
  expect(unsent).toEqual([true, false]);
});

test('a savepoint that fails says why, and the trigger is noted all the same', async () => {
  const { flink } = triggering({ state: 'failed', reason: 'The folder is not writable.', stackTrace: '' });
  const { says, store, notes } = withJobs(flink);
  expect(await says('savepoint cars')).toContain('The folder is not writable.');
  expect(store.get().operations).toMatchObject([
    { kind: 'savepoint', state: 'failed', result: expect.stringContaining('The folder is not writable.') },
  ]);
  expect(notes).toHaveLength(1);
});

test('a user who gives up waiting is free at once; the savepoint goes on and its path is printed when it comes', async () => {
  const result = Promise.withResolvers<OperationResult<{ readonly path: string }>>();
  const { runner, plan, front, store } = withJobs({ ...triggering(complete).flink, savepointResult: () => result.promise });
  const patience = new AbortController();
  const planned = await plan('savepoint cars');
  if (planned.kind !== 'run') throw new Error(planned.kind);
  const outcome = runner.run(planned, patience.signal);
  await settle();
  patience.abort();
  expect(await outcome).toEqual({ kind: 'aborted' });
  expect(store.get().operations).toMatchObject([{ state: 'running' }]);
  result.resolve(complete);
  await settle();
  expect(store.get().operations).toMatchObject([{ state: 'succeeded' }]);
  expect(front.printed).toEqual(['Savepoint of cars (9fffff): s3://savepoints/savepoint-1']);
});

test('the end of the session leaves the savepoint to itself', async () => {
  const { flink } = triggering({ state: 'in-progress' });
  const { end, run, store } = withJobs(flink);
  const outcome = run('savepoint cars');
  await settle();
  end.abort();
  expect(await outcome).toEqual({ kind: 'aborted' });
  await settle();
  expect(store.get().operations).toMatchObject([{ state: 'unknown' }]);
});

test.each([
  ['checkpoint cars', false, 'Checkpoint 7 of cars (9fffff) is complete.'],
  ['checkpoint cars --full', true, 'Full checkpoint 7 of cars (9fffff) is complete.'],
])('%s', async (line, full, says) => {
  const requests: object[] = [];
  const { run, front } = withJobs({
    triggerCheckpoint: async (_id, request) => void requests.push(request),
    checkpointResult: async () => ({ state: 'completed', value: { checkpointId: 7 } }),
  });
  await run(line);
  expect(requests).toMatchObject([{ full }]);
  expect(front.printed).toEqual([says]);
});

test('dispose deletes a savepoint after a question', async () => {
  const disposed: string[] = [];
  const { plan, runner, front } = withJobs({
    disposeSavepoint: async (path) => {
      disposed.push(path);
      return 'aa';
    },
    disposalResult: async () => ({ state: 'completed', value: undefined }),
  });
  const asked = await plan('dispose s3://savepoints/savepoint-1');
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  expect(asked.confirmation.lines.join(' ')).toContain('s3://savepoints/savepoint-1');
  expect(disposed).toEqual([]);
  await runner.run(asked);
  expect(disposed).toEqual(['s3://savepoints/savepoint-1']);
  expect(front.printed).toEqual(['Savepoint s3://savepoints/savepoint-1 is deleted.']);
});

const uploaded = [
  { id: '1_a.jar', name: 'a.jar', uploadedAt: 0, entryClasses: [] },
  { id: '2_a.jar', name: 'a.jar', uploadedAt: 0, entryClasses: [] },
  { id: '3_b.jar', name: 'b.jar', uploadedAt: 0, entryClasses: [] },
];

test('jars lists what is uploaded without a question, also in a read-only session', async () => {
  const { says, front } = withJobs({ jars: async () => uploaded }, { readOnly: true });
  expect(await says('jars')).toBe('done');
  expect(front.printed.map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
    ['ID', 'NAME'],
    ['1_a.jar', 'a.jar'],
    ['2_a.jar', 'a.jar'],
    ['3_b.jar', 'b.jar'],
  ]);
});

test('jars delete deletes by id or by a name that is unique, after a question', async () => {
  const deleted: string[] = [];
  const { run, plan } = withJobs({ jars: async () => uploaded, deleteJar: async (id) => void deleted.push(id) });
  expect((await plan('jars delete b.jar')).kind).toBe('confirm');
  await run('jars delete b.jar 1_a.jar');
  expect(deleted).toEqual(['3_b.jar', '1_a.jar']);
});

describe('jars clean', () => {
  const version = (name: string, hash: string, uploadedAt: number) => ({
    id: `${uploadedAt}_${name}-${hash.repeat(12)}.jar`,
    name: `${name}-${hash.repeat(12)}.jar`,
    uploadedAt,
    entryClasses: [],
  });
  const versions = [
    version('orders', 'a', 1),
    version('orders', 'b', 3),
    version('orders', 'c', 2),
    version('cars', 'a', 4),
    version('cars', 'b', 5),
    ...uploaded,
  ];

  test.each([
    ['jars clean', ['1_orders-aaaaaaaaaaaa.jar', '2_orders-cccccccccccc.jar', '4_cars-aaaaaaaaaaaa.jar']],
    ['jars clean cars.jar', ['4_cars-aaaaaaaaaaaa.jar']],
    ['jars clean 3_orders-bbbbbbbbbbbb.jar', ['1_orders-aaaaaaaaaaaa.jar', '2_orders-cccccccccccc.jar']],
  ])('as %j deletes what is older than the newest upload, after a question', async (line, gone) => {
    const deleted: string[] = [];
    const { run, plan } = withJobs({ jars: async () => versions, deleteJar: async (id) => void deleted.push(id) });
    expect(await plan(line)).toMatchObject({
      kind: 'confirm',
      confirmation: { title: 'Delete older uploads', lines: [expect.stringContaining(gone.join(', '))] },
    });
    await run(line);
    expect(deleted).toEqual(gone);
  });

  test('says that there is nothing to delete', async () => {
    const { run, front } = withJobs({ jars: async () => uploaded });
    await run('jars clean');
    expect(front.printed).toEqual(['No older uploads.']);
  });
});

test.each([
  ['jars delete a.jar', /"a.jar" can be 2 jars: 1_a.jar, 2_a.jar/],
  ['jars delete nosuch', /There is no uploaded jar "nosuch"/],
  ['jars delete', /needs the id or the name/],
  ['jars clean nosuch.jar', /There is no uploaded jar "nosuch.jar"/],
  ['jars clean a.jar', /There is no uploaded jar "a.jar"/],
])('%s is refused before anything is asked', async (line, sentence) => {
  const { plan } = withJobs({ jars: async () => uploaded });
  expect(await plan(line)).toMatchObject({ kind: 'error', problem: expect.objectContaining({ message: expect.stringMatching(sentence) }) });
});

test('a server that refuses is quoted', async () => {
  const { run } = withJobs({
    cancelJob: async () => {
      throw new Problem('conflict', 'Job cars ended already.');
    },
  });
  expect(await run('cancel cars')).toMatchObject({ kind: 'failed', problem: { message: 'Job cars ended already.' } });
});
