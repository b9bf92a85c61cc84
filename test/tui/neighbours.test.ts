import { expect, test } from 'vitest';
import { vertexFacts } from '../../src/inside/vertex/vertex-facts.ts';
import { keyOf } from '../../src/session/inspections/inspections.ts';
import type { Session } from '../../src/session/types.ts';
import { subtask } from '../support/vertex-inside.ts';
import { now, richSession } from './fixtures.ts';
import { ScreenUnderTest } from './harness.ts';

const orders = '9f13c2'.padEnd(32, '0');

/** The second vertex is known as well: its first subtask is the busy one. */
function twoVertices(): Session {
  const session = richSession();
  const vertex = vertexFacts(
    {
      detail: { id: 'v2', name: 'Sink: Print', parallelism: 2, maxParallelism: 128, now, subtasks: [subtask(0), subtask(1)] },
      shares: new Map([
        [0, { busy: 0.88, backPressured: 0, idle: 0.12 }],
        [1, { busy: 0.11, backPressured: 0, idle: 0.89 }],
      ]),
      watermarks: new Map(),
      meters: undefined,
    },
    undefined,
  );
  const subject = { kind: 'vertex', job: orders, vertex: 'v2' } as const;
  const inspection = { subject, facts: { vertex, siblings: [], ends: { reads: true, writes: true } }, readAt: now, problem: undefined };
  return { ...session, inspections: new Map([...session.inspections, [keyOf(subject), inspection]]) };
}

async function inJob(session?: Session): Promise<ScreenUnderTest> {
  const screen = new ScreenUnderTest(session === undefined ? {} : { session });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('2');
  await screen.panel('Jobs').sees('c cancel');
  screen.type('⏎');
  await screen.place.sees('[1 Overview]');
  return screen;
}

test('the order that was chosen is that of the next vertex too, not the order of the rows before', async () => {
  await using screen = await inJob(twoVertices());
  screen.type('⏎');
  await screen.place.sees('[1 Subtasks]');
  screen.type('sssss');
  await screen.panel('Subtasks').sees(/BUSY↓[^]*taskmanager-1-2[^]*taskmanager-1-1/);
  screen.type('>');
  await screen.place.sees('› Sink: Print');
  await screen.panel('Subtasks').sees(/BUSY↓[^]*88%[^]*11%/);
});

test('two Enters at once lead into a vertex of that job, not into what was selected in the one before', async () => {
  await using screen = await inJob();
  screen.type('j');
  await screen.panel('Vertices').sees('▸ Sink: Print');
  screen.type('⎋');
  await screen.panel('Jobs').sees('c cancel');
  screen.type('j');
  await screen.panel('Jobs').sees('▸ fraud-scoring');
  screen.type('⏎⏎');
  await screen.place.sees('fraud-scoring beef01');
  expect(screen.inspected).toEqual([{ kind: 'job', job: 'beef01'.padEnd(32, '0') }]);
});

test('> and < lead to the neighbours of a vertex in each of its views', async () => {
  await using screen = await inJob();
  screen.type('⏎');
  await screen.place.sees('[1 Subtasks]');
  screen.type('5');
  await screen.place.sees('[5 Metrics]');
  screen.type('>');
  await screen.place.sees('› Sink: Print');
  expect(screen.inspected).toEqual([{ kind: 'vertex-metrics', job: orders, vertex: 'v2' }]);
  screen.type('<');
  await screen.place.sees('› Source: Orders');
});

test('> leads to the next checkpoint after one of its operators was looked into', async () => {
  await using screen = await inJob();
  screen.type('2');
  await screen.place.sees('[2 Checkpoints]');
  screen.type('j');
  await screen.panel('Checkpoints').sees('▸   42');
  screen.type('⏎');
  await screen.place.sees('› checkpoint 42');
  screen.type('⏎');
  await screen.when('reads the operator', () => screen.inspected.some((each) => each.kind === 'checkpoint' && each.vertex !== undefined));
  screen.type('>');
  await screen.place.sees('› checkpoint 41');
});
