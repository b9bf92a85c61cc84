import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import { clusterConfiguration, metrics } from '../../src/flink/schemas/cluster.ts';
import { taskManagerDetail } from '../../src/flink/schemas/processes.ts';
import { configurationRows } from '../../src/inside/process/configuration.ts';
import type { MemoryModel } from '../../src/inside/process/memory.ts';
import { jobManagerFigures, processMetrics, taskManagerFigures } from '../../src/inside/process/process.ts';
import { captureText } from '../flink/rest-server.ts';

const read = <S extends z.ZodMiniType>(schema: S, name: string): z.output<S> => z.parse(schema, JSON.parse(captureText(name)));

const detail = read(taskManagerDetail, 'taskmanager');
const configuration = read(clusterConfiguration, 'jobmanager-config');
const mebi = 2 ** 20;

const partOf = ({ parts }: MemoryModel, name: string) => parts.find((part) => part.name === name);

describe('a TaskManager', () => {
  const { memory, slots, network, collecting } = taskManagerFigures(detail, read(metrics, 'taskmanager-metrics-values'), 0);

  test('has each part of its memory with what is used of it', () => {
    expect(partOf(memory, 'JVM heap')).toMatchObject({ configured: 134_217_728 + 212_651_212, used: 50_926_080 });
    expect(partOf(memory, 'network')).toMatchObject({ depth: 1, configured: 68_367_156, used: 753_664 });
    expect(partOf(memory, 'direct')).toMatchObject({ configured: 128 * mebi + 68_367_156, used: 76_327_562 });
    expect(partOf(memory, 'metaspace')?.used).toBeGreaterThan(0);
    expect(memory.totalProcess).toBe(1_153_433_600);
  });

  test('has parts that nothing measures, which are not known and not 0', () => {
    for (const name of ['task heap', 'framework heap', 'JVM overhead', 'task off-heap'])
      expect(partOf(memory, name)).toMatchObject({ used: undefined });
  });

  test('has its parts add up to the memory of the process', () => {
    const sizes = memory.parts.filter(({ depth }) => depth === 0).map(({ configured }) => configured ?? Number.NaN);
    expect(sizes.reduce((total, size) => total + size, 0)).toBe(memory.totalProcess);
  });

  test('has its slots, its buffers and how long it collects garbage', () => {
    expect([slots?.total, slots?.free, slots?.allocated.length, network?.segmentsTotal]).toEqual([4, 1, 3, 2086]);
    expect(collecting).toBeTypeOf('number');
  });

  test('whose metrics are not there yet shows what is known', () => {
    const bare = taskManagerFigures(detail, new Map(), 0);
    expect([bare.cpuLoad, bare.collecting, partOf(bare.memory, 'metaspace')?.used]).toEqual([undefined, undefined, undefined]);
    expect(partOf(bare.memory, 'JVM heap')?.used).toBe(50_926_080);
  });

  test('of which one size is not known has no total of it', () => {
    const found = taskManagerFigures({ ...detail, memory: { ...detail.memory, taskHeap: undefined } }, new Map(), 0);
    expect(partOf(found.memory, 'JVM heap')?.configured).toBeUndefined();
  });
});

describe('garbage collection', () => {
  const after = (timeMs: number) => ({
    ...detail,
    collectors: [
      { name: 'G1_Old_Generation', count: 1, timeMs: 9 },
      { name: 'All', count: 7, timeMs },
    ],
  });

  test('has its share of the time between two reads', () => {
    const before = taskManagerFigures(after(100), new Map([['Status.JVM.GarbageCollector.All.TimeMsPerSecond', 900]]), 10_000);
    expect(before.collecting).toBe(0.9);
    expect(before.collectors.map(({ name }) => name)).toEqual(['All', 'G1_Old_Generation']);
    expect(taskManagerFigures(after(600), new Map(), 12_000, before).collecting).toBe(0.25);
  });

  test('of a process that started anew in between is not counted', () => {
    const before = taskManagerFigures(after(600), new Map(), 10_000);
    expect(taskManagerFigures(after(5), new Map(), 12_000, before).collecting).toBeUndefined();
    expect(taskManagerFigures(after(700), new Map(), 10_000, before).collecting).toBeUndefined();
  });
});

test('the JobManager has the sizes that it was started with', () => {
  const { memory, collectors, slots } = jobManagerFigures(configuration, read(metrics, 'jobmanager-metrics-values'), 0);
  expect(partOf(memory, 'JVM heap')).toMatchObject({ configured: 654_311_424, used: 164_352_512 });
  expect(partOf(memory, 'JVM overhead')).toMatchObject({ configured: 192 * mebi, used: undefined });
  expect(memory.totalProcess).toBe(1200 * mebi);
  expect(collectors).toEqual([{ name: 'All', count: 7, timeMs: 144 }]);
  expect(slots).toBeUndefined();
});

test('a size that the JobManager does not report, or reports in words of its own, is not known', () => {
  const { memory } = jobManagerFigures(
    new Map([
      ['jobmanager.memory.heap.size', 'plenty'],
      ['jobmanager.memory.jvm-overhead.min', '1m'],
      ['jobmanager.memory.jvm-overhead.max', '2m'],
    ]),
    new Map(),
    0,
  );
  expect(memory.parts.map(({ configured }) => configured)).toEqual([undefined, undefined, undefined, undefined]);
  expect([memory.totalFlink, memory.totalProcess]).toEqual([undefined, undefined]);
});

test('the metrics of a process fit into one request', () => {
  expect(processMetrics.join(',').length).toBeLessThan(3000);
});

test('a configuration marks what is not the default, and masks secrets', () => {
  const rows = configurationRows(
    new Map([
      ['taskmanager.numberOfTaskSlots', '4'],
      ['parallelism.default', '1'],
      ['jobmanager.memory.jvm-metaspace.size', '268435456b'],
      ['jobmanager.memory.off-heap.size', 'what'],
      ['my.own.key', 'x'],
      ['s3.secret-key', 'abc'],
    ]),
  );
  expect(rows.map(({ key, value, standing }) => [key, value, standing])).toEqual([
    ['jobmanager.memory.jvm-metaspace.size', '268435456b', 'default'],
    ['jobmanager.memory.off-heap.size', 'what', 'differs'],
    ['my.own.key', 'x', 'unknown'],
    ['parallelism.default', '1', 'default'],
    ['s3.secret-key', '******', 'differs'],
    ['taskmanager.numberOfTaskSlots', '4', 'differs'],
  ]);
});

test('a value that means the default is the default: in another unit, and under the name that an older Flink has for its option', () => {
  const rows = configurationRows(
    new Map([
      ['resourcemanager.taskmanager-timeout', '30000 ms'],
      ['client.timeout', 'PT1M'],
      ['client.heartbeat.interval', '31 s'],
      ['jobmanager.memory.jvm-metaspace.size', '262144 kb'],
      ['taskmanager.memory.network.fraction', '0.10'],
      ['kubernetes.jobmanager.cpu', '1'],
      ['kubernetes.taskmanager.cpu.amount', '-1'],
      ['high-availability', 'NONE'],
    ]),
  );
  expect(rows.filter(({ standing }) => standing !== 'default').map(({ key }) => key)).toEqual(['client.heartbeat.interval']);
});
