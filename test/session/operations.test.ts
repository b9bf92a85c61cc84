import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lostResult, type SavepointFinder } from '../../src/flink/savepoint-recovery.ts';
import type { FlinkClient } from '../../src/flink/types.ts';
import { openJournal } from '../../src/session/journal.ts';
import { createOperations, resumeOperations } from '../../src/session/operations.ts';
import { createSessionStore } from '../../src/session/store.ts';
import type { ResumeNote, RestartNote, TriggerNote } from '../../src/session/resume-note.ts';
import type { Operation } from '../../src/session/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink, FakeClock, settle } from '../support/fakes.ts';
import { target } from './build.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'drey-journal-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** One start of the program, attached to the cluster. */
function attach(given: { readonly uid?: string; readonly target?: typeof target; readonly clock?: FakeClock } = {}) {
  const clock = given.clock ?? new FakeClock();
  const store = createSessionStore(given.target ?? target);
  const session = new AbortController();
  const journal = openJournal({ folder, clock });
  const tools = {
    store,
    journal,
    clock,
    signal: session.signal,
    target: given.target ?? target,
    ...(given.uid === undefined ? {} : { uid: given.uid }),
  };
  return {
    clock,
    store,
    session,
    journal,
    operations: createOperations(tools),
    resume: (flink: Partial<FlinkClient>, findSavepoint?: SavepointFinder) =>
      resumeOperations({ ...tools, flink: fakeFlink(flink), ...(findSavepoint === undefined ? {} : { findSavepoint }) }),
    get all(): readonly Operation[] {
      return store.get().operations;
    },
    get timeline(): readonly string[] {
      return store.get().timeline.map(({ text }) => text);
    },
  };
}

const files = (): readonly string[] => {
  try {
    return readdirSync(join(folder, 'operations'));
  } catch {
    return [];
  }
};
const note: TriggerNote = { jobId: 'a', triggerId: 't1', what: 'savepoint' };
const savepoint = { title: 'Savepoint of orders (a)', kind: 'savepoint', jobId: 'a' } as const;
/** Leaves while the savepoint runs. */
async function leaveDuring(given: Parameters<typeof attach>[0] = {}, left: ResumeNote = note): Promise<void> {
  const drey = attach(given);
  const running = drey.operations.track({ ...savepoint, kind: left.what }, async (report, signal) => {
    report.note(left);
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('ended', 'AbortError'))));
  });
  drey.session.abort();
  await expect(running).rejects.toThrow('ended');
}

describe('an operation', () => {
  test('is in the list while it runs, with its progress, and keeps its last word', async () => {
    const drey = attach();
    const result = await drey.operations.track({ title: 'Upload', kind: 'submit', jobId: undefined }, async (report) => {
      expect(drey.all).toMatchObject([{ title: 'Upload', state: 'running', progress: undefined }]);
      report.progress('1 of 2 MB');
      expect(drey.all).toMatchObject([{ progress: '1 of 2 MB' }]);
      return { value: 42, result: 'job 9f13c2' };
    });
    expect(result).toBe(42);
    expect(drey.all).toMatchObject([{ state: 'succeeded', result: 'job 9f13c2', progress: undefined, endedAt: drey.clock.now() }]);
    expect(drey.timeline).toEqual(['Upload', 'Upload succeeded: job 9f13c2']);
    expect(files()).toEqual([]);
  });

  test('that fails says why, and its caller hears of it', async () => {
    const drey = attach();
    await expect(
      drey.operations.track(savepoint, async () => {
        throw new Problem('failed', 'No directory is set.', { hint: 'Give one.' });
      }),
    ).rejects.toThrow('No directory');
    expect(drey.all).toMatchObject([{ state: 'failed', result: 'No directory is set. Give one.' }]);
  });

  test('whose answer was lost behind its trigger is unknown, and stays in the journal', async () => {
    const drey = attach();
    const lost = drey.operations.track(savepoint, async (report) => {
      report.note(note);
      throw new Problem('unreachable', 'The connection was reset.');
    });
    await expect(lost).rejects.toThrow('reset');
    expect(drey.all).toMatchObject([{ state: 'unknown', result: 'The connection was reset.' }]);
    expect(files()).toHaveLength(1);
    const later = attach();
    await later.resume({ savepointResult: async () => ({ state: 'completed', value: { path: 's3://sp/1' } }) });
    expect(later.all).toMatchObject([{ state: 'succeeded', result: 's3://sp/1' }]);
  });

  test('whose result was lost with its JobManager is unknown, and stays in the journal', async () => {
    const drey = attach();
    const lost = drey.operations.track(savepoint, async (report) => {
      report.note(note);
      throw lostResult('The cluster no longer knows it.', 'Look into the directory.');
    });
    await expect(lost).rejects.toThrow('no longer knows');
    expect(drey.all).toMatchObject([{ state: 'unknown', result: 'The cluster no longer knows it. Look into the directory.' }]);
    expect(files()).toHaveLength(1);
  });

  test('whose result is not where it would be stored is unknown, and not looked for again: a later savepoint would be taken for it', async () => {
    const drey = attach();
    const gone = drey.operations.track(savepoint, async (report) => {
      report.note(note);
      throw lostResult('The cluster no longer knows it, and its directory is empty.', 'Take another one.', true);
    });
    await expect(gone).rejects.toThrow('no longer knows');
    expect(drey.all).toMatchObject([{ state: 'unknown' }]);
    expect(files()).toHaveLength(0);
    await leaveDuring();
    expect(files()).toHaveLength(1);
    const later = attach();
    const resuming = later.resume(
      {
        savepointResult: async () => {
          throw new Problem('not-found', 'no');
        },
        checkpoints: async () => undefined,
      },
      async () => ({ state: 'none', reason: 'It is empty.' }),
    );
    await later.clock.advance(60_000);
    await resuming;
    expect(later.all).toMatchObject([{ state: 'unknown', result: expect.stringContaining('It is empty.') }]);
    expect(files()).toHaveLength(0);
  });

  test('that is left before its request was sent is called not sent, then and in the next session', async () => {
    const drey = attach();
    const running = drey.operations.track(savepoint, async (report, signal) => {
      report.note(note);
      report.unsent(true);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('ended', 'AbortError'))));
    });
    drey.session.abort();
    await expect(running).rejects.toThrow('ended');
    const result = 'not sent: drey was left before it asked Flink';
    expect(drey.all).toMatchObject([{ state: 'failed', result }]);
    const later = attach();
    // Nobody is asked for a result that cannot be there.
    await later.resume({});
    expect(later.all).toMatchObject([{ title: savepoint.title, state: 'failed', result }]);
  });

  test('that is left behind its request may be under way', async () => {
    const drey = attach();
    const running = drey.operations.track(savepoint, async (report, signal) => {
      report.note(note);
      report.unsent(true);
      report.unsent(false);
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('ended', 'AbortError'))));
    });
    drey.session.abort();
    await expect(running).rejects.toThrow('ended');
    expect(drey.all).toMatchObject([{ state: 'running' }]);
  });

  test('keeps the path of a savepoint in the journal, and nothing of a failure or a checkpoint', async () => {
    const drey = attach();
    await drey.operations.track({ ...savepoint, resume: note }, async () => ({ value: 1, result: 's3://sp/1' }));
    await drey.operations.track({ ...savepoint, kind: 'checkpoint', resume: { ...note, what: 'checkpoint' } }, async () => ({
      value: 1,
      result: '7',
    }));
    await expect(
      drey.operations.track({ ...savepoint, resume: note }, async () => {
        throw new Problem('failed', 'no');
      }),
    ).rejects.toThrow('no');
    expect(files()).toHaveLength(1);
    const later = attach();
    await later.resume({});
    expect(later.all).toMatchObject([{ title: 'Savepoint of orders (a)', state: 'succeeded', result: 's3://sp/1' }]);
  });

  test('goes on when the journal cannot be written, and that is reported', async () => {
    writeFileSync(join(folder, 'operations'), 'a file where the folder should be');
    const drey = attach();
    expect(await drey.operations.track({ ...savepoint, resume: note }, async () => ({ value: 1, result: 'x' }))).toBe(1);
    expect(drey.timeline.some((text) => text.includes('cannot be written'))).toBe(true);
  });
});

describe('after detaching', () => {
  test('a savepoint that was left is found by its trigger id', async () => {
    await leaveDuring();
    const drey = attach();
    let asked = 0;
    const resuming = drey.resume({
      savepointResult: async (jobId, triggerId) => {
        expect([jobId, triggerId]).toEqual(['a', 't1']);
        asked += 1;
        return asked < 3 ? { state: 'in-progress' } : { state: 'completed', value: { path: 's3://sp/2' } };
      },
      checkpoints: async () => undefined,
    });
    await settle();
    expect(drey.all).toMatchObject([{ title: 'Savepoint of orders (a)', state: 'running', progress: 'looking for its result' }]);
    await drey.clock.advance(10_000);
    await resuming;
    expect(drey.all).toMatchObject([{ state: 'succeeded', result: 's3://sp/2' }]);
    expect(JSON.parse(readFileSync(join(folder, 'operations', files()[0] ?? ''), 'utf8'))).toMatchObject({
      operation: { state: 'succeeded', result: 's3://sp/2' },
    });
  });

  test('a savepoint whose trigger the server forgot is found in the statistics of the job', async () => {
    const clock = new FakeClock();
    await leaveDuring({ clock });
    const drey = attach({ clock });
    const entry = {
      id: 9,
      status: 'COMPLETED',
      isSavepoint: true,
      triggeredAt: clock.now() + 5,
      endedAt: clock.now() + 9,
      durationMs: 4,
      sizeBytes: 1,
      acknowledged: 1,
      subtasks: 1,
      path: 's3://sp/9',
      failure: undefined,
    } as const;
    await drey.resume({
      savepointResult: async () => {
        throw new Problem('not-found', 'Operation not found.');
      },
      checkpoints: async () => ({
        restored: 0,
        completed: 1,
        failed: 0,
        inProgress: 0,
        latestCompleted: undefined,
        latestSavepoint: entry,
        latestFailed: undefined,
        latestRestored: undefined,
        history: [entry],
      }),
    });
    expect(drey.all).toMatchObject([{ state: 'succeeded', result: 's3://sp/9' }]);
  });

  test('an older savepoint is not taken for it, however soon it was taken before', async () => {
    const clock = new FakeClock();
    await leaveDuring({ clock }, { ...note, lastCheckpointId: 9 });
    const drey = attach({ clock });
    const taken = (id: number) =>
      ({
        id,
        status: 'COMPLETED',
        isSavepoint: true,
        triggeredAt: clock.now(),
        endedAt: clock.now(),
        durationMs: 4,
        sizeBytes: 1,
        acknowledged: 1,
        subtasks: 1,
        path: `s3://sp/${id}`,
        failure: undefined,
      }) as const;
    await drey.resume({
      savepointResult: async () => {
        throw new Problem('not-found', 'Operation not found.');
      },
      checkpoints: async () => ({
        restored: 0,
        completed: 2,
        failed: 0,
        inProgress: 0,
        latestCompleted: undefined,
        latestSavepoint: taken(10),
        latestFailed: undefined,
        latestRestored: undefined,
        history: [taken(10), taken(9)],
      }),
    });
    expect(drey.all).toMatchObject([{ state: 'succeeded', result: 's3://sp/10' }]);
  });

  test('a stop whose job goes on has failed, although there is a savepoint', async () => {
    const clock = new FakeClock();
    await leaveDuring({ clock }, { ...note, what: 'stop-job', lastCheckpointId: 1 });
    const drey = attach({ clock });
    const entry = {
      id: 2,
      status: 'COMPLETED',
      isSavepoint: true,
      triggeredAt: clock.now(),
      endedAt: clock.now(),
      durationMs: 4,
      sizeBytes: 1,
      acknowledged: 1,
      subtasks: 1,
      path: 's3://sp/2',
      failure: undefined,
    } as const;
    const job = {
      id: 'a',
      name: 'orders',
      state: 'RUNNING',
      startTime: 0,
      endTime: -1,
      durationMs: 1,
      lastModification: 1,
      tasks: { total: 1, byState: { running: 1 } },
    } as const;
    const resuming = drey.resume({
      savepointResult: async () => {
        throw new Problem('not-found', 'Operation not found.');
      },
      checkpoints: async () => ({
        restored: 0,
        completed: 1,
        failed: 0,
        inProgress: 0,
        latestCompleted: undefined,
        latestSavepoint: entry,
        latestFailed: undefined,
        latestRestored: undefined,
        history: [entry],
      }),
      jobs: async () => [job],
    });
    await clock.advance(60_000);
    await resuming;
    expect(drey.all).toMatchObject([
      { state: 'failed', result: 'The savepoint s3://sp/2 of job a is complete, but the job was not stopped: it is still running.' },
    ]);
  });

  test('a savepoint that was lost with its JobManager while nobody looked is found in the directory that was named for it', async () => {
    const clock = new FakeClock();
    const startedAt = clock.now();
    await leaveDuring({ clock }, { ...note, directory: 'file:///sp' });
    await clock.advance(60_000);
    const drey = attach({ clock });
    const asked: unknown[] = [];
    const resuming = drey.resume(
      {
        savepointResult: async () => {
          throw new Problem('not-found', 'no');
        },
        checkpoints: async () => undefined,
      },
      async (wanted) => {
        asked.push(wanted);
        return { state: 'found', path: 'file:/sp/savepoint-a-1' };
      },
    );
    await clock.advance(60_000);
    await resuming;
    expect(asked).toEqual([{ jobId: 'a', directory: 'file:///sp', since: startedAt }]);
    expect(drey.all).toMatchObject([{ state: 'succeeded', result: 'file:/sp/savepoint-a-1' }]);
  });

  test('what nobody knows any more is unknown, with what to look at; a day later it is given up', async () => {
    await leaveDuring();
    const nothing = {
      savepointResult: async () => {
        throw new Problem('not-found', 'no');
      },
      checkpoints: async () => {
        throw new Problem('not-found', 'no such job');
      },
    };
    const drey = attach();
    const resuming = drey.resume(nothing);
    await drey.clock.advance(60_000);
    await resuming;
    expect(drey.all).toMatchObject([{ state: 'unknown', result: expect.stringContaining('no longer knows the savepoint') }]);
    expect(files()).toHaveLength(1);
    const later = attach();
    await later.clock.advance(25 * 60 * 60_000);
    const again = later.resume(nothing);
    await later.clock.advance(60_000);
    await again;
    expect(files()).toHaveLength(0);
  });

  test('a savepoint that failed meanwhile says why', async () => {
    await leaveDuring();
    const drey = attach();
    await drey.resume({ savepointResult: async () => ({ state: 'failed', reason: 'disk full', stackTrace: 'x' }) });
    expect(drey.all).toMatchObject([{ state: 'failed', result: 'The savepoint of job a failed: disk full' }]);
    expect(files()).toHaveLength(0);
  });

  test('a restart that was left is shown with how to go on, and nothing is stopped or started for it', async () => {
    const launch = {
      jar: { path: '/a.jar', name: 'a-1.jar' },
      entryClass: undefined,
      arguments: [],
      parallelism: 1,
      configuration: {},
      allowNonRestoredState: false,
    };
    const left: RestartNote = {
      what: 'restart',
      jobId: '9f13c2aa',
      jobName: 'orders',
      triggerId: 't1',
      newJobId: 'b',
      launch,
      before: launch,
      begunAt: 1,
      savepoint: 's3://sp/1',
    };
    await leaveDuring({}, left);
    const drey = attach();
    await drey.resume({});
    expect(drey.all).toMatchObject([{ state: 'unknown', result: 'not done yet, its savepoint is s3://sp/1; resume 9f13c2 continues it' }]);
    expect(drey.operations.restarts()).toMatchObject([{ note: left }]);
  });

  test('a checkpoint is found by its trigger id', async () => {
    await leaveDuring({}, { ...note, what: 'checkpoint' });
    const drey = attach();
    await drey.resume({ checkpointResult: async () => ({ state: 'completed', value: { checkpointId: 12 } }) });
    expect(drey.all).toMatchObject([{ state: 'succeeded', result: '12' }]);
  });

  test('leaving again while it is looked for loses nothing', async () => {
    await leaveDuring();
    const drey = attach();
    const resuming = drey.resume({ savepointResult: async () => ({ state: 'in-progress' }), checkpoints: async () => undefined });
    await settle();
    drey.session.abort();
    await resuming;
    const later = attach();
    await later.resume({ savepointResult: async () => ({ state: 'completed', value: { path: 's3://sp/3' } }) });
    expect(later.all).toMatchObject([{ result: 's3://sp/3' }]);
  });

  test.each([
    ['another cluster', { target: { ...target, clusterId: 'c2' } }],
    ['another namespace', { target: { ...target, namespace: 'x' } }],
    ['another server', { target: { ...target, server: 'https://other:6443' } }],
    ['a younger cluster of the same name', { uid: 'young' }],
  ])('%s does not see it', async (_name, given) => {
    await leaveDuring({ uid: 'old' });
    const drey = attach(given);
    await drey.resume({});
    expect(drey.all).toEqual([]);
    expect(files()).toHaveLength(1);
  });
});

test.each([
  '',
  '{"version":1',
  '{"version":2}',
  '[]',
  '{"version":1,"cluster":{},"operation":{},"note":{}}',
  '{"version":1,"operation":{"id":"../../x"}}',
])('a journal file that holds %j is put aside, and the start goes on', async (content) => {
  await leaveDuring();
  writeFileSync(join(folder, 'operations', 'broken.json'), content);
  const drey = attach();
  await drey.resume({ savepointResult: async () => ({ state: 'completed', value: { path: 's3://sp/1' } }) });
  expect(drey.all).toMatchObject([{ result: 's3://sp/1' }]);
  expect(drey.timeline.filter((text) => text.includes('put aside'))).toHaveLength(1);
  expect(files()).toContain('broken.json.broken');
  const again = attach();
  await again.resume({});
  expect(again.timeline.filter((text) => text.includes('put aside'))).toHaveLength(0);
});

test('old savepoints are forgotten after a month', async () => {
  const drey = attach();
  await drey.operations.track({ ...savepoint, resume: note }, async () => ({ value: 1, result: 's3://sp/1' }));
  await drey.clock.advance(31 * 24 * 60 * 60_000);
  expect(drey.journal.read(target).entries).toEqual([]);
  expect(files()).toEqual([]);
});
