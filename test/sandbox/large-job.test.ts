import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { at, rest } from './sandboxes.ts';

let sandbox: Sandbox;
let job: string;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
  job = ((await sandbox.control({ kind: 'job-large', parallelism: 1_000 })) as { readonly job: string }).job;
});
afterAll(() => sandbox.close());

const get = async (path: string): Promise<unknown> => (await rest(sandbox, `/jobs/${job}${path}`)).body;

test('a job of forty vertices with a thousand tasks each runs on the TaskManagers that it needs', async () => {
  const detail = await get('');
  expect(at<readonly unknown[]>(detail, 'vertices')).toHaveLength(40);
  expect(at<readonly unknown[]>(detail, 'plan.nodes')).toHaveLength(40);
  expect(at(detail, 'vertices.39.tasks.RUNNING')).toBe(1_000);
  expect(at(detail, 'state')).toBe('RUNNING');
  expect(at<number>((await rest(sandbox, '/overview')).body, 'taskmanagers')).toBe(2 + Math.ceil((1_000 - 2) / 4));
});

test('one of its thousand subtasks gets three times the records of the others, and its watermark is behind', async () => {
  const vertex: string = at(await get(''), 'vertices.1.id');
  const [records] = (await get(`/vertices/${vertex}/subtasks/metrics?get=numRecordsInPerSecond&agg=max,avg`)) as readonly {
    readonly max: number;
    readonly avg: number;
  }[];
  expect((records?.max ?? 0) / (records?.avg ?? 1)).toBeGreaterThan(2.7);
  const marks = (await get(`/vertices/${vertex}/watermarks`)) as readonly { readonly id: string; readonly value: string }[];
  expect(marks).toHaveLength(1_000);
  const [latest] = marks.toSorted((a, b) => Number(a.value) - Number(b.value));
  expect(latest?.id).toBe('617.currentInputWatermark');
});
