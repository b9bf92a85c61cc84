import { expect, test } from 'vitest';
import type { Vertex } from '../../src/flink/types.ts';
import { vertex } from '../support/job-detail.ts';
import { parallelismWish, rescaled, slotsFor } from '../../src/inside/parallelism.ts';

const vertexOf = (given: Partial<Vertex> & Pick<Vertex, 'id' | 'name'>): Vertex =>
  vertex({ slotSharingGroup: 'a', parallelism: 2, ...given });
const vertices = [
  vertexOf({ id: 'ca88ee', name: 'Source: Orders' }),
  vertexOf({ id: 'b71731', name: 'Enrich' }),
  vertexOf({ id: '0c11aa', name: 'Sink: Total', parallelism: 1, maxParallelism: 1 }),
];
const before = new Map(vertices.map(({ id, parallelism }) => [id, { least: 1, most: parallelism }]));
const wished = (...words: readonly string[]) => rescaled(vertices, before, words.map(parallelismWish)).map(({ bounds }) => bounds);

test.each([
  ['4', { vertex: undefined, least: undefined, most: 4 }],
  ['2-4', { vertex: undefined, least: 2, most: 4 }],
  ['Enrich=4', { vertex: 'Enrich', least: undefined, most: 4 }],
  ['a=b -> c=2-8', { vertex: 'a=b -> c', least: 2, most: 8 }],
])('%j is read as a wish', (word, wish) => expect(parallelismWish(word)).toEqual(wish));

test.each(['', 'x', 'Enrich', 'Enrich=', '=4', '4-', '-4', '0', '1.5', '4-2', '40000'])('%j is refused with the word', (word) => {
  expect(() => parallelismWish(word)).toThrow(`"${word}"`);
});

test('a number alone is for all vertices, and stops at the maximum of each', () => {
  expect(wished('4')).toEqual([
    { least: 1, most: 4 },
    { least: 1, most: 4 },
    { least: 1, most: 1 },
  ]);
  expect(wished('3-4')).toEqual([
    { least: 3, most: 4 },
    { least: 3, most: 4 },
    { least: 1, most: 1 },
  ]);
});

test.each([
  ['its name', 'enrich=8'],
  ['the beginning of its id', 'b717=8'],
  ['a part of its name', 'rich=8'],
])('one vertex is named by %s, and the others keep their bounds', (_by, word) => {
  expect(wished(word)).toEqual([
    { least: 1, most: 2 },
    { least: 1, most: 8 },
    { least: 1, most: 1 },
  ]);
});

test('the later wish wins', () => {
  expect(wished('4', 'Enrich=8')[1]).toEqual({ least: 1, most: 8 });
});

test('a vertex that is not there, that can be two, or that cannot have so many is refused with its name', () => {
  expect(() => wished('Nosuch=2')).toThrow('The job has no vertex "Nosuch".');
  expect(() => wished('o=2')).toThrow('"o" can be 2 vertices: Source: Orders ca88ee, Sink: Total 0c11aa.');
  expect(() => wished('Total=2')).toThrow('Sink: Total cannot have a parallelism of 2: its maximum is 1.');
});

test('vertices that share slots need as many as the largest of them, other groups need their own', () => {
  expect(slotsFor(vertices, ({ parallelism }) => parallelism)).toBe(2);
  expect(slotsFor([...vertices, vertexOf({ id: 'd', name: 'Alone', slotSharingGroup: 'b' })], () => 3)).toBe(6);
  expect(slotsFor([vertexOf({ id: 'd', name: 'Old', slotSharingGroup: undefined })], () => 3)).toBeUndefined();
});
