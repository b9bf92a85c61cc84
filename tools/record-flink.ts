// record-flink URL FOLDER FILE: submits the test jobs of FOLDER (StatefulCounter.jar, Backpressured.jar, FailAfter.jar) to the idle Flink at URL, and
// writes what it answers about them, and about its processes, to FILE. Values of metrics are written for all names, so that any question
// can be answered from them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../src/support/clock.ts';
import type { Recording } from '../test/flink/versions/replay.ts';

const [, , url, folder, file] = process.argv;
if (url === undefined || folder === undefined || file === undefined) throw new Error('record-flink URL FOLDER FILE');

const answers: Record<string, unknown> = {};
/** Characters of a URL that every Flink accepts. */
const urlLength = 3_000;

async function ask(path: string): Promise<unknown> {
  const response = await fetch(`${url}${path}`);
  return response.ok ? await response.json() : undefined;
}

/** Keeps the answer; one that is an error is not kept. */
async function keep<T>(path: string): Promise<T> {
  const answer = await ask(path);
  if (answer !== undefined) answers[path] = answer;
  return answer as T;
}

/** Keeps the values of all metrics of a collection. */
async function keepMetrics(path: string): Promise<void> {
  const names = ((await ask(path)) as readonly { readonly id: string }[]).map(({ id }) => id);
  const values: unknown[] = [];
  for (let rest = names; rest.length > 0;) {
    let count = 0;
    for (let length = 0; count < rest.length && length < urlLength; count++) length += encodeURIComponent(rest[count] ?? '').length + 3;
    values.push(...((await ask(`${path}?get=${rest.slice(0, count).map(encodeURIComponent).join(',')}`)) as readonly unknown[]));
    rest = rest.slice(count);
  }
  answers[path] = values;
}

async function submit(jar: string, body: object): Promise<string> {
  const form = new FormData();
  form.append('jarfile', new Blob([readFileSync(join(folder ?? '', jar))]), jar);
  const uploaded = (await (await fetch(`${url}/jars/upload`, { method: 'POST', body: form })).json()) as { readonly filename: string };
  const id = uploaded.filename.split('/').at(-1);
  const run = await fetch(`${url}/jars/${id}/run`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return ((await run.json()) as { readonly jobid: string }).jobid;
}

async function until<T>(path: string, holds: (answer: T) => boolean): Promise<void> {
  while (!holds((await ask(path)) as T)) await systemClock.sleep(500);
}

interface Job {
  readonly state: string;
  readonly vertices: readonly { readonly id: string; readonly status: string; readonly parallelism: number }[];
}

async function keepJob(id: string): Promise<void> {
  const { vertices } = await keep<Job>(`/jobs/${id}`);
  for (const page of ['config', 'plan', 'exceptions', 'accumulators', 'checkpoints/config', 'resource-requirements', 'execution-result'])
    await keep(`/jobs/${id}/${page}`);
  const { history } = await keep<{ readonly history: readonly { readonly id: number }[] }>(`/jobs/${id}/checkpoints`);
  for (const checkpoint of history) {
    await keep(`/jobs/${id}/checkpoints/details/${checkpoint.id}`);
    for (const vertex of vertices) await keep(`/jobs/${id}/checkpoints/details/${checkpoint.id}/subtasks/${vertex.id}`);
  }
  await keepMetrics(`/jobs/${id}/metrics`);
  for (const vertex of vertices) {
    const base = `/jobs/${id}/vertices/${vertex.id}`;
    await keep(base);
    for (const page of ['subtasktimes', 'taskmanagers', 'accumulators', 'watermarks', 'backpressure', 'subtasks/accumulators'])
      await keep(`${base}/${page}`);
    for (let subtask = 0; subtask < vertex.parallelism; subtask++) await keep(`${base}/subtasks/${subtask}`);
    await keepMetrics(`${base}/metrics`);
    await keepMetrics(`${base}/subtasks/metrics`);
  }
}

async function keepProcess(base: string): Promise<void> {
  for (const page of ['thread-dump', 'logs', 'profiler']) await keep(`${base}/${page}`);
  await keepMetrics(`${base}/metrics`);
}

const { 'flink-version': version } = await keep<{ readonly 'flink-version': string }>('/config');
const counter = await submit('StatefulCounter.jar', {
  parallelism: 2,
  programArgsList: ['--rate', '300', '--checkpoint-interval', '2000', '--name', 'counter'],
});
const slow = await submit('Backpressured.jar', { programArgsList: ['--sleep', '5', '--parallelism', '2'] });
const failed = await submit('FailAfter.jar', { programArgsList: ['--restarts', '2', '--after', '20', '--depth', '3'] });
await until<Job>(`/jobs/${failed}`, ({ state }) => state === 'FAILED');
await until<{ readonly counts: { readonly completed: number } }>(`/jobs/${counter}/checkpoints`, ({ counts }) => counts.completed > 2);
const [, operator] = ((await ask(`/jobs/${slow}`)) as Job).vertices;
// Back pressure, sampled by Flink, and a flame graph are there some seconds after the first question for them.
const flame = `/jobs/${slow}/vertices/${operator?.id}/flamegraph?type=FULL`;
await until<{ readonly data?: unknown }>(flame, ({ data }) => data !== undefined && data !== null);
for (let round = 0; round < 3; round++) {
  for (const id of [counter, slow])
    for (const { id: vertex } of ((await ask(`/jobs/${id}`)) as Job).vertices) {
      await ask(`/jobs/${id}/vertices/${vertex}/metrics`);
      await ask(`/jobs/${id}/vertices/${vertex}/backpressure`);
    }
  await systemClock.sleep(6_000);
}
await keep(flame);
await keep('/overview');
await keep('/jobs/overview');
for (const id of [counter, slow, failed]) await keepJob(id);
const { taskmanagers } = await keep<{ readonly taskmanagers: readonly { readonly id: string }[] }>('/taskmanagers');
for (const { id } of taskmanagers) {
  await keep(`/taskmanagers/${id}`);
  await keepProcess(`/taskmanagers/${id}`);
}
for (const page of ['config', 'environment']) await keep(`/jobmanager/${page}`);
await keepProcess('/jobmanager');
const recording: Recording = { version, jobs: { counter, slow, failed }, answers };
writeFileSync(file, `${JSON.stringify(recording)}\n`);
console.log(`${version}: ${Object.keys(answers).length} answers`);
