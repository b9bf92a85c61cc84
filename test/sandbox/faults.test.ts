import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api, at, forward, jobManager, jobs, multipart, podNames, PODS, rest } from './sandboxes.ts';
import { until } from '../support/until.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
});
afterEach(() => sandbox.control({ kind: 'heal' }));
afterAll(() => sandbox.close());

/** Rejects with what breaks a stream, also when it broke before. */
const failure = (stream: Duplex): Promise<never> =>
  new Promise((_, reject) => (stream.errored === null ? stream.on('error', reject) : reject(stream.errored)));

describe('the API server', () => {
  test('refuses connections for a while, and comes back on the same port', async () => {
    await sandbox.control({ kind: 'api-restart', forMs: 3_600_000 });
    await expect(fetch(`${sandbox.url}/version`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await sandbox.control({ kind: 'api-restart', forMs: 50 });
    await until(() =>
      fetch(`${sandbox.url}/version`).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
    expect(await podNames(sandbox)).toHaveLength(3);
  });

  test('takes connections and stays silent, streams as well', async () => {
    const pod = await jobManager(sandbox);
    const log = await fetch(`${sandbox.url}${PODS}/${pod}/log?follow=true&tailLines=0`);
    let text = '';
    void (async () => {
      for await (const chunk of log.body ?? []) text += Buffer.from(chunk).toString();
    })().catch(() => undefined);
    await sandbox.control({ kind: 'api-pause', forMs: 60_000 });
    await sandbox.control({ kind: 'logs-write', pod, lines: 1, prefix: 'unheard' });
    let answered = false;
    const before = at<number>(await sandbox.control({ kind: 'state' }), 'requests');
    const asked = fetch(`${sandbox.url}/version`).then((answer) => {
      answered = true;
      return answer.status;
    });
    await until(async () => at<number>(await sandbox.control({ kind: 'state' }), 'requests') > before);
    // It has arrived; an answer would be here after so many turns through the same thread.
    for (let turn = 0; turn < 50; turn += 1) await sandbox.control({ kind: 'state' });
    expect(answered).toBe(false);
    expect(text).not.toContain('unheard');
    await sandbox.control({ kind: 'heal' });
    expect(await asked).toBe(200);
    await until(() => text.includes('unheard 1'));
  });

  test.each([
    [429, 'TooManyRequests'],
    [500, 'InternalError'],
    [503, 'ServiceUnavailable'],
  ] as const)('answers %i as often as it is reported', async (status, reason) => {
    await sandbox.control({ kind: 'api-answer', status, times: 2, path: '/pods', retryAfterSeconds: 1 });
    expect((await api(sandbox, '/version')).status).toBe(200);
    for (const _ of [1, 2]) expect(await api(sandbox, PODS)).toMatchObject({ status, body: { reason } });
    expect((await api(sandbox, PODS)).status).toBe(200);
  });

  test('wants a token, and another one when it was rotated', async () => {
    await sandbox.control({ kind: 'token-require' });
    expect(await api(sandbox, PODS)).toMatchObject({ status: 401, body: { reason: 'Unauthorized' } });
    const as = (token: string): Promise<number> =>
      api(sandbox, PODS, { headers: { authorization: `Bearer ${token}` } }).then((answer) => answer.status);
    expect(await as('sandbox-token')).toBe(200);
    await sandbox.control({ kind: 'token-rotate' });
    expect(await as('sandbox-token')).toBe(401);
    const file = /tokenFile: "(.*)"/.exec(await readFile(sandbox.kubeconfig, 'utf8'))?.[1] ?? '';
    expect(await as(await readFile(file, 'utf8'))).toBe(200);
  });

  test('can be switched over HTTP while it is down', async () => {
    await sandbox.control({ kind: 'api-restart', forMs: 500 });
    const state = (await (
      await fetch(`${sandbox.controlUrl}/sandbox/control`, { method: 'POST', body: JSON.stringify({ kind: 'state' }) })
    ).json()) as unknown;
    expect(at<unknown[]>(state, 'pods')).toHaveLength(3);
    const bad = await fetch(`${sandbox.controlUrl}/sandbox/control`, { method: 'POST', body: JSON.stringify({ kind: 'nonsense' }) });
    expect(bad.status).toBe(400);
    await until(() =>
      fetch(`${sandbox.url}/version`).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
  });
});

describe('a port-forward', () => {
  test('is refused, stalls, and is cut', async () => {
    const pod = await jobManager(sandbox);
    await sandbox.control({ kind: 'port-forward', mode: 'refuse' });
    const refused = await forward(sandbox, pod, 8081);
    await expect(failure(refused)).rejects.toThrow('connection refused');
    await sandbox.control({ kind: 'port-forward', mode: 'work' });
    const open = await forward(sandbox, pod, 8081);
    const ended = new Promise((resolve) => open.on('end', resolve).resume());
    await sandbox.control({ kind: 'port-forward', mode: 'close' });
    await ended;
    await sandbox.control({ kind: 'port-forward', mode: 'stall' });
    const stalled = await forward(sandbox, pod, 8081);
    stalled.write('GET /overview HTTP/1.1\r\nhost: x\r\n\r\n');
    let heard = '';
    stalled.on('data', (chunk: Buffer) => void (heard += chunk.toString()));
    await sandbox.control({ kind: 'state' });
    expect(heard).toBe('');
    stalled.destroy();
  });

  test('to a port that nobody listens on says so', async () => {
    const stream = await forward(sandbox, await jobManager(sandbox), 9999);
    await expect(failure(stream)).rejects.toThrow(/dial tcp4 127\.0\.0\.1:9999: connect: connection refused/);
  });

  test('ends with its pod; another JobManager takes the jobs up again', async () => {
    const before = await jobManager(sandbox);
    const stream = await forward(sandbox, before, 8081);
    const ended = new Promise((resolve) => stream.on('end', resolve).resume());
    await sandbox.control({ kind: 'jobmanager-kill' });
    await ended;
    const after = await until(async () => {
      const name = await jobManager(sandbox);
      return name !== before && name;
    });
    expect(after).toMatch(/^my-first-flink-cluster-\w+-\w{5}$/);
    await until(() =>
      jobs(sandbox).then(
        (all) => all.size === 2 && [...all.values()].every((state) => state === 'RUNNING'),
        () => false,
      ),
    );
  });

  test('a JobManager that dies before it took the jobs up again leaves them to the next one', async () => {
    let last = await jobManager(sandbox);
    for (let kill = 0; kill < 2; kill += 1) {
      await sandbox.control({ kind: 'pod-kill', pod: last });
      const before = last;
      last = await until(async () => {
        const name = await jobManager(sandbox);
        return name !== before && name;
      });
    }
    await until(() =>
      jobs(sandbox).then(
        (all) => all.size === 2 && [...all.values()].every((state) => state === 'RUNNING'),
        () => false,
      ),
    );
  });
});

describe('the REST endpoint', () => {
  test('is without a leader, slow, cut, and of another shape', async () => {
    await sandbox.control({ kind: 'rest-election', forMs: 60_000 });
    expect(await rest(sandbox, '/overview')).toMatchObject({
      status: 503,
      body: { errors: ['Service temporarily unavailable due to an ongoing leader election. Please refresh.'] },
    });
    await sandbox.control({ kind: 'heal' });
    await sandbox.control({ kind: 'rest-cut', path: '/overview' });
    await expect(rest(sandbox, '/overview')).rejects.toThrow(Error);
    await sandbox.control({ kind: 'rest-shape', path: '/jobs/overview', body: '{"jobs":"none"}' });
    expect((await rest(sandbox, '/jobs/overview')).body).toEqual({ jobs: 'none' });
    expect(at<unknown[]>((await rest(sandbox, '/jobs/overview')).body, 'jobs')).toHaveLength(2);
  });

  test('does what is asked, and loses the answer', async () => {
    const jar = await readFile(join(sandbox.examples, 'TopSpeedWindowing.jar'));
    await sandbox.control({ kind: 'rest-lose-answer', of: 'upload' });
    await expect(rest(sandbox, '/jars/upload', { method: 'POST', ...multipart('a.jar', jar) })).rejects.toThrow(Error);
    const id = at((await rest(sandbox, '/jars')).body, 'files.0.id');
    await sandbox.control({ kind: 'rest-lose-answer', of: 'run' });
    await expect(rest(sandbox, `/jars/${id}/run`, { method: 'POST', body: {} })).rejects.toThrow(Error);
    expect((await jobs(sandbox)).has('CarTopSpeedWindowingExample')).toBe(true);
  });
});

test('a job can be made to fail, once or for good', async () => {
  await sandbox.control({ kind: 'job-fail', job: 'orders-enrichment', message: 'as told' });
  await until(async () => {
    const job = at<readonly unknown[]>((await rest(sandbox, '/jobs/overview')).body, 'jobs').find(
      (one) => at(one, 'name') === 'orders-enrichment',
    );
    const { body } = await rest(sandbox, `/jobs/${at(job, 'jid')}/exceptions`);
    return at<string | undefined>(body, 'exceptionHistory.entries.0.stacktrace')?.includes('as told');
  });
  await until(async () => (await jobs(sandbox)).get('orders-enrichment') === 'RUNNING');
  await sandbox.control({ kind: 'job-fail', job: 'orders-enrichment', final: true });
  await until(async () => (await jobs(sandbox)).get('orders-enrichment') === 'FAILED');
});

test('what clients ask to change is recorded, at the API server and at REST, and what they only ask is not', async () => {
  await using other = await startSandbox({ speed: 20 });
  await api(other, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { method: 'POST', body: { spec: {} } });
  const job = at((await rest(other, '/jobs/overview')).body, 'jobs.0.jid');
  await rest(other, `/jobs/${job}?mode=cancel`, { method: 'PATCH' });
  await api(other, `${PODS}/nosuch`, { method: 'DELETE' });
  expect(await other.control({ kind: 'writes' })).toEqual({ writes: [`PATCH /jobs/${job}`, `DELETE ${PODS}/nosuch`] });
});
