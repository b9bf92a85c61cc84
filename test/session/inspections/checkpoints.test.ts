import { describe, expect, test } from 'vitest';
import type { CheckpointDetail, CheckpointEntry } from '../../../src/flink/checkpoint-types.ts';
import type { FlinkClient } from '../../../src/flink/types.ts';
import { checkpointInspection, checkpointsInspection, type CheckpointsFacts } from '../../../src/session/inspections/checkpoints.ts';
import { exceptionInspection } from '../../../src/session/inspections/exceptions.ts';
import { checkpointConfiguration, checkpointEntry, checkpointHistory } from '../../support/checkpoints.ts';
import { fakeFlink, noLogs } from '../../support/fakes.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { jobDetail, vertex } from '../../support/job-detail.ts';

const entry = (id: number, status = 'COMPLETED'): CheckpointEntry => checkpointEntry({ id, status });

const part = {
  status: 'COMPLETED',
  acknowledged: 1,
  subtasks: 1,
  acknowledgedAt: 1,
  sizeBytes: 1,
  writtenBytes: 1,
  processedBytes: 0,
  persistedBytes: 0,
};

const detail = (found: CheckpointEntry): CheckpointDetail => ({
  ...found,
  vertices: [
    { ...part, vertexId: 'quick', durationMs: 5 },
    { ...part, vertexId: 'slow', durationMs: 500 },
  ],
});

/** A job with these checkpoints, and what was asked of it. */
function job(entries: readonly CheckpointEntry[]) {
  const asked: string[] = [];
  const note = <T>(what: string, answer: T): Promise<T> => {
    asked.push(what);
    return Promise.resolve(answer);
  };
  const flink: FlinkClient = fakeFlink({
    checkpointHistory: () => note('history', checkpointHistory(entries)),
    checkpointConfiguration: () => note('configuration', checkpointConfiguration()),
    checkpointDetail: (_, id) => note(`detail ${id}`, detail(entries.find((each) => each.id === id) ?? entry(id))),
    checkpointSubtasks: (_, id, of) =>
      note(`subtasks ${id} ${of}`, [
        {
          state: 'acknowledged' as const,
          subtask: 0,
          at: 1,
          durationMs: 500,
          startDelayMs: 1,
          alignmentMs: 0,
          syncMs: 490,
          asyncMs: 1,
          sizeBytes: 1,
          writtenBytes: 1,
          processedBytes: 0,
          persistedBytes: 0,
          unaligned: false,
          aborted: false,
        },
      ]),
    job: () => note('job', jobDetail({ vertices: [vertex({ id: 'slow', name: 'Count' }), vertex({ id: 'quick', name: 'Source' })] })),
  });
  return { flink, asked };
}

const at = <Facts>(flink: FlinkClient, before: Facts | undefined) => ({
  flink,
  logs: noLogs,
  clock: new FakeClock(),
  signal: new AbortController().signal,
  before,
});

describe('the checkpoints of a job', () => {
  test('cost at most six requests a refresh, and one when all phases are known', async () => {
    const { flink, asked } = job([5, 4, 3, 2, 1].map((id) => entry(id)));
    let before: CheckpointsFacts | undefined;
    const costs: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const begun = asked.length;
      before = await checkpointsInspection.read({ kind: 'checkpoints', job: 'a' }, at(flink, before));
      costs.push(asked.length - begun);
    }
    expect(costs).toEqual([6, 5, 3, 1]);
    expect(before?.rows.map(({ split }) => split?.sync)).toEqual([490, 490, 490, 490, 490]);
  });

  test('that are not on the screen are not asked for their phases, until they are', async () => {
    const { flink, asked } = job([5, 4, 3, 2, 1].map((id) => entry(id)));
    let before: CheckpointsFacts | undefined;
    const detailsOf = async (unseen: readonly number[]): Promise<readonly string[]> => {
      const begun = asked.length;
      before = await checkpointsInspection.read({ kind: 'checkpoints', job: 'a', unseen }, at(flink, before));
      return asked.slice(begun).filter((what) => what.startsWith('detail'));
    };
    expect(await detailsOf([4, 3, 2, 1])).toEqual(['detail 5']);
    expect(await detailsOf([4, 3, 2, 1])).toEqual([]);
    expect(await detailsOf([5, 4, 3])).toEqual(['detail 2', 'detail 1']);
  });

  test('of which Flink tells no phases are asked for once, and hold up no others', async () => {
    const { flink, asked } = job([4, 3, 2, 1].map((id) => entry(id)));
    const silent: FlinkClient = {
      ...flink,
      async checkpointDetail(of, id, call) {
        const found = await flink.checkpointDetail(of, id, call);
        return id > 2 ? { ...found, vertices: [] } : found;
      },
    };
    let before: CheckpointsFacts | undefined;
    for (let round = 0; round < 3; round += 1)
      before = await checkpointsInspection.read({ kind: 'checkpoints', job: 'a' }, at(silent, before));
    expect(asked.filter((what) => what === 'detail 4' || what === 'detail 3')).toEqual(['detail 4', 'detail 3']);
    expect(before?.rows.map(({ split }) => split?.sync)).toEqual([undefined, undefined, 490, 490]);
  });

  test('get their phases newest first, from the operator that was last; one under way is not asked for', async () => {
    const { flink, asked } = job([entry(3, 'IN_PROGRESS'), entry(2), entry(1)]);
    await checkpointsInspection.read({ kind: 'checkpoints', job: 'a' }, at(flink, undefined));
    expect(asked.slice(2)).toEqual(['detail 2', 'subtasks 2 slow', 'detail 1', 'subtasks 1 slow']);
  });
});

describe('a checkpoint', () => {
  const subject = { kind: 'checkpoint', job: 'a', id: 7, vertex: undefined } as const;

  test('is read down to the subtasks of the operator that held it up, and not again once it has ended', async () => {
    const { flink, asked } = job([entry(7)]);
    const first = await checkpointInspection.read(subject, at(flink, undefined));
    expect(first).toMatchObject({ vertexId: 'slow', holdup: { vertexId: 'slow', sentence: expect.stringMatching(/^Count held it up/) } });
    expect(await checkpointInspection.read(subject, at(flink, first))).toBe(first);
    expect(asked).toEqual(['detail 7', 'job', 'subtasks 7 slow']);
  });

  test('under way is read again, but not the names of its operators', async () => {
    const { flink, asked } = job([entry(7, 'IN_PROGRESS')]);
    const first = await checkpointInspection.read(subject, at(flink, undefined));
    await checkpointInspection.read(subject, at(flink, first));
    expect(asked).toEqual(['detail 7', 'job', 'subtasks 7 slow', 'detail 7', 'subtasks 7 slow']);
  });

  test('whose other operator is looked into is still explained by the slowest one', async () => {
    const { flink, asked } = job([entry(7)]);
    const found = await checkpointInspection.read({ ...subject, vertex: 'quick' }, at(flink, undefined));
    expect(found).toMatchObject({ vertexId: 'quick', holdup: { vertexId: 'slow' } });
    expect(asked.slice(2)).toEqual(['subtasks 7 quick', 'subtasks 7 slow']);
  });
});

describe('a failure', () => {
  const failure = {
    exceptionName: 'a.B',
    stacktrace: 'a.B: c',
    at: 5,
    taskName: undefined,
    taskManagerId: undefined,
    endpoint: undefined,
    labels: {},
  };
  const subject = { kind: 'exception', job: 'a', id: '5 a.B' } as const;

  test('that Flink has dropped stays as it was; one that was never seen is reported', async () => {
    const kept = fakeFlink({ exceptionHistory: async () => ({ failures: [{ ...failure, concurrent: [] }], truncated: false }) });
    const first = await exceptionInspection.read(subject, at(kept, undefined));
    expect(first).toMatchObject({ cause: 'B: c', at: 5 });
    const dropped = fakeFlink({ exceptionHistory: async () => ({ failures: [], truncated: false }) });
    expect(await exceptionInspection.read(subject, at(dropped, first))).toBe(first);
    await expect(exceptionInspection.read(subject, at(dropped, undefined))).rejects.toThrow('Flink does not keep this failure any more.');
  });
});
