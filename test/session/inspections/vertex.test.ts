import { expect, test } from 'vitest';
import { vertexTaskManagersInspection } from '../../../src/session/inspections/vertex.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakeFlink, noLogs } from '../../support/fakes.ts';
import { jobDetail } from '../../support/job-detail.ts';

test('what a sink wrote and a source read on a TaskManager is not known, and no longer 0; the ends of a vertex are read once', async () => {
  let asked = 0;
  const flink = fakeFlink({
    vertexTaskManagers: async () => [
      {
        id: 'tm',
        endpoint: undefined,
        state: 'RUNNING',
        startTime: 1,
        durationMs: 2,
        io: { readRecords: 7, readBytes: 70, writeRecords: 0, writeBytes: 0 },
        counts: { RUNNING: 2 },
      },
    ],
    async job() {
      asked += 1;
      return jobDetail({ edges: [{ from: 'source', to: 'sink', shipStrategy: 'HASH', exchange: 'pipelined' }] });
    },
  });
  const { signal } = new AbortController();
  const look = (before?: Awaited<ReturnType<typeof vertexTaskManagersInspection.read>>) =>
    vertexTaskManagersInspection.read(
      { kind: 'vertex-taskmanagers', job: 'j', vertex: 'sink' },
      { flink, logs: noLogs, clock: new FakeClock(), signal, before },
    );
  const first = await look();
  expect(first.workers[0]?.io).toEqual({ readRecords: 7, readBytes: 70, writeRecords: undefined, writeBytes: undefined });
  expect((await look(first)).workers).toEqual(first.workers);
  expect(asked).toBe(1);
});
