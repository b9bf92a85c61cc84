import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { encodeBlock, encodePlainBlock } from '../../src/spool/block.ts';
import { Compressor } from '../../src/spool/codec.ts';
import { Pack } from '../../src/spool/pack.ts';
import { placedBlocks, Stretches } from '../../src/spool/scan.ts';
import { Source, type SourceBlock } from '../../src/spool/source.ts';
import { logLine, textOf } from '../support/log-line.ts';
import { random } from '../support/random.ts';

let folder: string;
const compressor = new Compressor();
afterAll(() => compressor[Symbol.dispose]());
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'drey-block-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const T = Date.UTC(2026, 10, 22, 11, 34);

async function block(
  lines: readonly (readonly [at: number, text: string])[],
  encode: typeof encodeBlock | typeof encodePlainBlock = encodeBlock,
): Promise<Buffer> {
  const pack = new Pack();
  for (const [at, text] of lines) pack.add(logLine(at, text), at);
  return encode(pack.sealed(), compressor);
}

async function blocksOf(file: FileHandle): Promise<readonly SourceBlock[]> {
  const bytes = new Stretches(file);
  return (await placedBlocks(bytes)).map((block) => ({ ...block, bytes }));
}

/** The lines of each block that can be read. */
async function read(bytes: Uint8Array): Promise<readonly (readonly string[])[]> {
  const path = join(folder, 'a');
  writeFileSync(path, bytes);
  await using file = await open(path);
  const found = [];
  for (const block of await blocksOf(file)) {
    const lines = await new Source().lines(block);
    if (lines.length > 0) found.push(lines.map((line) => `${line.at} ${textOf(line)}`));
  }
  return found;
}

test('a block gives back its lines, their stamps and whether they were cut', async () => {
  const pack = new Pack();
  const lines = [
    logLine(T, 'first'),
    { ...logLine(T + 7, 'cut'), cut: true },
    logLine(T - 90, 'of stderr'),
    logLine(T + 86_400_000, ''),
    logLine(T, 'ä💥'),
  ];
  for (const line of lines) pack.add(line, line.at);
  writeFileSync(join(folder, 'a'), await encodeBlock(pack.sealed(), compressor));
  await using file = await open(join(folder, 'a'));
  const [placed] = await blocksOf(file);
  expect(placed?.header).toMatchObject({ lines: 5, first: T - 90, last: T + 86_400_000, missed: 0 });
  const found = placed === undefined ? undefined : await new Source().lines(placed);
  expect(found?.map((line) => [line.at, textOf(line), line.cut])).toEqual(lines.map((line) => [line.at, textOf(line), line.cut]));
});

test('any lines come back as they were', async () => {
  const below = random(7);
  for (let round = 0; round < 40; round += 1) {
    const lines = Array.from({ length: below(300) + 1 }, (): [number, string] => [
      T + below(10 ** below(10)) - 200,
      String.fromCodePoint(...Array.from({ length: below(80) }, () => 0x20 + below(0x500))),
    ]);
    expect(await read(await block(lines))).toEqual([lines.map(([at, text]) => `${at} ${text}`)]);
  }
});

/** Three blocks: one that is stored as it is, one that is compressed, and a small one again. */
async function threeBlocks(): Promise<{
  readonly bytes: Buffer;
  readonly lines: readonly (readonly string[])[];
  readonly ends: readonly number[];
}> {
  const blocks = [
    await block([[T, 'plain and short']], encodePlainBlock),
    await block(Array.from({ length: 40 }, (_, n): [number, string] => [T + n, `Completed checkpoint ${n} for job orders (1234 bytes)`])),
    await block([[T + 99, 'the end']]),
  ];
  const bytes = Buffer.concat(blocks);
  const ends = blocks.map((_, index) => blocks.slice(0, index + 1).reduce((sum, { length }) => sum + length, 0));
  return { bytes, lines: await read(bytes), ends };
}

test('whichever byte is flipped, its block is left out and the others are read', async () => {
  const { bytes, lines, ends } = await threeBlocks();
  expect(lines.map((each) => each.length)).toEqual([1, 40, 1]);
  for (let place = 0; place < bytes.length; place += 1) {
    const broken = Buffer.from(bytes);
    broken[place] = (broken[place] ?? 0) ^ (1 << (place % 8));
    const hit = ends.findIndex((end) => place < end);
    expect(await read(broken), `byte ${place}`).toEqual(lines.filter((_, index) => index !== hit));
  }
});

test('whichever byte is missing, its block is left out and the others are read', async () => {
  const { bytes, lines, ends } = await threeBlocks();
  for (let place = 0; place < bytes.length; place += 1) {
    const broken = Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1)]);
    const hit = ends.findIndex((end) => place < end);
    // A byte that equals its neighbour may be missing at either place.
    expect(await read(broken), `byte ${place}`).toEqual(lines.filter((_, index) => index !== hit));
  }
});

test('wherever the file ends, the blocks before that are read', async () => {
  const { bytes, lines, ends } = await threeBlocks();
  for (let length = 0; length < bytes.length; length += 1)
    expect(await read(bytes.subarray(0, length)), `${length} bytes`).toEqual(lines.filter((_, index) => (ends[index] ?? 0) <= length));
});

test('bytes that are not a block, in any amount, are passed over', async () => {
  const below = random(3);
  const [before, after] = [await block([[T, 'before']]), await block([[T + 1, 'after']])];
  for (const length of [1, 63, 64, 1_000, 65_536, 65_540, 200_000]) {
    const noise = Buffer.from(Array.from({ length }, () => below(256)));
    expect(await read(Buffer.concat([before, noise, after]))).toEqual([[`${T} before`], [`${T + 1} after`]]);
  }
});

test('a header that promises more than a block can hold is not believed', async () => {
  const bytes = await block([[T, 'line']]);
  bytes.writeUInt32LE(2 ** 31, 16);
  expect(await read(Buffer.concat([bytes, await block([[T + 1, 'after']])]))).toEqual([[`${T + 1} after`]]);
});
