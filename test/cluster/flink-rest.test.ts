import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createFlinkClient } from '../../src/flink/client.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { isTerminal, type FlinkClient, type JobOverview } from '../../src/flink/types.ts';
import { systemClock } from '../../src/support/clock.ts';
import { flink, type Ran } from '../cli/flink/harness.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { until } from '../support/until.ts';

/**
 * bin/flink against a Flink that runs: DREY_TEST_REST_URL names its REST endpoint, FLINK_HOME a distribution with the example jobs, and
 * DREY_TEST_SAVEPOINT_DIR a folder that the cluster can write to (default: the temporary folder of a cluster on this machine).
 */
const url = process.env['DREY_TEST_REST_URL'] ?? '';
const examples = join(process.env['FLINK_HOME'] ?? '/opt/flink', 'examples');
const counter = join(examples, 'jobs/StatefulCounter.jar');
const failing = join(examples, 'jobs/FailAfter.jar');
const wordCount = join(examples, 'streaming/WordCount.jar');

let client: FlinkClient;
let own: string | undefined;
let savepoints: string;
const stamp = `${process.pid}-${Date.now()}`;

beforeAll(() => {
  if (url === '') throw new Error('DREY_TEST_REST_URL names no REST endpoint.');
  client = createFlinkClient({ router: fixedRoute(url) });
  own = process.env['DREY_TEST_SAVEPOINT_DIR'] === undefined ? mkdtempSync(join(tmpdir(), 'drey-savepoints-')) : undefined;
  savepoints = process.env['DREY_TEST_SAVEPOINT_DIR'] ?? `file://${own}`;
});
afterEach(async () => {
  for (const job of await client.jobs()) if (job.name.includes(stamp) && !isTerminal(job.state)) await client.cancelJob(job.id);
});
afterAll(async () => {
  await client[Symbol.asyncDispose]();
  if (own !== undefined) rmSync(own, { recursive: true });
});

const run = (argv: readonly string[], at = url): Promise<Ran> => flink([argv[0] ?? '', '-m', at, ...argv.slice(1)], { clock: systemClock });

async function ok(argv: readonly string[], at?: string): Promise<string> {
  const ran = await run(argv, at);
  expect({ argv, ...ran }).toMatchObject({ argv, code: 0 });
  return ran.stdout;
}

const jsonOf = async (argv: readonly string[], at?: string) =>
  JSON.parse(await ok([argv[0] ?? '', '-o', 'json', ...argv.slice(1)], at)) as Record<string, unknown>;

/** Starts the counter; resolves when its tasks run and it has taken a checkpoint. */
async function startCounter(name: string, ...options: readonly string[]): Promise<string> {
  const { jobId } = await jsonOf([
    'run',
    '-d',
    '-p',
    '1',
    ...options,
    counter,
    '--rate',
    '200',
    '--keys',
    '20',
    '--name',
    `${name} ${stamp}`,
  ]);
  const id = String(jobId);
  await until(async () => (await client.checkpoints(id))?.latestCompleted, 100);
  return id;
}

const jobOf = async (id: string): Promise<JobOverview | undefined> => (await client.jobs()).find((job) => job.id === id);

test('a job is run, listed, cancelled, and its quoted arguments arrive unharmed', async () => {
  const name = `it's "quoted", a,b  ü -x=1 ${stamp}`;
  const { jobId } = await jsonOf(['run', '-d', counter, '--rate', '10', '--name', name]);
  expect((await jobOf(String(jobId)))?.name).toBe(name);
  expect(await ok(['list'])).toMatch(
    new RegExp(
      `Running/Restarting Jobs -+\\n[\\s\\S]*\\d\\d\\.\\d\\d\\.\\d{4} \\d\\d:\\d\\d:\\d\\d : ${jobId} : it's "quoted", a,b  ü -x=1 ${stamp} \\((RUNNING|CREATED|INITIALIZING)\\)`,
    ),
  );
  expect(await jsonOf(['cancel', '--wait', name])).toEqual({ jobId, state: 'CANCELED' });
  expect(await ok(['list', '-a'])).toContain(`(CANCELED)`);
});

test('a savepoint, a stop with a savepoint, and a run from it with the state intact', async () => {
  const id = await startCounter('first');
  expect(await ok(['savepoint', id, savepoints])).toMatch(
    /Savepoint completed\. Path: \S+\nYou can resume your program from this savepoint with the run command\.\n$/,
  );
  const stopped = await jsonOf(['stop', '--wait', '-p', savepoints, `first ${stamp}`]);
  expect(stopped).toMatchObject({ jobId: id, state: 'FINISHED', savepoint: expect.stringContaining('savepoint-') });

  const second = await startCounter('second', '-s', String(stopped['savepoint']), '-cm', 'no_claim');
  const restored = (await client.checkpoints(second))?.latestRestored;
  expect(restored).toMatchObject({
    isSavepoint: true,
    path: expect.stringContaining(String(stopped['savepoint']).replace(/^.*savepoint-/, 'savepoint-')),
  });
  await ok(['cancel', '--wait', second]);
  expect(await ok(['savepoint', '-d', String(stopped['savepoint'])])).toContain(' disposed.\n');
  const again = await run(['run', '-d', '-s', String(stopped['savepoint']), counter]);
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('The job was not accepted: Cannot find checkpoint or savepoint')]);
});

test('a checkpoint now, a full one, and a native savepoint', async () => {
  const id = await startCounter('checkpoints');
  const taken = await jsonOf(['checkpoint', id]);
  expect(taken).toMatchObject({ jobId: id, checkpointId: expect.any(Number), full: false });
  expect(await ok(['checkpoint', '--full', id.slice(0, 8)])).toMatch(
    /^Triggering checkpoint for job .*\nWaiting for response\.\.\.\nCheckpoint\(FULL\) \d+ for job/,
  );
  const { triggerId } = await jsonOf(['savepoint', '-detached', '-type', 'native', id, savepoints]);
  await until(async () => (await client.savepointResult(id, String(triggerId))).state === 'completed', 100);
});

test('the same jar is sent once, and old copies are known', async () => {
  const runs = [await jsonOf(['run', '-d', wordCount]), await jsonOf(['run', '-d', wordCount])];
  const [first, second] = runs.map(({ jar }) => jar as { id: string; uploaded: boolean });
  expect(second).toMatchObject({ id: first?.id, uploaded: false });
  expect((await client.jars()).filter(({ name }) => name.startsWith('WordCount-')).length).toBe(1);
});

test('an attached run ends with its job, well or badly', async () => {
  expect(await ok(['run', wordCount])).toMatch(
    /^Job has been submitted with JobID [0-9a-f]{32}\nProgram execution finished\nJob with JobID [0-9a-f]{32} has finished\.\nJob Runtime: \d+ ms\n\n$/,
  );
  const failed = await run(['run', failing, '--restarts', '0', '--after', '5', '--name', `fails ${stamp}`]);
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringMatching(/Job [0-9a-f]{32} failed: disk quota exceeded on .*\.\n$/)]);
  expect((await run(['run', failing, '--in-main', 'true'])).stderr).toContain("The program's main method failed: disk quota exceeded");
  expect((await run(['run', '-c', 'no.such.Class', failing])).stderr).toContain("entry point class 'no.such.Class' was not found");
});

test('info draws the plan and starts nothing', async () => {
  const before = (await client.jobs()).length;
  expect(await jsonOf(['info', '-p', '2', wordCount])).toMatchObject({
    plan: { nodes: expect.arrayContaining([expect.objectContaining({ parallelism: 2 })]) },
  });
  expect((await client.jobs()).length).toBe(before);
});

test('what does not exist is reported in one sentence', async () => {
  const nobody = '0'.repeat(32);
  for (const action of ['cancel', 'stop', 'savepoint', 'checkpoint']) {
    const ran = await run([action, nobody, ...(action === 'stop' ? ['-p', savepoints] : action === 'savepoint' ? [savepoints] : [])]);
    expect([ran.code, ran.stderr]).toEqual([
      1,
      expect.stringMatching(new RegExp(`exception:\\n\\n.*Job ${nobody} is not known to this cluster\\.( .*)?\\n$`)),
    ]);
  }
});

test('a submission whose answer is cut off starts one job', async () => {
  await using proxy = await cuttingProxy(url, (line, nth) => /^POST .*\/run /.test(line) && nth === 0);
  const { jobId } = await jsonOf(['run', '-d', counter, '--rate', '10', '--name', `cut ${stamp}`], proxy.url);
  expect(proxy.cuts()).toBe(1);
  expect((await client.jobs()).filter(({ name }) => name === `cut ${stamp}`).map(({ id }) => id)).toEqual([jobId]);
});

test('a savepoint whose trigger is cut off is taken once, and a connection that breaks while it is waited for does no harm', async () => {
  const id = await startCounter('cut savepoint');
  const before = await savepointsOf(id);
  await using proxy = await cuttingProxy(url, (line, nth) => /^(POST|GET) .*\/savepoints/.test(line) && nth < 4);
  const { savepoint } = await jsonOf(['savepoint', id, savepoints], proxy.url);
  expect(proxy.cuts()).toBeGreaterThan(1);
  expect(savepoint).toContain('savepoint-');
  // The server keeps its statistics for seconds.
  await until(async () => (await savepointsOf(id)) > before, 100);
  expect(await savepointsOf(id)).toBe(before + 1);
});

async function savepointsOf(id: string): Promise<number> {
  return ((await client.checkpoints(id))?.history ?? []).filter(({ isSavepoint }) => isSavepoint).length;
}
