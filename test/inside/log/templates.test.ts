import { describe, expect, test } from 'vitest';
import { TemplateTally, type TemplateFacts } from '../../../src/inside/log/templates/tally.ts';
import { Mask } from '../../../src/inside/log/templates/mask.ts';
import { keptMinutes, MinuteCounts } from '../../../src/inside/log/templates/minutes.ts';
import { Shapes } from '../../../src/inside/log/templates/shapes.ts';
import { covers, maskedWords } from '../../../src/inside/log/templates/template.ts';
import { TemplateTree } from '../../../src/inside/log/templates/tree.ts';
import { random } from '../random.ts';

const mask = new Mask();
const words = (message: string): readonly string[] => maskedWords(mask, message);
const masked = (message: string): string => words(message).join(' ');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A tally of messages without a head. */
function tallyOf(messages: readonly string[], tree = new TemplateTree()): TemplateTally {
  const tally = new TemplateTally((line) => line, tree);
  for (const [index, message] of messages.entries())
    tally.add({ line: bytes(message), level: 3, exception: '', at: index * 1_000, pod: 'tm-1' });
  return tally;
}

const counted = (facts: readonly TemplateFacts[]): Record<string, number> =>
  Object.fromEntries(facts.map((one) => [one.words.join(' '), one.count]));

describe('a message without its values', () => {
  test.each([
    [
      'Completed checkpoint 17 for job 9f13c2 (82311 bytes, checkpointDuration=27 ms)',
      'Completed checkpoint * for job * (* bytes, checkpointDuration=* ms)',
    ],
    ['Loading /opt/flink/lib/a.jar and s3://bucket/folder/x', 'Loading * and *'],
    ['took 3.5s, then PT5M and 0x7f', 'took *, then * and *'],
    ['at 2026-11-22 11:27:32,618 on 10.0.0.1:6123', 'at * on *'],
    ['slots [1, 2, 3] of [4]', 'slots [*] of [*]'],
    ['commit deadbeef of feed', 'commit * of feed'],
    ['Foo@1a2b3c is non-null in state.backend.type', 'Foo@* is non-null in state.backend.type'],
    ['Zustand größer als 5', 'Zustand größer als *'],
    ['', ''],
  ])('%s', (message, wanted) => expect(masked(message)).toBe(wanted));

  test('a message of any length is compared by its beginning', () => {
    expect(masked('word '.repeat(100_000)).length).toBeLessThan(1_024);
  });
});

describe('templates', () => {
  test('messages that differ in values are one, those that differ in what they say are several', () => {
    const facts = tallyOf(['Checkpoint 1 took 5 ms', 'Checkpoint 2 took 7 ms', 'Heartbeat of 3 timed out']).facts(0);
    expect(counted(facts)).toEqual({ 'Checkpoint * took * ms': 2, 'Heartbeat of * timed out': 1 });
  });

  test('messages that differ in a name are one', () => {
    const facts = tallyOf([
      'Loading configuration property: rest.address, alpha',
      'Loading configuration property: rest.bind, beta',
      'Loading configuration property: state.dir, gamma',
    ]).facts(0);
    expect(counted(facts)).toEqual({ 'Loading configuration property: * *': 3 });
  });

  test('states in capitals are told apart', () => {
    const facts = tallyOf([
      'Source: orders (1/4) switched from CREATED to RUNNING.',
      'Source: orders (2/4) switched from RUNNING to FAILED.',
    ]).facts(0);
    expect(facts).toHaveLength(2);
  });

  test('the same message of another level or with another exception is another template', () => {
    const tally = new TemplateTally((line) => line);
    const add = (level: number, exception: string): void => tally.add({ line: bytes('Task failed'), level, exception, at: 5, pod: 'tm-1' });
    add(4, '');
    add(5, '');
    add(5, 'java.io.IOException');
    add(5, 'java.lang.NullPointerException');
    add(5, 'java.io.IOException');
    expect(tally.facts(0).map(({ level, exception, count }) => [level, exception, count])).toEqual([
      [4, '', 1],
      [5, '', 1],
      [5, 'java.io.IOException', 2],
      [5, 'java.lang.NullPointerException', 1],
    ]);
  });

  test('each has its count, its first and last time, its minutes and its pods', () => {
    const tally = new TemplateTally((line) => line);
    for (const [at, pod] of [
      [600_000, 'b'],
      [120_000, 'a'],
      [601_000, 'a'],
    ] as const)
      tally.add({ line: bytes('Checkpoint 1 failed'), level: 4, exception: '', at, pod });
    const [only] = tally.facts(660_000);
    expect(only).toMatchObject({ count: 3, first: 120_000, last: 601_000, pods: ['b', 'a'] });
    expect(only?.minutes.slice(-10)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 2, 0]);
  });

  test('more than a thousand pods are counted without more memory', () => {
    const tally = new TemplateTally((line) => line);
    for (let pod = 0; pod < 1_500; pod += 1) tally.add({ line: bytes('up'), level: 3, exception: '', at: 0, pod: `tm-${pod}` });
    expect(tally.facts(0)[0]).toMatchObject({ count: 1_500 });
    expect(tally.facts(0)[0]?.pods).toHaveLength(1_024);
  });
});

/** Hostile input: words of any letters, in any number and order, some of them drawn from a few so that messages are alike. */
function hostile(seed: number, count: number): readonly string[] {
  const next = random(seed);
  const few = ['RUNNING', 'FAILED', 'checkpoint', 'task', '17', '/tmp/x', '*', '\u0000', 'größe', '☃', '"', '\\', ''];
  const word = (): string =>
    next() < 0.6
      ? (few[Math.floor(next() * few.length)] ?? '')
      : Math.floor(next() * 60_466_176)
          .toString(36)
          .replaceAll(/\d/g, 'q');
  return Array.from({ length: count }, () => Array.from({ length: 1 + Math.floor(next() * 50) }, word).join(next() < 0.9 ? ' ' : ''));
}

describe('whatever the input', () => {
  test.each([1, 2, 3])('there are never more templates than the bound, and each entry counts once (seed %i)', (seed) => {
    const tree = new TemplateTree(50);
    const messages = hostile(seed, 2_000);
    const facts = tallyOf(messages, tree).facts(0);
    expect(facts.length).toBeLessThanOrEqual(50);
    expect(facts.reduce((sum, { count }) => sum + count, 0)).toBe(messages.length);
  });

  test.each([4, 5, 6])('the same input gives the same templates (seed %i)', (seed) => {
    const messages = hostile(seed, 1_000);
    expect(tallyOf(messages).facts(0)).toEqual(tallyOf(messages).facts(0));
  });

  test.each([7, 8, 9])('a message is one of its template when it comes, and stays so (seed %i)', (seed) => {
    const tree = new TemplateTree(400);
    const placed = hostile(seed, 1_000).map((message) => {
      const own = words(message);
      return { own, template: tree.place(3, '', own) };
    });
    expect(placed.filter(({ own, template }) => !template.rest && !covers(template, 3, '', own))).toEqual([]);
  });

  test('a message is compared with a fixed number of templates, however many there are', () => {
    const tree = new TemplateTree(100_000);
    const next = random(10);
    const letters = (): string => Array.from({ length: 8 }, () => String.fromCharCode(103 + Math.floor(next() * 20))).join('');
    for (let index = 0; index < 4_000; index += 1) tree.place(3, '', ['Start', letters(), letters(), letters()]);
    for (let index = 0; index < 4_000; index += 1) tree.place(3, '', [letters(), letters(), letters()]);
    const leaves = Map.groupBy(tree.all, ({ words: [first, ...rest] }) => `${rest.length} ${first}`);
    expect(leaves.get('3 Start')?.length).toBe(64);
    expect(tree.all.length).toBeLessThanOrEqual(64 + 64 * 64 + 64);
  });

  test('any bytes are masked, and no byte is read past the end', () => {
    const next = random(11);
    for (let round = 0; round < 500; round += 1) {
      const line = Uint8Array.from({ length: Math.floor(next() * 1_500) }, () => Math.floor(next() * 256));
      mask.mask(line);
      expect(mask.bytes.length).toBeLessThanOrEqual(Math.min(1_024, line.length));
    }
  });

  test('lines of one shape are of one template, whether the tree or the shapes are asked', () => {
    const shapes = new Shapes();
    const next = random(12);
    const known = new Map<string, number>();
    // More than there is room for: what is found again must be what was put there.
    for (let index = 0; index < 60_000; index += 1) {
      const [low, high, template] = [Math.floor(next() * 2 ** 32), Math.floor(next() * 2 ** 32), Math.floor(next() * 1_000)];
      shapes.set(low, high, template);
      known.set(`${low} ${high}`, template);
    }
    let found = 0;
    let wrong = 0;
    for (const [key, template] of known) {
      const [low = 0, high = 0] = key.split(' ').map(Number);
      const got = shapes.get(low, high);
      if (got >= 0) found += 1;
      if (got >= 0 && got !== template) wrong += 1;
    }
    expect(wrong).toBe(0);
    expect(found).toBeGreaterThan(10_000);
  });
});

describe('counts by the minute', () => {
  test('are those of the last hour, in whatever order they come', () => {
    const next = random(13);
    for (let round = 0; round < 50; round += 1) {
      const counts = new MinuteCounts();
      const times = Array.from({ length: 200 }, () => 1_000_000_000 + Math.floor(next() * 3 * keptMinutes) * 60_000);
      // Those that are older than the ring when they come are not counted.
      const newest = Math.max(...times);
      const kept = times.filter((at) => at > newest - keptMinutes * 60_000);
      for (const at of [newest, ...times]) counts.add(at);
      const minute = Math.floor(newest / 60_000);
      expect(counts.upTo(minute).reduce((sum, one) => sum + one, 0)).toBe(kept.length + 1);
      expect(counts.at(minute)).toBe(times.filter((at) => Math.floor(at / 60_000) === minute).length + 1);
      expect(counts.at(minute + 1)).toBe(0);
    }
  });

  test('a time that is no time is not counted', () => {
    const counts = new MinuteCounts();
    for (const at of [Number.NaN, -5, Number.NEGATIVE_INFINITY]) counts.add(at);
    expect(counts.upTo(10).every((count) => count === 0)).toBe(true);
  });
});
