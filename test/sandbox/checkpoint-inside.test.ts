import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { until } from '../support/until.ts';
import { at, rest } from './sandboxes.ts';

let sandbox: Sandbox;
let job: string;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
  job = at(
    at<readonly unknown[]>((await rest(sandbox, '/jobs/overview')).body, 'jobs').find((one) => at(one, 'name') === 'orders-enrichment'),
    'jid',
  );
});
afterAll(() => sandbox.close());

interface Subtask {
  readonly index: number;
  readonly status: string;
  readonly end_to_end_duration: number;
  readonly start_delay: number;
  readonly checkpoint: { readonly sync: number; readonly async: number };
  readonly alignment: { readonly duration: number };
}

const checkpoints = async (): Promise<unknown> => (await rest(sandbox, `/jobs/${job}/checkpoints`)).body;
const slowVertex = async (): Promise<string> => at((await rest(sandbox, `/jobs/${job}`)).body, 'vertices.1.id');
const subtasks = async (checkpoint: number): Promise<readonly Subtask[]> =>
  at((await rest(sandbox, `/jobs/${job}/checkpoints/details/${checkpoint}/subtasks/${await slowVertex()}`)).body, 'subtasks');

test('one subtask holds up a checkpoint, and the parts of its time add up to that of the checkpoint', async () => {
  const { id, end_to_end_duration: whole } = at<{ readonly id: number; readonly end_to_end_duration: number }>(
    await checkpoints(),
    'latest.completed',
  );
  const [slowest, ...others] = [...(await subtasks(id))].sort((a, b) => b.end_to_end_duration - a.end_to_end_duration);
  expect(slowest).toMatchObject({ index: 2, status: 'completed', end_to_end_duration: whole });
  for (const { end_to_end_duration: part } of others) expect(part).toBeLessThan(whole / 1.5);
  for (const { start_delay, alignment, checkpoint, end_to_end_duration } of others)
    expect(start_delay + alignment.duration + checkpoint.sync + checkpoint.async).toBe(end_to_end_duration);
  const details = (await rest(sandbox, `/jobs/${job}/checkpoints/details/${id}`)).body;
  const parts = Object.values(
    at<Readonly<Record<string, { readonly end_to_end_duration: number; readonly checkpointed_size: number }>>>(details, 'tasks'),
  );
  expect(Math.max(...parts.map((part) => part.end_to_end_duration))).toBe(whole);
  const size = at<number>(details, 'checkpointed_size');
  expect(Math.abs(parts.reduce((sum, part) => sum + part.checkpointed_size, 0) - size)).toBeLessThan(size / 20);
});

test('the past of a job with a slow step has one checkpoint that failed, with its reason', async () => {
  const body = await checkpoints();
  expect(at(body, 'counts.failed')).toBe(1);
  expect(at(body, 'latest.failed')).toMatchObject({ status: 'FAILED', failure_message: 'Asynchronous task checkpoint failed.' });
});

test('only the newest checkpoint is kept: those before it are discarded', async () => {
  const history = at<readonly { readonly status: string; readonly discarded?: boolean }[]>(await checkpoints(), 'history');
  const completed = history.filter(({ status }) => status === 'COMPLETED').map(({ discarded }) => discarded);
  expect(completed).toEqual(completed.map((_, index) => index > 0));
});

test('a checkpoint that is stuck waits for one subtask', async () => {
  await sandbox.control({ kind: 'checkpoints-stick' });
  const stuck = await until(async () => {
    const [first] = at<readonly { readonly id: number; readonly status: string; readonly num_acknowledged_subtasks: number }[]>(
      await checkpoints(),
      'history',
    ).filter(({ status, num_acknowledged_subtasks: done }) => status === 'IN_PROGRESS' && done === 11);
    return first?.id;
  });
  expect((await subtasks(stuck)).map(({ status }) => status)).toEqual(['completed', 'completed', 'pending_or_failed', 'completed']);
  await sandbox.control({ kind: 'heal' });
});

test('checkpoints that are made to fail say the reason that was given', async () => {
  await sandbox.control({ kind: 'checkpoints-fail', reason: 'The disk is full.' });
  await until(async () => at<string | undefined>(await checkpoints(), 'latest.failed.failure_message') === 'The disk is full.');
  await sandbox.control({ kind: 'heal' });
});

interface Exception {
  readonly taskName?: string;
  readonly taskManagerId?: string;
  readonly failureLabels: Readonly<Record<string, string>>;
  readonly stacktrace: string;
  readonly concurrentExceptions: readonly Exception[];
}
const exceptions = async (query = ''): Promise<readonly Exception[]> =>
  at((await rest(sandbox, `/jobs/${job}/exceptions${query}`)).body, 'exceptionHistory.entries');
const running = (): Promise<boolean> => until(async () => at((await rest(sandbox, `/jobs/${job}`)).body, 'state') === 'RUNNING');

test('a failure names its task, its attempt, what failed with it, and whose fault it is', async () => {
  await sandbox.control({ kind: 'job-fail', job, message: 'first' });
  await until(async () => (await exceptions()).length === 1);
  await until(async () => at<number>((await rest(sandbox, `/jobs/${job}`)).body, 'vertices.1.tasks.RUNNING') === 4);
  await running();
  await sandbox.control({ kind: 'job-fail', job, message: 'second' });
  const [second, first] = await until(async () => {
    const all = await exceptions();
    return all.length === 2 && all;
  });
  expect(first).toMatchObject({
    taskName: 'enrich with customers -> filter test orders (1/4) - execution #0',
    failureLabels: { TYPE: 'USER' },
    concurrentExceptions: [],
  });
  expect(second).toMatchObject({
    taskName: 'enrich with customers -> filter test orders (1/4) - execution #1',
    concurrentExceptions: [{ taskName: 'enrich with customers -> filter test orders (2/4) - execution #1' }],
  });
  expect(await exceptions('?failureLabelFilter=TYPE:SYSTEM')).toEqual([]);
  expect(await exceptions('?failureLabelFilter=TYPE:USER&maxExceptions=1')).toHaveLength(1);
  expect((await rest(sandbox, `/jobs/${job}/exceptions?failureLabelFilter=TYPE`)).status).toBe(400);
});

test('a TaskManager that is lost fails the tasks that ran on it, and their earlier attempts can be asked for', async () => {
  await until(async () => at<number>((await rest(sandbox, `/jobs/${job}`)).body, 'vertices.1.tasks.RUNNING') === 4);
  const vertex = await slowVertex();
  const { body: before } = await rest(sandbox, `/jobs/${job}/vertices/${vertex}/subtasks/0`);
  const pod: string = at(before, 'taskmanager-id');
  await sandbox.control({ kind: 'taskmanager-oom', pod });
  const lost = await until(async () => (await exceptions('?failureLabelFilter=TYPE:SYSTEM'))[0]);
  expect(lost.stacktrace).toContain(`TaskManager with id ${pod} is no longer reachable`);
  expect(new Set([lost, ...lost.concurrentExceptions].map(({ taskManagerId }) => taskManagerId))).toEqual(new Set([pod]));
  const attempt = at<number>(before, 'attempt');
  await until(async () => at<number>((await rest(sandbox, `/jobs/${job}/vertices/${vertex}/subtasks/0`)).body, 'attempt') > attempt);
  expect((await rest(sandbox, `/jobs/${job}/vertices/${vertex}/subtasks/0/attempts/${attempt}`)).body).toMatchObject({
    attempt,
    status: 'FAILED',
    'taskmanager-id': pod,
  });
  expect((await rest(sandbox, `/jobs/${job}/vertices/${vertex}/subtasks/0/attempts/99`)).status).toBe(404);
});
