import { expect, test } from 'vitest';
import type { Profile } from '../../src/flink/flame-types.ts';
import { catalogue } from '../../src/commands/catalogue.ts';
import type { Here } from '../../src/commands/model/types.ts';
import type { Subject } from '../../src/session/inspections/inspections.ts';
import { fakeFlink, testFront } from '../support/fakes.ts';
import { jobDetail, vertex } from '../support/job-detail.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

const id = '9f13c2'.padEnd(32, '0');

const profile = (over: Partial<Profile>): Profile => ({
  status: 'RUNNING',
  mode: 'CPU',
  startedAt: 1,
  endedAt: undefined,
  durationMs: 10_000,
  message: undefined,
  file: undefined,
  ...over,
});

test.each<readonly [line: string, subject: Partial<Subject>]>([
  ['job orders', { kind: 'job', job: id }],
  ['job orders configuration', { kind: 'job-configuration', job: id }],
  ['checkpoints orders', { kind: 'checkpoints', job: id }],
  ['checkpoints orders 42', { kind: 'checkpoint', job: id, id: 42 }],
  ['exceptions orders', { kind: 'exceptions', job: id }],
  ['vertex orders Enrich', { kind: 'vertex', job: id, vertex: 'v1' }],
  ['subtask orders Enrich 0', { kind: 'subtask', job: id, vertex: 'v1', subtask: 0 }],
  ['metrics orders Enrich', { kind: 'vertex-metrics', job: id, vertex: 'v1' }],
  ['top orders', { kind: 'top', job: id }],
  ['taskmanager tm1-1', { kind: 'process', process: { kind: 'taskmanager', id: 'c1-taskmanager-1-1' }, part: 'figures' }],
  ['jobmanager', { kind: 'process', process: { kind: 'jobmanager' }, part: 'figures' }],
  ['jobmanager configuration', { kind: 'process', process: { kind: 'jobmanager' }, part: 'settings' }],
  ['flame orders Enrich/0 --type full', { kind: 'flame', job: id, vertex: 'v1', subtask: 0, type: 'full' }],
  ['flame tm1-1 --mode alloc', { kind: 'profile', process: { kind: 'taskmanager', id: 'c1-taskmanager-1-1' }, mode: 'alloc' }],
  ['templates', { kind: 'templates', pods: undefined }],
  ['templates tm1-1', { kind: 'templates', pods: ['c1-taskmanager-1-1'] }],
  ['threads tm1-1', { kind: 'process', process: { kind: 'taskmanager', id: 'c1-taskmanager-1-1' }, part: 'threads' }],
])('on a screen, %s goes into its place', async (line, subject) => {
  const entered: Subject[] = [];
  const at = desk({
    flink: fakeFlink({
      job: () => Promise.resolve(jobDetail({ id, vertices: [vertex({ id: 'v1', name: 'Enrich' })] })),
      startProfile: () => Promise.resolve(profile({ status: 'RUNNING' })),
    }),
    front: { ...testFront(), enter: (one) => void entered.push(one) },
  });
  at.store.pods(pod({ shortName: 'jobmanager-a', role: 'jobmanager' }), pod({ shortName: 'taskmanager-1-1' }));
  at.store.jobs(job({ id, name: 'orders' }));
  await at.run(line);
  expect(entered).toMatchObject([subject]);
});

test('on a screen, a profile that fails at once says why, and leads nowhere', async () => {
  const entered: Subject[] = [];
  const at = desk({
    flink: fakeFlink({ startProfile: () => Promise.resolve(profile({ status: 'FAILED', message: 'No access to perf events' })) }),
    front: { ...testFront(), enter: (one) => void entered.push(one) },
  });
  at.store.pods(pod({ shortName: 'taskmanager-1-1' }));
  at.store.jobs(job({ id, name: 'orders' }));
  expect(await at.says('flame tm1-1')).toBe('The profile of taskmanager-1-1 failed: No access to perf events.');
  expect(entered).toEqual([]);
});

const [v1, v2] = ['a1'.padEnd(32, '0'), 'b2'.padEnd(32, '0')];

test.each<readonly [line: string, here: Here, subject: Partial<Subject>]>([
  ['job', { job: id }, { kind: 'job', job: id }],
  ['checkpoints', { job: id }, { kind: 'checkpoints', job: id }],
  ['exceptions', { job: id }, { kind: 'exceptions', job: id }],
  ['top', { job: id }, { kind: 'top', job: id }],
  ['vertex', { job: id, vertex: v1 }, { kind: 'vertex', job: id, vertex: v1 }],
  ['vertex Enrich', { job: id, vertex: v2 }, { kind: 'vertex', job: id, vertex: v1 }],
  ['subtask', { job: id, vertex: v1, subtask: '1' }, { kind: 'subtask', job: id, vertex: v1, subtask: 1 }],
  ['subtask 0', { job: id, vertex: v1, subtask: '1' }, { kind: 'subtask', job: id, vertex: v1, subtask: 0 }],
  ['metrics', { job: id, vertex: v1 }, { kind: 'vertex-metrics', job: id, vertex: v1 }],
  ['flame', { subject: id, vertex: v1 }, { kind: 'flame', job: id, vertex: v1, type: 'on_cpu' }],
  ['flame --type full', { subject: id, vertex: v1 }, { kind: 'flame', job: id, vertex: v1, type: 'full' }],
  ['threads', { pod: 'jm' }, { kind: 'process', process: { kind: 'jobmanager' }, part: 'threads' }],
  ['taskmanager', { pod: 'c1-taskmanager-1-1' }, { kind: 'process', process: { kind: 'taskmanager', id: 'c1-taskmanager-1-1' } }],
])('on a screen, %s alone is about %j, where the user is', async (line, here, subject) => {
  const entered: Subject[] = [];
  const vertices = [vertex({ id: v1, name: 'Enrich', parallelism: 2 }), vertex({ id: v2, name: 'Sink' })];
  const at = desk({
    flink: fakeFlink({ job: () => Promise.resolve(jobDetail({ id, vertices })) }),
    front: { ...testFront(), here: () => here, enter: (one) => void entered.push(one) },
  });
  at.store.pods(pod({ shortName: 'jobmanager-a', role: 'jobmanager' }), pod({ shortName: 'taskmanager-1-1' }));
  at.store.jobs(job({ id, name: 'orders' }), job({ id: 'e'.repeat(32), name: 'payments' }));
  await at.run(line);
  expect(entered).toMatchObject([subject]);
});

test('a word that is left out and not known here is asked for', async () => {
  const at = desk({ front: { ...testFront(), here: () => ({ job: id }) } });
  at.store.pods(pod({ shortName: 'taskmanager-1-1' }));
  at.store.jobs(job({ id, name: 'orders' }));
  await expect(at.run('vertex')).rejects.toThrow('vertex needs VERTEX');
  await expect(at.run('threads')).rejects.toThrow('threads needs POD');
});

test('what changes something is never about what is only selected', () => {
  const about = catalogue.filter(({ args }) => args.some(({ here }) => here !== undefined));
  expect(about.length).toBeGreaterThan(5);
  for (const { name, dangerOf } of about) expect([name, dangerOf({})]).toEqual([name, 'safe']);
});
