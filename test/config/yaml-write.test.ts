import { describe, expect, test } from 'vitest';
import { flinkConfig } from '../../src/config/flink-config.ts';
import { WholeDouble } from '../../src/config/java/java-number.ts';
import { readConfigYaml } from '../../src/config/load.ts';
import type { ConfigValue } from '../../src/config/options/types.ts';
import { renderConfig } from '../../src/config/yaml-write.ts';

const render = (values: Readonly<Record<string, ConfigValue>>, format: 'config.yaml' | 'flink-conf.yaml' = 'config.yaml') =>
  renderConfig(flinkConfig(Object.entries(values)), format, Object.keys(values).length);

test('what -D gives stays a text, what the file gives keeps its type', () => {
  expect(render({ 'taskmanager.numberOfTaskSlots': '4' }).text).toBe("taskmanager:\n  numberOfTaskSlots: '4'\n");
  expect(render({ 'jobmanager.rpc.port': 6123, 'jobmanager.rpc.address': 'x' }).text).toMatch(
    /^jobmanager:\n {2}rpc:\n {4}(?:address: x\n {4}port: 6123|port: 6123\n {4}address: x)\n$/,
  );
  expect(render({ 'execution.attached': 'true' }).text).toBe("execution:\n  attached: 'true'\n");
  expect(render({ 'execution.attached': true }).text).toBe('execution:\n  attached: true\n');
});

test('a list that Flink sets is a list', () => {
  expect(render({ 'pipeline.jars': ['local:///opt/a.jar'] }).text).toBe('pipeline:\n  jars:\n  - local:///opt/a.jar\n');
});

describe('a key that is the beginning of another', () => {
  test('hides the longer one from the cluster, which is reported', () => {
    const { text, notices } = render({
      'kubernetes.container.image': 'old:1',
      'kubernetes.container.image.pull-policy': 'Always',
      'kubernetes.cluster-id': 'c1',
    });
    expect(readConfigYaml(text).get('kubernetes.container.image')).toBe('old:1');
    expect(notices).toEqual([
      'The cluster does not get kubernetes.container.image.pull-policy, because kubernetes.container.image is set too and one file cannot hold both. Write kubernetes.container.image.ref instead of kubernetes.container.image.',
    ]);
  });

  test("cannot be written where Flink's client fails", () => {
    expect(() => render({ 'high-availability': 'zookeeper', 'high-availability.cluster-id': 'c1' })).toThrow(
      'The configuration cannot hold both high-availability and high-availability.cluster-id',
    );
  });
});

test('in the older format each pair has a line, and lists have semicolons', () => {
  const { text } = render({ 'jobmanager.rpc.port': '6123', 'pipeline.jars': ['a;b', 'c'], x: 'y: z' }, 'flink-conf.yaml');
  expect(new Set(text.split('\n'))).toEqual(new Set(['jobmanager.rpc.port: 6123', "pipeline.jars: 'a;b';c", 'x: y: z', '']));
});

/** Numbers from 0 to below 1, the same each time. */
function* numbers(): Generator<number, never> {
  for (let seed = 42; ;) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    yield seed / 2 ** 32;
  }
}

test('what is read of the written file is the configuration, types included', () => {
  const random = numbers();
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random.next().value * from.length)] as T;
  const texts = [
    '',
    'a',
    'true',
    '1',
    'x: y',
    ' s',
    'a\nb\n',
    '~',
    "it's",
    '[a]',
    '#',
    'é😀',
    '\t',
    '0x1F',
    '- a',
    'a #b',
    'null',
    '\u0001',
  ];
  const values: readonly ConfigValue[] = [
    ...texts,
    1,
    0,
    -7,
    1.5,
    new WholeDouble(1000),
    new WholeDouble(-Infinity),
    true,
    false,
    12345678901234567890n,
  ];
  const words = ['a', 'b', 'c', 'on', 'null', '1', 'x-y', '*', 'k#'];
  for (let round = 0; round < 300; round += 1) {
    const entries = new Map<string, ConfigValue>();
    for (let count = 0; count < 12; count += 1) entries.set([pick(words), pick(words), `leaf${count}`].join('.'), pick(values));
    const back = readConfigYaml(renderConfig(flinkConfig(entries), 'config.yaml', entries.size).text);
    expect(new Map([...back].sort())).toEqual(new Map([...entries].sort()));
  }
});
