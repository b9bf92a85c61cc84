import { beforeEach, expect, test } from 'vitest';
import type { ThreadInfo } from '../../src/flink/process-types.ts';
import { Problem } from '../../src/support/problem.ts';
import { seen } from '../support/fake-clock.ts';
import { fakeFlink } from '../support/fakes.ts';
import { pod } from '../support/pods-and-jobs.ts';
import { type Desk, desk } from './desk.ts';

const info = (name: string, head: string, ...stack: readonly string[]): ThreadInfo => ({
  name,
  text: `"${name}" ${head}\n${stack.map((call) => `\tat ${call}\n`).join('')}\n`,
});

const dumps: readonly (readonly ThreadInfo[])[] = [
  [
    info('Source: orders (1/2)#0', 'Id=7 RUNNABLE', 'com.shop.Orders.poll(Orders.java:12)'),
    info('left', 'Id=8 BLOCKED on com.shop.A@1 owned by "right" Id=9', 'com.shop.A.go(A.java:3)'),
    info('right', 'Id=9 BLOCKED on com.shop.B@2 owned by "left" Id=8', 'com.shop.B.go(B.java:3)'),
  ],
  [info('Source: orders (1/2)#0', 'Id=7 RUNNABLE', 'com.shop.Orders.parse(Orders.java:40)'), info('late', 'Id=10 RUNNABLE')],
];

let asked: string[];
let operator: Desk;
beforeEach(() => {
  asked = [];
  operator = desk({
    flink: fakeFlink({
      threadDump: async (process) => dumps[asked.push(process.kind === 'jobmanager' ? 'jm' : process.id) - 1] ?? [],
    }),
  });
  operator.store.pods(pod({ shortName: 'jobmanager-x2b7k' }), pod({ shortName: 'taskmanager-1-1' }));
});

const shown = () => {
  const [view] = operator.front.views;
  if (view?.kind !== 'facts') throw new Error('no facts were shown');
  return view;
};

test('threads names a deadlock first, and who has which lock', async () => {
  await operator.run('threads tm1-1');
  expect(asked).toEqual(['c1-taskmanager-1-1']);
  expect(shown().text.slice(0, 5)).toEqual([
    '3 threads, 3 different stacks, 2 blocked, 1 deadlock.',
    '',
    'Deadlock of 2 threads; none of them can continue:',
    '  "left" (id 8) waits for com.shop.A@1, which "right" (id 9) has',
    '  "right" (id 9) waits for com.shop.B@2, which "left" (id 8) has',
  ]);
  expect(shown().data).toMatchObject({
    process: 'c1-taskmanager-1-1',
    threads: 3,
    deadlocks: [[{ id: 8, name: 'left', waitsFor: 'com.shop.A@1', owner: { id: 9, name: 'right' } }, { id: 9 }]],
    movements: null,
  });
});

test('threads --filter shows only what matches', async () => {
  await operator.run('threads jm --filter "orders\\.(poll|parse)"');
  expect(asked).toEqual(['jm']);
  expect(shown().text).toEqual([
    '1 thread, 1 different stack, 0 blocked, no deadlock.',
    '',
    '1 × RUNNABLE',
    '  "Source: orders (1/2)#0" (id 7)',
    '    at com.shop.Orders.poll(Orders.java:12)',
  ]);
});

test('threads --again shows which threads moved, which are new and which are gone', async () => {
  const running = operator.run('threads jm --again 5');
  await seen(() => asked.length === 1);
  await operator.clock.advance(5_000);
  await running;
  expect(shown().text.slice(0, 5)).toEqual([
    '5 s later: 0 still, 1 moved, 1 new, 2 gone.',
    '  moved  "Source: orders (1/2)#0" (id 7): RUNNABLE com.shop.Orders.poll(Orders.java:12) → RUNNABLE com.shop.Orders.parse(Orders.java:40)',
    '  new    "late" (id 10)',
    '  gone   "left" (id 8)',
    '  gone   "right" (id 9)',
  ]);
  expect(shown().data).toMatchObject({ threads: 2, movements: [{ movement: 'moved', id: 7 }, { movement: 'new' }, {}, {}] });
});

test('an expression that cannot be read is refused before a process is halted for a dump', async () => {
  expect(await operator.says('threads jm --filter "(a"')).toMatch(/^"\(a" is not a regular expression: /);
  expect(asked).toEqual([]);
});

test('a JobManager that does not lead cannot be asked for its threads', async () => {
  operator.store.pods(pod({ shortName: 'jobmanager-x2b7k' }), pod({ shortName: 'jobmanager-other' }));
  operator.store.tell([{ kind: 'leader', at: operator.clock.now(), pod: 'c1-jobmanager-x2b7k' }]);
  expect(await operator.says('threads jobmanager-other')).toBe(
    'jobmanager-other does not lead: only the leading JobManager answers for itself. Ask jobmanager-x2b7k: jm for short.',
  );
});

test('a TaskManager that Flink does not know is reported in the words of Flink', async () => {
  const refusing = desk({
    flink: fakeFlink({ threadDump: () => Promise.reject(new Problem('not-found', 'No TaskExecutor registered under tm.')) }),
  });
  refusing.store.pods(pod({ shortName: 'taskmanager-1-1' }));
  expect(await refusing.says('threads tm1-1')).toBe('No TaskExecutor registered under tm.');
});
