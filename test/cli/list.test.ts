import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';

const folder = mkdtempSync(join(tmpdir(), 'drey-list-'));
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

/** The built program, as a script calls it. */
function drey(...words: readonly string[]): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
    const child = spawn(join(import.meta.dirname, '../../bin/drey'), [...words], {
      env: { ...inherited, KUBECONFIG: sandbox.kubeconfig, HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => void (out.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (out.stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...out }));
  });
}
const rows = (text: string): readonly (readonly string[])[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));

test('clusters, pods and jobs are printed once, in columns', async () => {
  const clusters = await drey('clusters');
  expect(rows(clusters.stdout)).toEqual([
    ['NAME', 'KIND', 'READY', 'FLINK', 'AGE'],
    ['my-first-flink-cluster', 'session', '1/1', '2.3.0', expect.stringMatching(/^\d+[mh]/)],
  ]);
  const pods = await drey('pods', 'my-first-flink-cluster');
  expect(rows(pods.stdout).map(([, state, ready, restarts]) => [state, ready, restarts])).toEqual([
    ['STATE', 'READY', 'RST'],
    ...Array.from({ length: 3 }, () => ['Running', '1/1', '0']),
  ]);
  // The only cluster of the namespace need not be named.
  const jobs = await drey('jobs');
  expect(rows(jobs.stdout)[0]).toEqual(['NAME', 'STATE', 'TASKS', 'UP', 'CHK', 'RST', 'ID']);
  expect(
    rows(jobs.stdout)
      .slice(1)
      .map(([name, state, , , , restarts, id]) => [name, state, restarts, id])
      .toSorted(),
  ).toEqual([
    ['CarTopSpeedWindowing', 'RUNNING', '0', expect.stringMatching(/^[0-9a-f]{32}$/)],
    ['orders-enrichment', 'RUNNING', '0', expect.stringMatching(/^[0-9a-f]{32}$/)],
  ]);
  for (const { code, stderr } of [clusters, pods, jobs]) expect([code, stderr]).toEqual([0, '']);
});

test('wide has more columns, and JSON has everything', async () => {
  expect(rows((await drey('pods', '-o', 'wide')).stdout)[0]).toEqual(['NAME', 'STATE', 'READY', 'RST', 'AGE', 'NODE', 'IP']);
  const jobs = JSON.parse((await drey('jobs', '-o', 'json')).stdout) as readonly Record<string, unknown>[];
  expect(jobs.map(({ name }) => name).toSorted()).toEqual(['CarTopSpeedWindowing', 'orders-enrichment']);
  expect(jobs[0]).toMatchObject({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    state: 'RUNNING',
    startTime: expect.stringMatching(/Z$/),
    tasks: { total: expect.any(Number) },
  });
});

test('events are printed from the oldest on, of one pod also after it is gone, and of the TaskManagers of a job', async () => {
  const all = rows((await drey('events')).stdout);
  expect(all[0]).toEqual(['TIME', 'COUNT', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']);
  expect(all.slice(1).map(([at]) => at)).toEqual(
    all
      .slice(1)
      .map(([at]) => at)
      .toSorted(),
  );
  const worker = 'my-first-flink-cluster-taskmanager-1-1';
  const ofJob = JSON.parse((await drey('events', 'my-first-flink-cluster', 'CarTopSpeedWindowing', '-o', 'json')).stdout);
  expect(ofJob).toContainEqual({
    name: expect.any(String),
    time: expect.stringMatching(/Z$/),
    firstTime: expect.stringMatching(/Z$/),
    type: 'Normal',
    reason: 'Started',
    count: 1,
    object: { kind: 'Pod', name: expect.stringMatching(/-taskmanager-1-\d$/) },
    message: 'Started container flink-main-container',
  });
  await sandbox.control({ kind: 'pod-kill', pod: worker });
  const reasons = async () => rows((await drey('events', 'my-first-flink-cluster', 'tm1-1')).stdout).map(([, , , reason]) => reason);
  expect(await reasons()).toEqual(expect.arrayContaining(['Scheduled', 'Started']));
  expect((await drey('events', 'my-first-flink-cluster', 'nosuch')).stderr).toMatch(/^There is no pod and no job "nosuch" on /);
});

test('events -w prints the list once, and then each new event', async () => {
  const { NO_COLOR: _, ...inherited } = process.env;
  const child = spawn(join(import.meta.dirname, '../../bin/drey'), ['events', '-w'], {
    env: { ...inherited, KUBECONFIG: sandbox.kubeconfig, HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => void (out += chunk.toString()));
  const ended = new Promise((resolve) => child.once('close', resolve));
  await until(() => out.includes('Started'));
  const before = out.length;
  await sandbox.control({ kind: 'pod-delete', pod: 'my-first-flink-cluster-taskmanager-1-2' });
  await until(() => out.slice(before).includes('Killing'));
  const news = out.slice(before);
  expect(news).not.toMatch(/REASON/);
  expect(news.split('\n').filter((line) => line.includes('Killing') && line.includes('taskmanager-1-2'))).toHaveLength(1);
  child.kill('SIGINT');
  await ended;
});

test.each(['pods', 'jobs', 'events'])('%s of a cluster that is not there are an error, and no empty list', async (what) => {
  const { code, stdout, stderr } = await drey(what, 'nosuch');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/\bnosuch\b.* in namespace default\. drey clusters -A lists all clusters\.\n$/);
});
