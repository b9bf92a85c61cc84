import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SeenSavepoints } from '../../src/cluster/model/types.ts';
import type { Checkpoint, CheckpointStatistics } from '../../src/flink/types.ts';
import type { Doubt } from '../../src/commands/model/types.ts';
import { fakeCluster, testFront } from '../support/fakes.ts';
import { jar } from '../support/jar.ts';
import { type JobManager, orders, ordersRun, sessionOn, type StartedJob } from './restart-site.ts';

let folder: string;
let jobManager: JobManager;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drey-restart-'));
  jobManager = await ordersRun(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const newJobs = (): readonly StartedJob[] => [...jobManager.jobs.values()].filter(({ id }) => id !== orders.id);
const savepoint = 's3://savepoints/savepoint-9f13c2-1';

test('restart asks first, and its question has what the job is started with', async () => {
  await using session = await sessionOn(jobManager, folder);
  const asked = await session.plan('restart orders -p 4');
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  expect(asked.confirmation.lines).toEqual([
    'This takes a savepoint of orders (9f13c2), stops it, and starts it from the savepoint. If the savepoint fails, the job keeps running.',
    'orders-1.jar, parallelism 4, arguments: --topic orders',
    'Configuration: state.backend',
  ]);
  expect(jobManager.stops).toEqual([]);
});

test('restart starts the same jar from the savepoint, with the same arguments, parallelism and configuration', async () => {
  await using session = await sessionOn(jobManager, folder);
  expect(await session.run('restart orders')).toEqual({ kind: 'done' });
  const [started, ...others] = newJobs();
  expect(others).toEqual([]);
  expect(started?.request).toEqual({
    jobId: started?.id,
    savepointPath: savepoint,
    parallelism: 2,
    programArgsList: ['--topic', 'orders'],
    flinkConfiguration: { 'state.backend': 'rocksdb' },
  });
  expect(session.front.printed).toEqual([
    'The plan of orders-1.jar has a place for all state.',
    `Job orders (9f13c2) is stopped. Savepoint: ${savepoint}`,
    `Job orders (9f13c2) runs again, with JobID ${started?.id}.`,
  ]);
  expect(session.store.get().operations.at(-1)).toMatchObject({
    kind: 'restart',
    title: 'Restart orders (9f13c2)',
    state: 'succeeded',
    result: `job ${started?.id} from ${savepoint}`,
  });
});

test('upgrade keeps what is not given, and sends the new jar before anything is stopped', async () => {
  await using session = await sessionOn(jobManager, folder);
  expect(await session.run('upgrade orders orders-2.jar -p 8 -- --topic new')).toEqual({ kind: 'done' });
  const [started] = newJobs();
  expect(started).toMatchObject({
    jar: expect.stringMatching(/^orders-2-/),
    request: {
      savepointPath: savepoint,
      parallelism: 8,
      programArgsList: ['--topic', 'new'],
      flinkConfiguration: { 'state.backend': 'rocksdb' },
    },
  });
  const order = jobManager.requests
    .filter((request) => /upload|plan|stop|run/.test(request))
    .map((request) => request.replace(/^.*\//, ''));
  expect(order).toEqual(['upload', 'plan', 'stop', 'run']);
});

test('upgrade can start the new version without the arguments of the old one', async () => {
  await using session = await sessionOn(jobManager, folder);
  expect(await session.run('upgrade orders orders-2.jar --no-arguments')).toEqual({ kind: 'done' });
  expect(newJobs()[0]?.request).not.toHaveProperty('programArgsList');
  expect(await session.run('upgrade orders orders-2.jar --no-arguments -- --topic x').catch(String)).toMatch(/without arguments/);
});

test('a job that was upgraded can be restarted: what it was started with is kept as well', async () => {
  await using session = await sessionOn(jobManager, folder);
  await session.run('upgrade orders orders-2.jar');
  const [upgraded] = newJobs();
  session.store.jobs({ ...orders, id: upgraded?.id ?? '' });
  await session.run('restart orders');
  expect(newJobs().map((each) => each.jar)).toEqual([upgraded?.jar, upgraded?.jar]);
});

describe('nothing is stopped', () => {
  test.each<readonly [string, () => void, string, RegExp]>([
    [
      'if the jar is not known',
      () => rmSync(join(folder, 'launches'), { recursive: true }),
      'restart orders',
      /^Which jar and arguments orders \(9f13c2\) was started with is not known: .*stop-job .* Uploaded jars: orders-1-/,
    ],
    [
      'if the cluster lost the jar and the file is another one now',
      () => {
        jobManager.jars.length = 0;
        writeFileSync(join(folder, 'orders-1.jar'), jar('com.example.Changed'));
      },
      'restart orders',
      /^The cluster does not have orders-1-\w+\.jar any more, and .*orders-1\.jar has other content now\. .* Job orders \(9f13c2\) was not touched\.$/,
    ],
    [
      'if the state of a vertex has no place in the new plan',
      () => void (jobManager.plan = () => ['source']),
      'upgrade orders orders-2.jar',
      /^The plan of orders-2\.jar has no operator with the id of enrich \(state of unknown size\).*--allow-non-restored-state .* was not touched\.$/,
    ],
    ['if the new jar is none', () => writeFileSync(join(folder, 'orders-2.jar'), 'x'), 'upgrade orders orders-2.jar', /is not a jar/],
  ])('%s', async (_why, before, line, sentence) => {
    before();
    await using session = await sessionOn(jobManager, folder);
    const planned = await session.plan(line);
    const outcome = planned.kind === 'confirm' ? await session.runner.run(planned) : planned;
    const problem = 'problem' in outcome ? outcome.problem : undefined;
    expect([problem?.message, problem?.hint].filter(Boolean).join(' ')).toMatch(sentence);
    expect(jobManager.stops).toEqual([]);
    expect(newJobs()).toEqual([]);
    expect(await session.says('resume')).toBe('No restart of c1 that began on this machine is open.');
  });
});

test('in doubt the user is asked before anything is stopped, and decides', async () => {
  jobManager.plan = () => ['source'];
  const asked: Doubt[] = [];
  let agrees = false;
  const front = testFront({
    async agrees(doubt) {
      asked.push(doubt);
      expect(jobManager.stops).toEqual([]);
      return agrees;
    },
  });
  await using session = await sessionOn(jobManager, folder, undefined, { front });
  expect(await session.run('upgrade orders orders-2.jar')).toMatchObject({ kind: 'failed', problem: { kind: 'conflict' } });
  expect(jobManager.stops).toEqual([]);
  agrees = true;
  expect(await session.run('upgrade orders orders-2.jar')).toEqual({ kind: 'done' });
  expect(asked).toHaveLength(2);
  expect(asked[0]).toEqual({
    title: 'Check orders-2.jar for orders (9f13c2)',
    lines: [
      'The plan of orders-2.jar has no operator with the id of enrich (state of unknown size), so Flink will probably not start it from that state.',
    ],
    action: 'Stop orders (9f13c2) and start orders-2.jar nevertheless',
  });
});

describe('if the newest checkpoint can be read', () => {
  const counted = (path: string, name: string): SeenSavepoints => ({
    state: 'seen',
    directory: path,
    place: 'pod jm',
    left: 0,
    folders: [
      {
        path,
        writtenAt: 1,
        filesCut: false,
        files: new Map([['_metadata', 1]]),
        metadata: readFileSync(join(import.meta.dirname, `../inside/savepoint/${name}.metadata`)),
      },
    ],
  });
  const latestCompleted: Checkpoint = {
    id: 7,
    status: 'COMPLETED',
    isSavepoint: false,
    triggeredAt: 1,
    endedAt: 2,
    durationMs: 1,
    sizeBytes: 1,
    acknowledged: 1,
    subtasks: 1,
    path: 'file:/chk-7',
    failure: undefined,
  };
  const checkpoints: CheckpointStatistics = {
    restored: 0,
    completed: 1,
    failed: 0,
    inProgress: 0,
    latestCompleted,
    latestSavepoint: undefined,
    latestFailed: undefined,
    latestRestored: undefined,
    history: [],
  };

  test.each([
    ['ca88eee0095684d687a1b6495617f957 b71731f1c0df9c3076c4a455334d0ad6', 'done', 'The plan of orders-1.jar has a place for all state.'],
    [
      'ca88eee0095684d687a1b6495617f957',
      'failed',
      'The plan of orders-1.jar has no operator with the id of count per key [uid count] (6 kB of state), so Flink will probably not start it from that state.',
    ],
  ])('each operator of it is compared: a plan with %s', async (ids, kind, sentence) => {
    jobManager.plan = () => ids.split(' ');
    await using session = await sessionOn(jobManager, folder, undefined, {
      cluster: fakeCluster({ savepointsIn: async () => counted('/chk-7', 'counter-checkpoint') }),
    });
    session.store.jobs({ ...orders, checkpoints });
    const outcome = await session.run('restart orders');
    expect(outcome.kind).toBe(kind);
    expect(outcome.kind === 'failed' ? outcome.problem.message : session.front.printed[0]).toBe(sentence);
  });
});

test('state without a place is dropped on demand', async () => {
  jobManager.plan = () => ['source'];
  await using session = await sessionOn(jobManager, folder);
  await session.run('upgrade orders orders-2.jar -n');
  expect(newJobs()[0]?.request).toMatchObject({ allowNonRestoredState: true });
  expect(session.front.printed[0]).toBe(
    'The plan of orders-2.jar has no operator with the id of enrich (state of unknown size); what has no place is dropped.',
  );
});

test('a plan that is not compared leaves it to Flink whether the state fits', async () => {
  jobManager.plan = () => ['source'];
  await using session = await sessionOn(jobManager, folder);
  expect(await session.run('upgrade orders orders-2.jar --unchecked')).toEqual({ kind: 'done' });
  expect(session.front.printed[0]).toBe('orders-2.jar is on the cluster; its plan was not compared.');
  expect(newJobs()[0]?.request).not.toHaveProperty('allowNonRestoredState');
});

test('a new version that does not run is offered back, and the old one is started from the same savepoint', async () => {
  jobManager.fate = (name) => (name.startsWith('orders-2') ? 'FAILED' : 'RUNNING');
  await using session = await sessionOn(jobManager, folder);
  expect(await session.run('upgrade orders orders-2.jar')).toMatchObject({
    kind: 'failed',
    problem: {
      message: 'Job orders (9f13c2) is stopped, and orders-2.jar is FAILED: Broken: no field "price"',
      hint: `Its savepoint is ${savepoint}. resume 9f13c2 tries once more. resume 9f13c2 --back starts orders-1.jar from it again.`,
    },
  });
  // A later session knows it from the journal.
  await using later = await sessionOn(jobManager, folder);
  expect(await later.run('resume 9f13c2 --back')).toEqual({ kind: 'done' });
  expect(newJobs()).toMatchObject([
    { jar: expect.stringMatching(/^orders-2-/), state: 'FAILED' },
    { jar: expect.stringMatching(/^orders-1-/), state: 'RUNNING', request: { savepointPath: savepoint, parallelism: 2 } },
  ]);
  expect(jobManager.stops).toHaveLength(1);
  expect(await later.says('resume')).toBe('No restart of c1 that began on this machine is open.');
});

test('a new version that still tries is cancelled before the old one is started', async () => {
  jobManager.fate = (name) => (name.startsWith('orders-2') ? 'RESTARTING' : 'RUNNING');
  await using session = await sessionOn(jobManager, folder);
  expect(await session.run('upgrade orders orders-2.jar')).toMatchObject({
    problem: { message: expect.stringMatching(/orders-2\.jar does not run after 5 min: Broken/) },
  });
  await session.run('resume --back');
  expect(newJobs().map(({ state }) => state)).toEqual(['CANCELED', 'RUNNING']);
});

test('savepoints shows the one of a restart, although the statistics of no job have it', async () => {
  await using session = await sessionOn(jobManager, folder);
  await session.run('restart orders');
  expect(await session.says('savepoints')).toBe('done');
  expect(session.front.views).toMatchObject([{ kind: 'facts', data: [{ path: savepoint, jobId: orders.id, knownBy: 'journal' }] }]);
});

test('one that failed is tried once more with another id, as Flink refuses the old one', async () => {
  jobManager.fate = () => 'FAILED';
  await using session = await sessionOn(jobManager, folder);
  await session.run('restart orders');
  jobManager.fate = () => 'RUNNING';
  expect(await session.run('resume orders')).toEqual({ kind: 'done' });
  expect(newJobs().map(({ state }) => state)).toEqual(['FAILED', 'RUNNING']);
  expect(jobManager.stops).toHaveLength(1);
});

test('going back without another version, or to one without a savepoint, is refused', async () => {
  jobManager.fate = () => 'FAILED';
  await using session = await sessionOn(jobManager, folder);
  await session.run('restart orders');
  expect(await session.says('resume --back')).toBe('There is no other version: orders (9f13c2) is started with orders-1.jar as before.');
  expect(await session.says('resume nosuch')).toBe('No restart of a job "nosuch" is open. Open: orders (9f13c2).');
});

test('a JobManager that was replaced while the job was stopped has forgotten the stop, and its savepoint is found where it lies', async () => {
  {
    await using session = await sessionOn(jobManager, folder, (_nth, { end }) => {
      if (jobManager.stops.length === 0) return undefined;
      end();
      return 'cut';
    });
    await session.run('restart orders');
  }
  expect(jobManager.jobs.get(orders.id)?.state).toBe('FINISHED');
  jobManager.stops.length = 0;
  jobManager.onDisk = true;
  await using later = await sessionOn(jobManager, folder);
  expect(await later.run('resume')).toEqual({ kind: 'done' });
  expect(newJobs()).toMatchObject([{ state: 'RUNNING', request: { savepointPath: savepoint } }]);
  expect(jobManager.stops).toEqual([]);
});

/** How many requests an upgrade sends that nothing disturbs. */
async function requestsOfUpgrade(): Promise<number> {
  await using session = await sessionOn(jobManager, folder);
  await session.run('upgrade orders orders-2.jar');
  return jobManager.requests.length;
}

/** `untouched`, `upgraded once`, or anything else that must not be. */
function end(): string {
  const jobs = newJobs().map((each) => `${each.jar.slice(0, 8)} ${each.state} from ${each.request.savepointPath ?? 'nothing'}`);
  const text = `${jobManager.jobs.get(orders.id)?.state}, ${new Set(jobManager.stops).size} stops, ${jobs.join(' and ')}`;
  if (text === 'RUNNING, 0 stops, ') return 'untouched';
  return text === `FINISHED, 1 stops, orders-2 RUNNING from ${savepoint}` ? 'upgraded once' : text;
}

async function again(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  folder = mkdtempSync(join(tmpdir(), 'drey-restart-'));
  jobManager = await ordersRun(folder);
}

describe('with the connection cut at any request', () => {
  test.each(['cut', 'cut after'] as const)('(%s the server sees it) an upgrade is waited out or leaves the job alone', async (how) => {
    const all = await requestsOfUpgrade();
    const wrong: object[] = [];
    let done = 0;
    for (let at = 1; at <= all; at += 1) {
      await again();
      await using session = await sessionOn(jobManager, folder, (nth) => (nth >= at && nth < at + 3 ? how : undefined));
      const { kind } = await session.run('upgrade orders orders-2.jar');
      if (kind === 'done') done += 1;
      // Before anything is stopped, an upload or a plan may fail: then it has not begun.
      if (end() !== (kind === 'done' ? 'upgraded once' : 'untouched')) wrong.push({ at, kind, end: end() });
    }
    expect(wrong).toEqual([]);
    expect(done).toBeGreaterThan(all / 2);
  });

  test.each(['cut', 'cut after'] as const)(
    '(%s the server sees it) a session that ends there leaves what the next one completes',
    async (how) => {
      const all = await requestsOfUpgrade();
      const wrong: object[] = [];
      let resumed = 0;
      for (let at = 1; at <= all; at += 1) {
        await again();
        {
          await using session = await sessionOn(jobManager, folder, (nth, { end: leave }) => {
            if (nth < at) return undefined;
            leave();
            return how;
          });
          const planned = await session.plan('upgrade orders orders-2.jar');
          if (planned.kind === 'confirm') await session.runner.run(planned);
        }
        await using later = await sessionOn(jobManager, folder);
        const planned = await later.plan('resume');
        if (planned.kind === 'confirm') {
          await later.runner.run(planned);
          resumed += 1;
        }
        if (end() !== 'upgraded once' && !(planned.kind !== 'confirm' && end() === 'untouched'))
          wrong.push({ at, kind: planned.kind, end: end() });
      }
      expect(wrong).toEqual([]);
      expect(resumed).toBeGreaterThan(all / 2);
    },
  );
});
