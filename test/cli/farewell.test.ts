import { expect, test } from 'vitest';
import { farewell } from '../../src/cli/attach/farewell.ts';
import type { AttachRequest } from '../../src/cli/attach/attach-request.ts';
import { emptySession } from '../../src/session/empty-session.ts';
import type { Operation } from '../../src/session/types.ts';

const request = {
  clusterId: 'orders',
  sandbox: false,
  connection: { context: 'prod', namespace: undefined },
  front: {},
  mustExist: true,
} as AttachRequest;
const session = emptySession({ clusterId: 'orders', namespace: 'flink', context: 'prod', server: '' });
const again = 'attach again with: drey attach orders -n flink --context prod';

const operation = (given: Partial<Operation>): Operation => ({
  id: given.title ?? '',
  title: '',
  kind: 'savepoint',
  jobId: 'a'.repeat(32),
  startedAt: 50,
  endedAt: 100,
  state: 'succeeded',
  progress: undefined,
  result: undefined,
  ...given,
});

test('after detaching it is reported that the cluster still runs, and how to attach again', () => {
  expect(farewell(request, 'quit', { ...session, podsKnown: true }, 0)).toEqual([`Detached. orders still runs; ${again}`]);
});

test('of a cluster that was never seen it is not said that it runs', () => {
  expect(farewell(request, 'quit', session, 0)).toEqual([`Detached. Whether orders runs was not seen; ${again}`]);
});

test.each(['quit', 'stopped', 'interrupted'] as const)(
  'each savepoint of this session is named at the end (%s), those of earlier ones are not',
  (how) => {
    const operations = [
      operation({ title: 'Savepoint of cars (9f13c2)', result: 's3://old', endedAt: 9 }),
      operation({ title: 'Savepoint of cars (9f13c2)', result: 's3://new', endedAt: 100 }),
      operation({ title: 'Stop cars (9f13c2) with a savepoint', kind: 'stop-job', result: 's3://last' }),
      operation({ title: 'Savepoint of bikes (1f13c2)', state: 'failed', result: 'declined' }),
      operation({ title: 'Stop orders', kind: 'stop', result: 'everything is deleted' }),
    ];
    const lines = farewell(request, how, { ...session, operations, podsKnown: true }, 10);
    expect(lines.slice(0, -1)).toEqual(['Savepoint of cars (9f13c2): s3://new', 'Stop cars (9f13c2) with a savepoint: s3://last']);
    expect(lines.at(-1)).toBe(how === 'stopped' ? 'Stopped orders. Everything is deleted.' : `Detached. orders still runs; ${again}`);
  },
);

test('what is still open is named, with the way to its result', () => {
  const open = { state: 'running', endedAt: undefined } as const;
  const operations = [
    operation({ ...open, title: 'Savepoint of cars (9f13c2)' }),
    operation({ ...open, title: 'Cancel bikes (1f13c2)', kind: 'cancel' }),
    operation({ ...open, title: 'Submit job.jar', kind: 'submit' }),
  ];
  expect(farewell(request, 'interrupted', { ...session, operations }, 0).slice(0, -1)).toEqual([
    'Savepoint of cars (9f13c2) continues in the cluster: drey operations orders lists it, attaching again finds its result.',
    'Cancel bikes (1f13c2) was requested: drey jobs orders -n flink shows how it ended.',
    'Submit job.jar was not finished: drey jobs orders -n flink shows whether the job runs.',
  ]);
});

test('after a switch to another cluster it is reported that the one before keeps running', () => {
  expect(farewell(request, 'switched', { ...session, podsKnown: true }, 0)).toEqual(['Left orders; it keeps running.']);
});

test('of the sandbox it is reported that it has ended', () => {
  expect(farewell({ ...request, sandbox: true }, 'quit', { ...session, podsKnown: true }, 0)).toEqual([
    'Detached. The sandbox has ended; npm start or drey attach --sandbox makes a new one.',
  ]);
});

test.each([
  ['stop', 'was requested: drey pods orders -n flink shows what is left.'],
  ['stop-job', 'continues in the cluster: drey operations orders lists it, attaching again finds its result.'],
  ['checkpoint', 'continues in the cluster: drey operations orders lists it, attaching again finds its result.'],
  ['dispose', 'was not finished.'],
] as const)('what became of a %s that was still open is not guessed', (kind, fate) => {
  const open = operation({ title: 'It', kind, state: 'running', endedAt: undefined });
  expect(farewell(request, 'quit', { ...session, operations: [open] }, 0)[0]).toBe(`It ${fate}`);
});

test('a savepoint that was not sent does not continue anywhere', () => {
  const open = operation({ title: 'Savepoint of cars (9f13c2)', state: 'running', endedAt: undefined, unsent: true });
  expect(farewell(request, 'quit', { ...session, operations: [open] }, 0)[0]).toBe('Savepoint of cars (9f13c2) was not sent.');
});
