import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FlameSample, Profile, SampledFrame } from '../../src/flink/flame-types.ts';
import type { FlinkClient } from '../../src/flink/types.ts';
import { seen } from '../support/fake-clock.ts';
import { fakeFlink } from '../support/fakes.ts';
import { jobDetail, vertex } from '../support/job-detail.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { type Desk, desk } from './desk.ts';

const frames: readonly SampledFrame[] = [
  { level: 0, name: 'root', samples: 100 },
  { level: 1, name: 'java.lang.Thread.run:840', samples: 100 },
  { level: 2, name: 'shop.Enrich.map:12', samples: 75 },
  { level: 3, name: 'shop.Http.call:3', samples: 40 },
  { level: 2, name: 'shop.Enrich.close:20', samples: 25 },
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-flame-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function operatorOf(flink: Partial<FlinkClient>): Desk {
  const detail = jobDetail({
    vertices: [vertex({ id: 'aaaa', name: 'Source: Orders' }), vertex({ id: 'bbbb', name: 'Enrich', parallelism: 4 })],
  });
  const operator = desk({ flink: fakeFlink({ job: async () => detail, aggregatedMetrics: async () => [], ...flink }), cwd: folder });
  operator.store.jobs(job({ name: 'orders' }));
  operator.store.pods(pod({ shortName: 'jobmanager-x2b7k' }), pod({ shortName: 'taskmanager-1-1' }));
  return operator;
}

const shown = ({ front }: Desk) => {
  const [view] = front.views;
  if (view?.kind !== 'facts') throw new Error('no facts were shown');
  return view;
};

test('flame waits until Flink has samples, and shows where the time went', async () => {
  const asked: unknown[] = [];
  const answers: readonly FlameSample[] = [{ kind: 'sampling' }, { kind: 'sampling' }, { kind: 'sampled', at: 5, frames }];
  const operator = operatorOf({ flameGraph: async (...call) => answers[asked.push(call.slice(1, 3)) - 1] ?? { kind: 'ended' } });
  const running = operator.run('flame orders Enrich/3 --type full');
  await seen(() => asked.length === 1);
  await operator.clock.advance(1_000);
  await seen(() => asked.length === 2);
  await operator.clock.advance(1_000);
  await running;
  expect(asked).toEqual(Array.from({ length: 3 }, () => ['bbbb', { type: 'full', subtask: 3 }]));
  expect(shown(operator).text).toEqual([
    'Enrich, subtask 3, on and off CPU: 100 samples.',
    '',
    'OWN  TOTAL  METHOD',
    '40%    40%  shop.Http.call',
    '35%    75%  shop.Enrich.map',
    '25%    25%  shop.Enrich.close',
    ' 0%   100%  java.lang.Thread.run',
    '',
    'The flame graph; each frame was called by the one above it:',
    '  │root',
    '  │Thread.run',
    `  │Enrich.map${' '.repeat(64)}│Enrich.close`,
    '  │Http.call',
    '',
    'The stack that was sampled most:',
    '  100%  root',
    '  100%  java.lang.Thread.run:840',
    '   75%  shop.Enrich.map:12',
    '   40%  shop.Http.call:3',
  ]);
  expect(shown(operator).data).toMatchObject({
    samples: 100,
    frames: { 4: { depth: 2, name: 'shop.Enrich.close:20', total: 25, own: 25 } },
  });
});

test('flame of a cluster that takes none is refused with the option that turns it on', async () => {
  const operator = operatorOf({ flameGraph: async () => ({ kind: 'off' }) });
  expect(await operator.says('flame orders Enrich')).toBe(
    'This cluster does not sample flame graphs: rest.flamegraph.enabled is false there. Deploy it with -Drest.flamegraph.enabled=true, or profile a TaskManager.',
  );
});

test('flame without a vertex asks for one if no bottleneck is known, and a subtask has to exist', async () => {
  const operator = operatorOf({});
  expect(await operator.says('flame orders')).toBe(
    'orders (9f13c2) has no known bottleneck: name one of its vertices. Its vertices: Source: Orders, Enrich.',
  );
  const outcome = await operator.run('flame orders Enrich/4');
  expect(outcome).toMatchObject({
    kind: 'failed',
    problem: { kind: 'not-found', message: 'Enrich has no subtask 4: it has 4, and the first one is 0.' },
  });
});

test('flame of a pod profiles it, waits for its page and reads that', async () => {
  const running: Profile = {
    status: 'RUNNING',
    mode: 'WALL',
    startedAt: 7,
    endedAt: undefined,
    durationMs: 3000,
    message: undefined,
    file: undefined,
  };
  const calls: string[] = [];
  const operator = operatorOf({
    startProfile: async (of, { mode, seconds }) => {
      calls.push(`${of.kind} ${mode} ${seconds}`);
      return running;
    },
    profiles: async () => {
      calls.push('list');
      return [
        { ...running, startedAt: 3, status: 'FAILED' },
        calls.length < 3 ? running : { ...running, status: 'FINISHED', file: 'a.html' },
      ];
    },
    profileFile: async (_, file) => {
      calls.push(file);
      return `f(0,0,10,3,'all')\nf(1,0,10,1,'shop/Enrich.map')`;
    },
  });
  const ended = operator.run('flame tm1-1 --mode wall --duration 3');
  await seen(() => calls.length === 1);
  await operator.clock.advance(1_000);
  await seen(() => calls.length === 2);
  await operator.clock.advance(1_000);
  await ended;
  expect(calls).toEqual(['taskmanager wall 3', 'list', 'list', 'a.html']);
  expect(shown(operator).text.slice(0, 4)).toEqual([
    'taskmanager-1-1, wall: 10 samples.',
    '',
    ' OWN  TOTAL  METHOD',
    '100%   100%  shop.Enrich.map',
  ]);
});

test('flame of a profile that failed has its reason, and one without samples says what to try', async () => {
  const failed: Profile = {
    status: 'FAILED',
    mode: 'CPU',
    startedAt: 7,
    endedAt: 8,
    durationMs: 1,
    message: 'No access to perf events',
    file: undefined,
  };
  expect(await operatorOf({ startProfile: async () => failed }).says('flame jm')).toBe(
    'The profile of jobmanager-x2b7k failed: No access to perf events.',
  );
  const operator = operatorOf({
    startProfile: async () => ({ ...failed, status: 'FINISHED', file: 'a' }),
    profileFile: async () => '<html></html>',
  });
  expect(await operator.says('flame jm')).toContain('There are no samples of jobmanager-x2b7k, cpu');
});

test('flame writes a picture, and never over a file that is there', async () => {
  const operator = operatorOf({ flameGraph: async () => ({ kind: 'sampled', at: 5, frames }) });
  await operator.run('flame orders Enrich --svg enrich.svg --folded');
  expect(readFileSync(join(folder, 'enrich.svg'), 'utf8')).toContain('<title>shop.Http.call:3\n40 samples (40.0 %), 40 of its own</title>');
  expect(shown(operator).text).toEqual([
    'java.lang.Thread.run:840;shop.Enrich.map:12 35',
    'java.lang.Thread.run:840;shop.Enrich.map:12;shop.Http.call:3 40',
    'java.lang.Thread.run:840;shop.Enrich.close:20 25',
  ]);
  expect(await operator.says('flame orders Enrich --svg enrich.svg')).toBe(
    `${join(folder, 'enrich.svg')} exists already. Name another file, or remove it first.`,
  );
});

test('a session that may only look has flame graphs of jobs, and profiles no pods', async () => {
  const operator = operatorOf({ flameGraph: async () => ({ kind: 'sampled', at: 5, frames }) });
  const reader = desk({ flink: fakeFlink({ flameGraph: async () => ({ kind: 'off' }) }), readOnly: true });
  reader.store.pods(...operator.store.get().pods.values());
  reader.store.jobs(...operator.store.get().jobs);
  expect(await reader.says('flame tm1-1')).toContain('read-only');
  expect((await reader.plan('flame orders Enrich')).kind).toBe('run');
});
