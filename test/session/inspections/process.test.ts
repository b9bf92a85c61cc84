import { beforeEach, describe, expect, test } from 'vitest';
import type { FlinkProcess, LogFile } from '../../../src/flink/process-types.ts';
import type { FlinkClient } from '../../../src/flink/types.ts';
import { everyOf, keyOf } from '../../../src/session/inspections/inspections.ts';
import { logFileInspection, type LogFileFacts } from '../../../src/session/inspections/log-file.ts';
import { processInspection, type ProcessFacts, type ProcessPart } from '../../../src/session/inspections/process.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakeFlink, noLogs } from '../../support/fakes.ts';

const jm: FlinkProcess = { kind: 'jobmanager' };
const tm: FlinkProcess = { kind: 'taskmanager', id: 'tm-1' };

let asked: string[];
let clock: FakeClock;
let files: readonly LogFile[];
let content: string;
beforeEach(() => {
  asked = [];
  clock = new FakeClock();
  content = 'one\n';
  files = [{ name: 'a.log', bytes: 4, changedAt: 1 }];
});

const note = <T>(what: string, answer: T): Promise<T> => {
  asked.push(what);
  return Promise.resolve(answer);
};

const memory = {
  frameworkHeap: undefined,
  taskHeap: undefined,
  frameworkOffHeap: undefined,
  taskOffHeap: undefined,
  network: undefined,
  managed: undefined,
  metaspace: undefined,
  overhead: undefined,
  totalFlink: undefined,
  totalProcess: undefined,
};

const dumped = (...at: readonly string[]) =>
  at.map((call, index) => ({ name: `t${index}`, text: `"t${index}" Id=${index + 1} RUNNABLE\n\tat ${call}\n\n` }));
const dumps = [dumped('a.A.run', 'b.B.run'), dumped('a.A.run', 'b.B.stop')];

const flink: FlinkClient = fakeFlink({
  taskManager: (id) =>
    note(`detail ${id}`, {
      id,
      lastHeartbeat: 0,
      slots: 1,
      freeSlots: 1,
      cpuCores: undefined,
      physicalMemory: undefined,
      memory,
      allocated: [],
      heapUsed: undefined,
      heapMax: undefined,
      directUsed: undefined,
      directMax: undefined,
      network: { segmentsUsed: 1, segmentsAvailable: 1, segmentsTotal: 2, bytesUsed: 1, bytesTotal: 2 },
      collectors: [],
    }),
  taskManagerMetrics: (id) => note(`metrics ${id}`, new Map()),
  jobManagerMetrics: () => note('metrics jm', new Map()),
  clusterConfiguration: () => note('configuration', new Map([['parallelism.default', '4']])),
  jvmEnvironment: () => note('environment', { version: '17', architecture: 'amd64', options: [], classpath: [] }),
  threadDump: () => note('dump', dumps[asked.filter((each) => each === 'dump').length] ?? []),
  logFiles: () => note('files', files),
  async logFile(_process, name, read) {
    asked.push(`file ${name}`);
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(content);
    }
    return await read(body());
  },
});

const context = <Facts>(before: Facts | undefined) => ({ flink, logs: noLogs, clock, signal: new AbortController().signal, before });
const readPart = (process: FlinkProcess, part: ProcessPart, before?: ProcessFacts) =>
  processInspection.read({ kind: 'process', process, part }, context(before));

describe('a process', () => {
  test.each<readonly [ProcessPart, FlinkProcess, readonly string[]]>([
    ['figures', tm, ['detail tm-1', 'metrics tm-1']],
    ['figures', jm, ['configuration', 'metrics jm']],
    ['threads', tm, ['dump']],
    ['files', tm, ['files']],
    ['settings', jm, ['configuration', 'environment']],
  ])('costs what its %s cost, and nothing else', async (part, process, wanted) => {
    expect((await readPart(process, part)).part).toBe(part);
    expect(asked).toEqual(wanted);
  });

  test('halts for a dump of its threads less often than its memory is read', () => {
    const every = (part: ProcessPart): number => everyOf({ kind: 'process', process: tm, part });
    expect([every('figures'), every('threads')]).toEqual([1, 5]);
  });

  test('has its parts, and those of other processes, apart', () => {
    const keys = [jm, tm].flatMap((process) => (['figures', 'threads'] as const).map((part) => keyOf({ kind: 'process', process, part })));
    expect(new Set(keys).size).toBe(4);
  });

  test('has threads that stand still or moved once there is a second dump', async () => {
    const first = await readPart(tm, 'threads');
    expect(first).toMatchObject({ report: { threads: 2 }, since: undefined });
    expect(await readPart(tm, 'threads', first)).toMatchObject({
      since: { at: clock.now(), movements: [{ kind: 'still' }, { kind: 'moved' }] },
    });
  });
});

const follow = (before?: LogFileFacts) => logFileInspection.read({ kind: 'log-file', process: tm, name: 'a.log' }, context(before));

describe('a log file', () => {
  test('that has not changed is not read again: only the list of files is', async () => {
    const first = await follow();
    expect(first.end.lines).toEqual(['one']);
    await clock.advance(60_000);
    const second = await follow(first);
    expect(second.end).toBe(first.end);
    expect(asked).toEqual(['files', 'file a.log', 'files']);
  });

  test('that has grown is read again', async () => {
    const first = await follow();
    await clock.advance(3_000);
    content = 'one\ntwo\n';
    files = [{ name: 'a.log', bytes: 8, changedAt: 2 }];
    expect((await follow(first)).end.lines).toEqual(['one', 'two']);
  });

  test('of which Flink sent an older copy than it lists is read again, though it has not grown since', async () => {
    files = [{ name: 'a.log', bytes: 8, changedAt: 2 }];
    const first = await follow();
    expect(first.end.lines).toEqual(['one']);
    await clock.advance(3_000);
    content = 'one\ntwo\n';
    expect((await follow(first)).end.lines).toEqual(['one', 'two']);
  });

  test('of 20 MiB that grows all the time is read again after 20 s, and its size is known until then', async () => {
    content = 'x'.repeat(20 * 2 ** 20);
    const first = await follow();
    files = [{ name: 'a.log', bytes: 21 * 2 ** 20, changedAt: 2 }];
    await clock.advance(19_000);
    const waiting = await follow(first);
    expect(waiting).toMatchObject({ end: first.end, listed: { bytes: 21 * 2 ** 20 }, nextAt: first.readAt + 20_000 });
    await clock.advance(1_000);
    expect((await follow(waiting)).end).not.toBe(first.end);
    expect(asked.filter((each) => each === 'file a.log')).toHaveLength(2);
  });

  test('that is gone is a problem that names it', async () => {
    files = [];
    await expect(follow()).rejects.toMatchObject({ kind: 'not-found', message: 'a.log is not among the log files of the process.' });
  });
});
