import { expect, test } from 'vitest';
import { MergedIndex } from '../../../src/session/logs/merged-index.ts';
import { random } from '../../support/random.ts';

interface Line {
  readonly track: number;
  readonly line: number;
  readonly stamp: number;
}

const contents = (index: MergedIndex): readonly (readonly [number, number])[] =>
  Array.from({ length: index.count }, (_, n) => [index.track(n), index.line(n)] as const);

test.for([1, 2, 3])('runs of older and of newer lines in any order stand where sorting would put them (seed %i)', (seed) => {
  const below = random(seed);
  const index = new MergedIndex();
  const sorted: Line[] = [];
  // Of each track, the lines from `low` to before `next` are in the index.
  const tracks = Array.from({ length: 4 }, (_, track) => ({ track, low: 50_000, next: 50_000, oldest: 50_000, youngest: 50_000 }));
  for (let step = 0; step < 150; step += 1) {
    const track = tracks[below(4)];
    if (track === undefined) continue;
    const older = below(3) > 0;
    const length = below(40);
    const stamps = Array.from({ length }, () => below(4));
    if (older) {
      // Going back from the oldest one.
      for (let n = length - 1; n >= 0; n -= 1) stamps[n] = track.oldest -= stamps[n] ?? 0;
      track.low -= length;
    } else for (let n = 0; n < length; n += 1) stamps[n] = track.youngest += stamps[n] ?? 0;
    const first = older ? track.low : track.next;
    if (!older) track.next += length;
    const lines = stamps.map((_, n) => first + n);
    index.merge({ track: track.track, lines, stamps, older });
    const run = lines.map((line, n) => ({ track: track.track, line, stamp: stamps[n] ?? 0 }));
    for (const line of older ? run.toReversed() : run) {
      const at = older
        ? sorted.findIndex(({ stamp }) => stamp >= line.stamp)
        : sorted.findLastIndex(({ stamp }) => stamp <= line.stamp) + 1;
      sorted.splice(at === -1 ? sorted.length : at, 0, line);
    }
  }
  expect(contents(index)).toEqual(sorted.map(({ track, line }) => [track, line]));
});

test('what is removed at the front makes room for older lines, and what is there stays', () => {
  const index = new MergedIndex();
  const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, n) => from + n);
  const run = (from: number, to: number) => ({ track: 1, lines: numbers(from, to), stamps: numbers(from, to) });
  index.merge(run(2_000, 3_000));
  expect(index.trim((_, line) => line >= 2_500)).toBe(500);
  index.merge({ ...run(2_400, 2_500), older: true });
  expect(contents(index).map(([, line]) => line)).toEqual(numbers(2_400, 3_000));
  // More than there is room for, on both sides.
  index.merge({ ...run(0, 2_400), older: true });
  index.merge(run(3_000, 9_000));
  expect(contents(index).map(([, line]) => line)).toEqual(numbers(0, 9_000));
});
