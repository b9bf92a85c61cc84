import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { at, jobManager, jobs, multipart, podNames, PODS, rest } from './sandboxes.ts';
import { until } from '../support/until.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
});
afterAll(() => sandbox.close());

async function upload(name: string): Promise<string> {
  const answer = await rest(sandbox, '/jars/upload', { method: 'POST', ...multipart(name, await readFile(join(sandbox.examples, name))) });
  expect(answer).toMatchObject({ status: 200, body: { status: 'success' } });
  return at(answer.body, 'filename').split('/').at(-1) ?? '';
}

async function run(name: string, body: object = {}): Promise<string> {
  const answer = await rest(sandbox, `/jars/${await upload(name)}/run`, { method: 'POST', body });
  expect(answer.status).toBe(200);
  return at(answer.body, 'jobid');
}

const state = async (id: string): Promise<string> => at((await rest(sandbox, `/jobs/${id}`)).body, 'state');
/** The job of that name, when it runs. */
const jobOf = (name: string): Promise<string> =>
  until(async () => {
    const running = at<readonly unknown[]>((await rest(sandbox, '/jobs/overview')).body, 'jobs').find(
      (job) => at(job, 'name') === name && at(job, 'state') === 'RUNNING',
    );
    return running === undefined ? undefined : at(running, 'jid');
  });
const logOf = async (pod: string): Promise<string> => (await fetch(`${sandbox.url}${PODS}/${pod}/log`)).text();

test('the demo runs two jobs on two TaskManagers', async () => {
  expect(Object.fromEntries(await jobs(sandbox))).toEqual({ CarTopSpeedWindowing: 'RUNNING', 'orders-enrichment': 'RUNNING' });
  expect((await rest(sandbox, '/overview')).body).toMatchObject({
    taskmanagers: 2,
    'slots-total': 8,
    'slots-available': 2,
    'jobs-running': 2,
    'flink-version': '2.3.0',
  });
  expect((await rest(sandbox, '/v1/overview')).status).toBe(200);
});

test('a job that finds no free slot gets a TaskManager, which is released when it idles', async () => {
  const id = await run('TopSpeedWindowing.jar', { parallelism: 4 });
  await until(
    async () => (await state(id)) === 'RUNNING' && at<number>((await rest(sandbox, `/jobs/${id}`)).body, 'vertices.0.tasks.RUNNING') === 1,
  );
  expect(await podNames(sandbox)).toContain('my-first-flink-cluster-taskmanager-1-3');
  expect((await rest(sandbox, `/jobs/${id}?mode=cancel`, { method: 'PATCH' })).status).toBe(202);
  await until(async () => (await state(id)) === 'CANCELED');
  await until(async () => !(await podNames(sandbox)).includes('my-first-flink-cluster-taskmanager-1-3'));
  const log = await logOf(await jobManager(sandbox));
  for (const line of [
    'need request 1 new workers',
    'Creating new TaskManager pod with name my-first-flink-cluster-taskmanager-1-3',
    'switched from state RUNNING to CANCELLING',
    'TaskManager exceeded the idle timeout',
  ])
    expect(log).toContain(line);
});

test('a job that fails restarts, says why, and fails for good', async () => {
  const id = await run('FailAfter.jar', { programArgsList: ['--seconds', '2', '--restarts', '1'] });
  // That it was RESTARTING is over before a slow machine has looked: its history tells.
  await until(async () => (await state(id)) === 'FAILED');
  const { body } = await rest(sandbox, `/jobs/${id}/exceptions`);
  expect(at(body, 'exceptionHistory.entries.0.stacktrace')).toContain(
    'Recovery is suppressed by FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=1',
  );
  expect(at(body, 'exceptionHistory.entries.0.concurrentExceptions.0.taskManagerId')).toMatch(/^my-first-flink-cluster-taskmanager-1-\d$/);
  expect(at<unknown[]>(body, 'exceptionHistory.entries')).toHaveLength(2);
  expect((await rest(sandbox, `/jobs/${id}/execution-result`)).body).toMatchObject({
    status: { id: 'COMPLETED' },
    'job-execution-result': { 'application-status': 'FAILED' },
  });
});

test('a bounded job finishes', async () => {
  const id = await run('WordCount.jar', { programArgsList: ['--seconds', '3'] });
  await until(async () => (await state(id)) === 'FINISHED');
  expect((await rest(sandbox, `/jobs/${id}/execution-result`)).body).toMatchObject({
    'job-execution-result': { 'application-status': 'SUCCEEDED' },
  });
});

test('a TaskManager that is killed for its memory takes its jobs through a restart', async () => {
  const { pod } = (await sandbox.control({ kind: 'taskmanager-oom' })) as { readonly pod: string };
  await until(async () => {
    const { body } = await rest(sandbox, `/jobs/${await jobOf('orders-enrichment')}/exceptions`);
    return at<string | undefined>(body, 'exceptionHistory.entries.0.stacktrace')?.includes(
      `TaskManager with id ${pod} is no longer reachable`,
    );
  });
  await until(async () => (await jobs(sandbox)).get('orders-enrichment') === 'RUNNING');
});

describe('operations', () => {
  let serial = 0;
  const trigger = (): string => (serial += 1).toString(16).padStart(32, 'a');
  const result = (path: string): Promise<unknown> =>
    until(async () => {
      const { body } = await rest(sandbox, path);
      return at(body, 'status.id') === 'COMPLETED' && at<unknown>(body, 'operation');
    });

  test('a savepoint with the same trigger id is taken once', async () => {
    const triggerId = trigger();
    const id = await jobOf('orders-enrichment');
    for (const _ of [1, 2])
      expect(await rest(sandbox, `/jobs/${id}/savepoints`, { method: 'POST', body: { triggerId } })).toEqual({
        status: 202,
        body: { 'request-id': triggerId },
      });
    expect(await result(`/jobs/${id}/savepoints/${triggerId}`)).toEqual({
      location: expect.stringMatching(new RegExp(`^s3://flink/savepoints/savepoint-${id.slice(0, 6)}-[0-9a-f]{12}$`)) as string,
    });
    const taken = (await logOf(await jobManager(sandbox)))
      .split('\n')
      .filter((line) => line.includes('(type=SavepointType') && line.includes(id));
    expect(taken).toHaveLength(1);
    expect(await rest(sandbox, `/jobs/${id}/savepoints/${'c'.repeat(32)}`)).toMatchObject({ status: 404 });
  });

  test('a stop ends in FINISHED, and a job starts from its savepoint', async () => {
    const triggerId = trigger();
    const id = await jobOf('orders-enrichment');
    await rest(sandbox, `/jobs/${id}/stop`, { method: 'POST', body: { triggerId, targetDirectory: 's3://mine' } });
    const { location } = (await result(`/jobs/${id}/savepoints/${triggerId}`)) as { readonly location: string };
    expect(location).toMatch(/^s3:\/\/mine\/savepoint-/);
    await until(async () => (await state(id)) === 'FINISHED');
    const again = await run('OrdersEnrichment.jar', { savepointPath: location });
    const { body } = await rest(sandbox, `/jobs/${again}/checkpoints`);
    expect(at<unknown>(body, 'latest.restored')).toMatchObject({ external_path: location, is_savepoint: true });
  });

  test('a savepoint into a folder that cannot be is COMPLETED with a failure', async () => {
    const triggerId = trigger();
    const id = await jobOf('orders-enrichment');
    await rest(sandbox, `/jobs/${id}/savepoints`, { method: 'POST', body: { triggerId, 'target-directory': 'nope://x' } });
    expect(await result(`/jobs/${id}/savepoints/${triggerId}`)).toMatchObject({
      'failure-cause': { class: 'java.util.concurrent.CompletionException' },
    });
  });

  test('a checkpoint on demand answers with its id, and a disposal forgets a savepoint once', async () => {
    const triggerId = trigger();
    const id = await jobOf('orders-enrichment');
    await rest(sandbox, `/jobs/${id}/checkpoints`, { method: 'POST', body: { triggerId, checkpointType: 'CONFIGURED' } });
    expect(await result(`/jobs/${id}/checkpoints/${triggerId}`)).toEqual({ checkpointId: expect.any(Number) as number });
    await rest(sandbox, `/jobs/${id}/savepoints`, { method: 'POST', body: { triggerId } });
    const { location } = (await result(`/jobs/${id}/savepoints/${triggerId}`)) as { readonly location: string };
    const dispose = async (): Promise<unknown> =>
      result(
        `/savepoint-disposal/${at((await rest(sandbox, '/savepoint-disposal', { method: 'POST', body: { 'savepoint-path': location } })).body, 'request-id')}`,
      );
    expect(await dispose()).toEqual({});
    expect(await dispose()).toMatchObject({ 'failure-cause': { class: 'org.apache.flink.util.FlinkException' } });
  });
});

describe('what Flink refuses', () => {
  const first = (body: unknown): string => at(body, 'errors.0').split('\n')[0] ?? '';

  test.each([
    ['GET', '/jobs/xyz', 400, 'could not parse parameters: Cannot resolve path parameter (jobid) from value "xyz".'],
    ['GET', `/jobs/${'0'.repeat(32)}`, 404, `NotFoundException: Job ${'0'.repeat(32)} not found`],
    ['GET', `/jobs/${'0'.repeat(32)}/status`, 500, 'Internal server error.'],
    ['PATCH', `/jobs/${'0'.repeat(32)}`, 404, 'Job could not be found.'],
    ['GET', '/nothing/here', 404, 'Unable to load requested file /nothing/here.'],
    ['POST', '/nothing/here', 400, 'POST request not allowed'],
    ['POST', '/jobs/overview', 404, 'Not found: /jobs/overview'],
    ['POST', '/jars/none.jar/run', 500, 'Internal server error.'],
    ['DELETE', '/jars/none.jar', 400, 'File none.jar does not exist in'],
    ['GET', '/taskmanagers/none', 500, 'Internal server error.'],
    ['POST', '/savepoint-disposal', 400, 'Field savepoint-path must not be omitted or be null.'],
  ])('%s %s', async (method, path, status, message) => {
    const answer = await rest(sandbox, path, { method });
    expect(answer.status).toBe(status);
    expect(first(answer.body)).toContain(message);
  });

  test('a file that is not a jar, a jar that is not an archive, a class that is not in it, a job id that is taken', async () => {
    expect(first((await rest(sandbox, '/jars/upload', { method: 'POST', ...multipart('a.txt', Buffer.from('x')) })).body)).toContain(
      'Only Jar files are allowed.',
    );
    await rest(sandbox, '/jars/upload', { method: 'POST', ...multipart('broken.jar', Buffer.from('no zip')) });
    const broken = at((await rest(sandbox, '/jars')).body, 'files.0.id');
    expect(at((await rest(sandbox, `/jars/${broken}/run`, { method: 'POST', body: {} })).body, 'errors.1')).toContain(
      'zip END header not found',
    );
    const jar = await upload('TopSpeedWindowing.jar');
    expect(
      at((await rest(sandbox, `/jars/${jar}/run`, { method: 'POST', body: { entryClass: 'no.such.Class' } })).body, 'errors.1'),
    ).toContain("entry point class 'no.such.Class' was not found");
    const jobId = 'd'.repeat(32);
    expect((await rest(sandbox, `/jars/${jar}/run`, { method: 'POST', body: { jobId } })).status).toBe(200);
    const again = await rest(sandbox, `/jars/${jar}/run`, { method: 'POST', body: { jobId } });
    expect(again.status).toBe(400);
    expect(at(again.body, 'errors.0')).toContain('DuplicateApplicationSubmissionException');
    expect(at<readonly unknown[]>((await rest(sandbox, '/jobs')).body, 'jobs').filter((job) => at(job, 'id') === jobId)).toHaveLength(1);
  });
});
