import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ReadMetadata, readMetadata, type StoredMetadata } from '../../../src/inside/savepoint/read-metadata.ts';

/**
 * `every-kind-N`: written with the serializer of that format of Flink 2.3.0, with each kind of handle that it can write. The others are
 * savepoints and a checkpoint of jobs on Flink 2.3.0, or on the version in their name. The sizes that are expected are those of `OperatorState.getStateSize`.
 */
const file = (name: string): Buffer => readFileSync(join(import.meta.dirname, `${name}.metadata`));

function metadata(read: ReadMetadata): StoredMetadata {
  if (read.state !== 'read') throw new Error(read.reason);
  return read.metadata;
}

const all = [
  'every-kind-3',
  'every-kind-4',
  'every-kind-5',
  'every-kind-6',
  'counter-canonical',
  'counter-native',
  'counter-checkpoint',
  'without-uids',
  'counter-1.20.5',
  'counter-2.0.2',
];

test('the operators of a savepoint with their ids, names, uids and sizes', () => {
  expect(metadata(readMetadata(file('counter-canonical')))).toEqual({
    format: 6,
    checkpointId: 83,
    kind: 'canonical savepoint',
    operators: [
      {
        id: 'ca88eee0095684d687a1b6495617f957',
        name: 'Source: numbers',
        uid: 'numbers',
        parallelism: 2,
        maxParallelism: 128,
        sizeBytes: 546,
      },
      {
        id: 'b71731f1c0df9c3076c4a455334d0ad6',
        name: 'count per key',
        uid: 'count',
        parallelism: 2,
        maxParallelism: 128,
        sizeBytes: 4_536,
      },
      {
        id: '298755e8e632b439cafe5a0c747de7e1',
        name: 'discard: Writer',
        uid: 'discard',
        parallelism: 2,
        maxParallelism: 128,
        sizeBytes: 0,
      },
    ],
    files: [],
  });
});

test('an operator without a uid has none', () => {
  const { operators } = metadata(readMetadata(file('without-uids')));
  expect(operators.map(({ name, uid, sizeBytes }) => [name, uid, sizeBytes])).toEqual([
    ['Source: Car data generator source', undefined, 281],
    ['Sink: Print to Std. Out', undefined, 0],
    ['GlobalWindows', undefined, 6_010],
    ['Timestamps/Watermarks', undefined, 0],
  ]);
});

test('a checkpoint, and the two formats of savepoints', () => {
  const kinds = ['counter-checkpoint', 'counter-canonical', 'counter-native', 'every-kind-4'].map(
    (name) => metadata(readMetadata(file(name))).kind,
  );
  expect(kinds).toEqual(['checkpoint', 'canonical savepoint', 'native savepoint', 'native savepoint']);
  expect(metadata(readMetadata(file('every-kind-3'))).kind).toBe('unknown');
});

describe.each([3, 4, 5, 6])('format %i', (format) => {
  const read = metadata(readMetadata(file(`every-kind-${format}`)));

  test('the size of each kind of state, as Flink counts it', () => {
    expect(read.operators.map(({ sizeBytes }) => sizeBytes)).toEqual([28, 300, 3_030, 3_407, 36, format === 6 ? 90 : 43, 0]);
    expect(read).toMatchObject({ format, checkpointId: 42 });
  });

  test('names and uids where the format has them, whatever characters they have', () => {
    expect(read.operators.map(({ name }) => name)).toEqual(
      format < 5
        ? Array(7).fill(undefined)
        : ['bytes \u{1f600}\u0000', 'key groups', 'incremental', 'changelog', 'merged files', 'channels', 'done'],
    );
    expect(read.operators[5]?.uid).toBe(format < 5 ? undefined : 'ch');
  });

  test('the files that hold state, in the folder of the savepoint and elsewhere', () => {
    expect(read.files.filter(({ relative }) => relative).slice(0, 3)).toEqual([
      { path: 'raw', relative: true, sizeBytes: 12 },
      { path: 'b', relative: true, sizeBytes: 200 },
      { path: 'p1', relative: true, sizeBytes: 2_000 },
    ]);
    // A part of a file that several share: it must be there up to the end of that part.
    expect(read.files).toContainEqual({ path: 'file:/tmp/owned/seg', relative: false, sizeBytes: 100 });
  });
});

/** The reasons for not reading it. */
const reason = (content: Uint8Array): string => {
  const read = readMetadata(content);
  return read.state === 'read' ? 'read' : read.reason;
};

test.each(all)('%s that is cut anywhere is called damaged', (name) => {
  const whole = file(name);
  const reasons = new Set(Array.from(whole, (_byte, length) => reason(whole.subarray(0, length))));
  expect([...reasons].filter((each) => !each.startsWith('is damaged: '))).toEqual([]);
  expect(reason(Buffer.concat([whole, Buffer.from([0])]))).toBe('is damaged: something follows its end');
});

test.each(['every-kind-3', 'every-kind-6', 'counter-canonical'])(
  '%s with any byte flipped is read or called damaged in one sentence',
  (name) => {
    const bytes = Buffer.from(file(name));
    const flipped = (at: number, mask: number): string => {
      bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at);
      const found = reason(bytes);
      bytes.writeUInt8(bytes.readUInt8(at) ^ mask, at);
      return found;
    };
    const reasons = new Set(Array.from(bytes, (_byte, at) => [0x01, 0xff].map((mask) => flipped(at, mask))).flat());
    expect([...reasons].filter((each) => !/^(read$|is damaged: |does not begin|has format)[^.\n]*$/.test(each))).toEqual([]);
  },
);

test('what is not a file of Flink, and a format that is not known yet', () => {
  expect(readMetadata(Buffer.from('<html>not found</html>'))).toEqual({ state: 'damaged', reason: 'does not begin as one of Flink does' });
  const later = Buffer.from(file('counter-canonical'));
  later.writeInt32BE(7, 4);
  expect(readMetadata(later)).toEqual({ state: 'unknown', reason: 'has format 7, and those known here are 3 to 6' });
});

test('a number that promises more than can follow costs nothing', () => {
  const many = Buffer.alloc(24);
  many.writeInt32BE(0x4960672d, 0);
  many.writeInt32BE(3, 4);
  many.writeInt32BE(0x7fffffff, 16);
  expect(readMetadata(many)).toEqual({ state: 'damaged', reason: 'is damaged: it is cut, or a number in it is wrong' });
});

test.each([
  ['1.20.5', 4, [undefined, undefined, undefined]],
  ['2.0.2', 5, ['numbers', 'count', 'discard']],
] as const)('a savepoint of Flink %s', (version, format, uids) => {
  const read = metadata(readMetadata(file(`counter-${version}`)));
  expect(read).toMatchObject({ format, kind: 'canonical savepoint' });
  expect(read.operators.map(({ uid, sizeBytes, maxParallelism }) => [uid, sizeBytes, maxParallelism])).toEqual([
    [uids[0], 546, 128],
    [uids[1], 4_536, 128],
    [uids[2], 0, 128],
  ]);
});
