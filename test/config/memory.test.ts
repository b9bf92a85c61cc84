import { describe, expect, test } from 'vitest';
import { containerResources } from '../../src/config/memory/container-resources.ts';
import { flinkConfig } from '../../src/config/flink-config.ts';
import { jobManagerMemory, taskManagerMemory } from '../../src/config/memory/memory.ts';
import { jobManagerCpuLimitFactor, jobManagerMemoryLimitFactor } from '../../src/config/options/options-kubernetes.ts';

/** `heap.size=1g flink.size=2g` below a prefix. */
function configOf(prefix: string, settings: string) {
  return flinkConfig(
    settings
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => [`${prefix}.memory.${word.split('=')[0]}`, word.split('=')[1] ?? ''] as const),
  );
}

describe('memory of the JobManager in MiB', () => {
  test.each([
    ['process.size=1600m', 1600],
    ['flink.size=1024m', 1472],
    ['flink.size=1600m', 2062],
    ['flink.size=2048m', 2560],
    ['flink.size=4096m', 4835],
    ['flink.size=10240m', 11520],
    ['flink.size=20g', 21760],
    ['heap.size=1024m', 1600],
    ['heap.size=2048m', 2702],
    ['heap.size=700m off-heap.size=300m jvm-metaspace.size=111m', 1303],
    ['heap.size=1000m flink.size=1500m', 1951],
    ['flink.size=1200m process.size=1800m', 1800],
    ['flink.size=3000m jvm-overhead.fraction=0.3 jvm-overhead.min=64m jvm-overhead.max=900m', 4156],
    ['process.size=1700000000b', 1621],
    ['process.size=577m', 577],
    ['flink.size=129m', 577],
  ])('%s: %d', (settings, mebibytes) => {
    expect(Math.floor(jobManagerMemory(configOf('jobmanager', settings)).total / 2 ** 20)).toBe(mebibytes);
  });

  test.each([
    [
      '',
      'Either required fine-grained memory (jobmanager.memory.heap.size), or Total Flink Memory size (jobmanager.memory.flink.size), or Total Process Memory size (jobmanager.memory.process.size) need to be configured explicitly.',
    ],
    [
      'process.size=300m',
      'Sum of configured JVM Metaspace (256.000mb (268435456 bytes)) and JVM Overhead (192.000mb (201326592 bytes)) exceed configured Total Process Memory (300.000mb (314572800 bytes)).',
    ],
    [
      'flink.size=1500m process.size=1600m',
      'The configured Total Process Memory size (1.563gb (1677721600 bytes)) is less than the sum of the derived Total Flink Memory size (1.465gb (1572864000 bytes))',
    ],
    [
      'heap.size=1000m off-heap.size=200m flink.size=1500m',
      'Sum of the configured JVM Heap Memory (1000.000mb (1048576000 bytes)) and the configured Off-heap Memory (200.000mb (209715200 bytes)) does not match the configured Total Flink Memory (1.465gb (1572864000 bytes)).',
    ],
    ['heap.size=100m flink.size=50m', 'exceeds the configured Total Flink Memory'],
    ['flink.size=128m', 'nothing is left for the JVM heap'],
    ['process.size=576m', 'nothing is left for the JVM heap'],
    [
      'process.size=4g heap.size=1g',
      'Derived JVM Overhead size (2.625gb (2818572288 bytes)) is not in configured JVM Overhead range [192.000mb (201326592 bytes), 1024.000mb (1073741824 bytes)].',
    ],
    ['process.size=1g jvm-overhead.fraction=1.5', 'the fraction must be at least 0 and below 1'],
    ['process.size=1g jvm-overhead.min=2g', 'the smallest size must not exceed the largest'],
    ['process.size=1600x', "Could not parse value '1600x' for key 'jobmanager.memory.process.size': Memory size unit 'x'"],
  ])('%s is refused', (settings, reason) => {
    expect(() => jobManagerMemory(configOf('jobmanager', settings))).toThrow(reason);
  });
});

describe('memory of a TaskManager', () => {
  test.each([
    'process.size=1728m',
    'flink.size=2g',
    'task.heap.size=512m managed.size=256m',
    'flink.size=2g process.size=2564m',
    'task.heap.size=1g managed.size=1g flink.size=2500m',
    'process.size=4g managed.size=0',
  ])('%s is possible', (settings) => {
    expect(taskManagerMemory(configOf('taskmanager', settings)).total).toBeGreaterThan(0);
  });

  test.each([
    ['', 'Either required fine-grained memory (taskmanager.memory.task.heap.size and taskmanager.memory.managed.size)'],
    [
      'process.size=500m',
      'Sum of configured Framework Heap Memory (128.000mb (134217728 bytes)), Framework Off-Heap Memory (128.000mb (134217728 bytes)), Task Off-Heap Memory (0 bytes), Managed Memory (20.800mb (21810381 bytes)) and Network Memory (64.000mb (67108864 bytes)) exceed configured Total Flink Memory (52.000mb (54525952 bytes)).',
    ],
    [
      'task.heap.size=1512m managed.size=956m flink.size=1g',
      'Task Heap Memory (1.477gb (1585446912 bytes)), Task Off-Heap Memory (0 bytes) and Managed Memory (956.000mb (1002438656 bytes)) exceed configured Total Flink Memory (1024.000mb (1073741824 bytes)).',
    ],
    [
      'process.size=1728m network.min=512m network.max=128m',
      'taskmanager.memory.network.fraction (0.10000000149011612) and its min (512.000mb (536870912 bytes)), max (128.000mb (134217728 bytes)) value',
    ],
    ['process.size=4g managed.fraction=1.5', 'Managed Memory fraction'],
  ])('%s is refused', (settings, reason) => {
    expect(() => taskManagerMemory(configOf('taskmanager', settings))).toThrow(reason);
    expect(() => taskManagerMemory(configOf('taskmanager', settings))).toThrow(/^TaskManager memory configuration failed: /);
  });
});

describe('requests and limits', () => {
  const factors = { cpu: jobManagerCpuLimitFactor, memory: jobManagerMemoryLimitFactor };
  const of = (cpu: number, mebibytes: number, cpuFactor: string, memoryFactor: string) =>
    containerResources(
      flinkConfig([
        [factors.cpu.key, cpuFactor],
        [factors.memory.key, memoryFactor],
      ]),
      mebibytes * 2 ** 20 + 1000,
      cpu,
      factors,
    );

  test.each([
    [1, 1600, '1', '1', { requests: { cpu: '1.0', memory: '1600Mi' }, limits: { cpu: '1.0', memory: '1600Mi' } }],
    [1.25, 1600, '1.5', '1.3', { requests: { cpu: '1.25', memory: '1600Mi' }, limits: { cpu: '1.875', memory: '2080Mi' } }],
    [0.1, 1000, '3', '1.7777', { requests: { cpu: '0.1', memory: '1000Mi' }, limits: { cpu: '0.30000000000000004', memory: '1777Mi' } }],
    [0.0005, 1600, '1', '1', { requests: { cpu: '5.0E-4', memory: '1600Mi' }, limits: { cpu: '5.0E-4', memory: '1600Mi' } }],
  ])('%d cores, %d MiB, factors %s and %s', (cpu, mebibytes, cpuFactor, memoryFactor, expected) => {
    expect(of(cpu, mebibytes, cpuFactor, memoryFactor)).toEqual(expected);
  });

  test('a limit below its request is refused', () => {
    expect(() => of(1, 1600, '0.9', '1')).toThrow('kubernetes.jobmanager.cpu.limit-factor should be greater or equal to 1.');
    expect(() => of(1, 1600, '1', '0.5')).toThrow('kubernetes.jobmanager.memory.limit-factor should be greater or equal to 1.');
  });
});
