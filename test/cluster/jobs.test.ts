import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Terminal } from '../terminal/harness.ts';
import { cuttingProxy } from './cutting-proxy.ts';
import { gateBeforeApiServer } from './gate.ts';
import { deploySession, examples, jobManagerPod, run, start, testNamespace, type Ended, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

const clusterId = 'jobs';
const counter = join(examples, 'jobs/StatefulCounter.jar');
const wordCount = join(examples, 'streaming/WordCount.jar');
const folder = mkdtempSync(join(tmpdir(), 'drey-jobs-'));
const slow = ['--checkpoint-interval', '0', '--checkpoint-delay', '8000', '--rate', '20'];

let namespace: TestNamespace;

/** `bin/flink` on the session: the action, where it is, and the rest. */
const flink = (action: string, ...args: readonly string[]): Promise<Ended> => run('flink', flinkWords(action, ...args));
const flinkWords = (action: string, ...args: readonly string[]): string[] => [
  action,
  '-t',
  'kubernetes-session',
  `-Dkubernetes.cluster-id=${clusterId}`,
  `-Dkubernetes.namespace=${namespace.name}`,
  ...args,
];
/** A one-shot command of `drey` on the session; the parsed JSON that it prints. */
async function drey(command: string, ...words: readonly string[]): Promise<{ readonly code: number | null; readonly data: Result }> {
  const { code, stdout, stderr } = await run('drey', [command, '-n', namespace.name, '-o', 'json', clusterId, ...words]);
  expect(stdout, stderr).not.toBe('');
  return { code, data: JSON.parse(stdout) as Result };
}

interface Result {
  readonly ok: boolean;
  readonly messages: readonly string[];
  readonly error: { readonly message: string } | null;
  readonly operations: readonly { readonly kind: string; readonly state: string; readonly result: string | null }[];
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly state: string;
}

async function ok(ended: Promise<Ended>): Promise<string> {
  const done = await ended;
  expect(done.code, done.stderr).toBe(0);
  return done.stdout;
}

async function jobs(...options: readonly string[]): Promise<readonly Listed[]> {
  return (JSON.parse(await ok(flink('list', '-o', 'json', ...options))) as { readonly jobs: readonly Listed[] }).jobs;
}

/** Starts the counter and waits until its tasks run; resolves with the job's id. */
async function startCounter(name: string, program: readonly string[], ...options: readonly string[]): Promise<string> {
  const { jobId } = JSON.parse(await ok(flink('run', '-d', '-p', '1', '-o', 'json', ...options, counter, '--name', name, ...program))) as {
    readonly jobId: string;
  };
  await eventually(`${name} runs`, async () => await tasksRun(jobId));
  return jobId;
}

/** All tasks of the job run. */
async function tasksRun(jobId: string): Promise<boolean> {
  const listed = JSON.parse(await ok(run('drey', ['jobs', clusterId, '-n', namespace.name, '-o', 'json']))) as readonly {
    readonly id: string;
    readonly tasks: { readonly total: number; readonly running?: number };
  }[];
  const job = listed.find(({ id }) => id === jobId);
  return job !== undefined && job.tasks.running === job.tasks.total;
}

/** The same archive with other bytes: what stands behind its end is a comment, whose length is in its last two bytes. */
function withComment(archive: Buffer, comment: string): Buffer {
  const copy = Buffer.concat([archive, Buffer.from(comment)]);
  copy.writeUInt16LE(comment.length, archive.length - 2);
  return copy;
}

const savepoints = async (jobId: string): Promise<readonly string[]> =>
  (
    await namespace.kubectl(
      'exec',
      await jobManagerPod(namespace, clusterId),
      '--',
      'sh',
      '-c',
      `ls -d /tmp/savepoints/savepoint-${jobId.slice(0, 6)}-*/_metadata`,
    )
  )
    .trim()
    .split('\n');

const taskManagerLogs = async (): Promise<string> =>
  namespace.kubectl('logs', '-l', `app=${clusterId},component=taskmanager`, '--tail=-1', '--prefix=false');

const jobManagerLog = async (): Promise<string> => namespace.kubectl('logs', await jobManagerPod(namespace, clusterId), '--tail=300');

beforeAll(async () => {
  namespace = await testNamespace('jobs');
  await deploySession(
    namespace,
    clusterId,
    '-Dkubernetes.rest-service.exposed.type=NodePort',
    '-Dresourcemanager.taskmanager-timeout=300000',
  );
});
afterEach(async () => {
  for (const { id, state } of await jobs('-r')) if (state !== 'CANCELLING') await ok(flink('cancel', '--wait', id));
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('two runs of WordCount on a NodePort session write their results in the log of the TaskManager, and the jar is sent once', async () => {
  const first = await ok(flink('run', wordCount));
  expect(first).toMatch(
    /Job has been submitted with JobID [0-9a-f]{32}\nProgram execution finished\nJob with JobID [0-9a-f]{32} has finished\.\nJob Runtime: \d+ ms\n/,
  );
  const second = JSON.parse(await ok(flink('run', '-o', 'json', wordCount))) as {
    readonly state: string;
    readonly jar: { readonly uploaded: boolean };
  };
  expect(second).toMatchObject({ state: 'FINISHED', jar: { uploaded: false } });
  const counts = await eventually('both results are in the log', async () => {
    const found = (await taskManagerLogs()).match(/\(nymph,1\)/g) ?? [];
    return found.length >= 2 ? found.length : undefined;
  });
  expect(counts).toBe(2);
  const { data } = await drey('jars');
  expect(data.messages.filter((line) => line.includes('WordCount')).length).toBe(1);
});

test('older versions of a jar are deleted on demand, and its newest one and what others uploaded stay', async () => {
  const mine = join(folder, 'mine.jar');
  for (const comment of ['a', 'b']) {
    writeFileSync(mine, withComment(readFileSync(wordCount), comment));
    await ok(flink('info', mine));
  }
  const listed = async (): Promise<readonly string[]> =>
    (await drey('jars')).data.messages.flatMap((line) => /_(\S+\.jar) /.exec(line)?.[1] ?? []);
  const before = (await listed()).filter((name) => name.startsWith('mine-'));
  expect(before).toHaveLength(2);
  expect(await drey('jars', 'clean')).toMatchObject({
    code: 0,
    data: { ok: true, messages: [expect.stringMatching(/^Deleted \S+_mine-[0-9a-f]{12}\.jar\.$/)] },
  });
  expect((await listed()).filter((name) => name.startsWith('mine-'))).toHaveLength(1);
  expect(await drey('jars', 'clean')).toMatchObject({ code: 0, data: { messages: ['No older uploads.'] } });
  // The newest is still the one that is used.
  await ok(flink('info', mine));
  expect((await listed()).filter((name) => name.startsWith('mine-'))).toHaveLength(1);
});

test('quoted arguments reach the program unharmed, and the job is listed and cancelled by its name', async () => {
  const name = `it's "quoted", a,b  ü -x=1`;
  const id = await startCounter(name, ['--rate', '10']);
  expect(await ok(flink('list'))).toMatch(
    new RegExp(
      `Running/Restarting Jobs -+\\n\\d\\d\\.\\d\\d\\.\\d{4} \\d\\d:\\d\\d:\\d\\d : ${id} : it's "quoted", a,b  ü -x=1 \\(RUNNING\\)\\n`,
    ),
  );
  expect(JSON.parse(await ok(flink('cancel', '--wait', '-o', 'json', name)))).toEqual({ jobId: id, state: 'CANCELED' });
  expect(await ok(flink('list', '-a'))).toContain(`${id} : ${name} (CANCELED)`);
});

test('a job is stopped with a savepoint and goes on from it with its state', async () => {
  const id = await startCounter('counting', ['--rate', '100', '--keys', '1', '--log-every', '50']);
  const counted = /saw (\d+) records, key 0 count (\d+)/g;
  await eventually('it has counted', async () => (((await taskManagerLogs()).match(counted) ?? []).length >= 2 ? true : undefined));
  expect(await ok(flink('checkpoint', id.slice(0, 10)))).toMatch(/\nCheckpoint \d+ for job [0-9a-f]{32} completed\.\n/);
  expect(await ok(flink('savepoint', id))).toMatch(
    /Savepoint completed\. Path: file:\/tmp\/savepoints\/savepoint-\S+\nYou can resume your program from this savepoint with the run command\.\n$/,
  );
  const stopped = JSON.parse(await ok(flink('stop', '--wait', '-o', 'json', '-p', 'file:///tmp/savepoints', 'counting'))) as {
    readonly savepoint: string;
    readonly state: string;
  };
  expect(stopped).toMatchObject({ state: 'FINISHED', savepoint: expect.stringMatching(/^file:\/tmp\/savepoints\/savepoint-/) });

  const lastCount = async (): Promise<readonly { readonly seen: number; readonly count: number }[]> =>
    [...(await taskManagerLogs()).matchAll(counted)].map(([, seen, count]) => ({ seen: Number(seen), count: Number(count) }));
  const before = await lastCount();
  const last = before.at(-1);
  await startCounter('counting again', ['--rate', '100', '--keys', '1', '--log-every', '50'], '-s', stopped.savepoint);
  const after = await eventually('it counts again', async () => (await lastCount())[before.length]);
  expect(last?.count).toBe(last?.seen);
  // The new run has seen 50 records, and counts from where the old one was stopped: less than 50 behind its last words.
  expect(after.seen).toBe(50);
  expect(after.count - 50).toBeGreaterThanOrEqual(last?.count ?? Infinity);
  expect(after.count - 50).toBeLessThan((last?.count ?? 0) + 50);
  expect(await ok(flink('cancel', '--wait', 'counting again'))).toContain('Cancelled job');
  expect(await ok(flink('savepoint', '-d', stopped.savepoint))).toContain('disposed.');
});

test('a savepoint during which the connection is cut is taken once, and its path is found', async () => {
  const id = await startCounter('cut', slow);
  await using gate = await gateBeforeApiServer(folder);
  const savepoint = start('flink', flinkWords('savepoint', id), { KUBECONFIG: gate.kubeconfig });
  savepoint.child.stdin?.end();
  await eventually('it was triggered', async () => (await jobManagerLog()).includes(`Triggering savepoint for job ${id}`));
  await gate.shut();
  await eventually('it is complete', async () => new RegExp(`Completed checkpoint \\d+ for job ${id}`).test(await jobManagerLog()));
  await gate.open();
  const { code, stdout, stderr } = await savepoint.ended;
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const path = /Savepoint completed\. Path: file:(\S+)/.exec(stdout)?.[1];
  expect(await savepoints(id)).toEqual([`${path}/_metadata`]);
});

test('a submission and a savepoint whose answers are lost on the way are done once', async () => {
  const web = start('drey', ['web', '-n', namespace.name, clusterId, '--open']);
  const url = await eventually('the port is open', () => /http:\/\/127\.0\.0\.1:\d+/.exec(web.stdout())?.[0]);
  try {
    await using submitting = await cuttingProxy(url, (line, nth) => /^POST .*\/run /.test(line) && nth === 0);
    const { jobId } = JSON.parse(
      await ok(run('flink', ['run', '-d', '-m', submitting.url, '-p', '1', '-o', 'json', counter, '--name', 'once', '--rate', '20'])),
    ) as { readonly jobId: string };
    expect(submitting.cuts()).toBe(1);
    expect((await jobs()).filter(({ name }) => name === 'once').map(({ id }) => id)).toEqual([jobId]);
    await eventually('it runs', async () => await tasksRun(jobId));
    await using triggering = await cuttingProxy(url, (line, nth) => /^(POST|GET) .*\/savepoints/.test(line) && nth < 4);
    const { savepoint } = JSON.parse(await ok(run('flink', ['savepoint', '-m', triggering.url, '-o', 'json', jobId]))) as {
      readonly savepoint: string;
    };
    expect(triggering.cuts()).toBeGreaterThan(1);
    expect(await savepoints(jobId)).toEqual([`${savepoint.replace(/^file:/, '')}/_metadata`]);
  } finally {
    web.child.kill('SIGINT');
    await web.ended;
  }
});

test('Ctrl+C leaves an attached run to itself, and with -sae takes its job along', async () => {
  const interrupted = async (...options: readonly string[]): Promise<Ended & { readonly jobId: string }> => {
    const attached = start('flink', flinkWords('run', ...options, '-p', '1', counter, '--name', 'attached', '--rate', '20'));
    attached.child.stdin?.end();
    const jobId = await eventually(
      'it is submitted',
      () => /Job has been submitted with JobID ([0-9a-f]{32})\n/.exec(attached.stdout())?.[1],
    );
    attached.child.kill('SIGINT');
    return { ...(await attached.ended), jobId };
  };
  const left = await interrupted();
  expect(left).toMatchObject({ code: 130, stderr: expect.stringContaining(`Job ${left.jobId} keeps running without this command.`) });
  await eventually('it runs on', async () => (await jobs('-r')).find(({ id, state }) => id === left.jobId && state === 'RUNNING'));
  const taken = await interrupted('-sae');
  expect(taken.code).toBe(130);
  await eventually('it is cancelled', async () => (await jobs('-a')).find(({ id, state }) => id === taken.jobId && state === 'CANCELED'));
});

test('the one-shot commands of drey tell a program what they did', async () => {
  const id = await startCounter('scripted', ['--rate', '20', '--checkpoint-interval', '60000']);
  const checkpoint = await drey('checkpoint', 'scripted');
  expect(checkpoint).toMatchObject({
    code: 0,
    data: { ok: true, error: null, operations: [{ kind: 'checkpoint', state: 'succeeded', result: expect.stringMatching(/^\d+$/) }] },
  });
  const savepoint = await drey('savepoint', id.slice(0, 8));
  const path = savepoint.data.operations.find(({ kind }) => kind === 'savepoint')?.result ?? '';
  expect(savepoint.code).toBe(0);
  expect(path).toMatch(/^file:\/tmp\/savepoints\/savepoint-/);
  expect(await drey('stop-job', 'nobody')).toMatchObject({
    code: 1,
    data: { ok: false, error: { message: expect.stringContaining('nobody') } },
  });
  const stopped = await drey('stop-job', 'scripted');
  expect(stopped).toMatchObject({ code: 0, data: { ok: true } });
  const submitted = await drey('submit', counter, '-p', '1', '-s', path, '--', '--name', 'scripted again', '--rate', '20');
  expect(submitted).toMatchObject({ code: 0, data: { ok: true } });
  await eventually('it is listed', async () =>
    (await jobs('-r')).find(({ name, state }) => name === 'scripted again' && state === 'RUNNING'),
  );
  expect(await drey('cancel', 'scripted again')).toMatchObject({ code: 0, data: { ok: true } });
  expect(await drey('dispose', path)).toMatchObject({ code: 0, data: { ok: true } });
});

test('the path of a slow savepoint is shown to a user who detached before it was there and attaches again', async () => {
  const id = await startCounter('patient', slow);
  const env = { KUBECONFIG: process.env['KUBECONFIG'] ?? '', XDG_STATE_HOME: join(folder, 'state') };
  const attach = () => new Terminal(['attach', clusterId, '-n', namespace.name], { env, patience: 120_000, columns: 200, rows: 50 });
  {
    await using terminal = attach();
    await terminal.sees(/patient.*Running/i);
    terminal.type('savepoint patient⏎');
    await terminal.sees(/Savepoint of patient/);
    await eventually('it was triggered', async () => (await jobManagerLog()).includes(`Triggering savepoint for job ${id}`));
    terminal.type('quit⏎');
    expect(await terminal.exit).toBe(0);
  }
  const [path] = await eventually('it is on disk', () => savepoints(id).catch(() => undefined));
  await using terminal = attach();
  await terminal.sees(/patient.*Running/i);
  terminal.type('operations⏎');
  await terminal.sees(path?.replace('/_metadata', '') ?? '');
});
