import { describe, expect, test } from 'vitest';
import { readDynamicProperties, readDynamicProperty } from '../../src/config/dynamic-properties.ts';

describe('forms of -D', () => {
  test.each([
    [['-Dk=v'], 'k', 'v', 1], [['-D', 'k=v'], 'k', 'v', 2], [['-Dk=a=b=c'], 'k', 'a=b=c', 1], [['-Dk'], 'k', 'true', 1], [['-Dk='], 'k', '', 1], [['-D=k=v'], 'k', 'v', 1],
    [['-D', 'k', 'v'], 'k', 'v', 3], [['-D', 'k=', 'x'], 'k', '', 2], [['-Dk=-x --y'], 'k', '-x --y', 1], [['-D', 'k', '-5'], 'k', '-5', 3],
  ] as const)('%j', (argv, key, value, next) => {
    expect(readDynamicProperty(argv, 0)).toEqual({ key, value, next });
  });

  test.each([[['-D']], [['-D', 'k']], [['-D', 'kubernetes.cluster-id', '-Dx=y']], [['-D', '-Dx=y']]])('%j lacks a word', (argv) => {
    expect(() => readDynamicProperty(argv, 0)).toThrow('Missing argument for option: D');
  });

  test.each([[['--Dx=y']], [['word']], [[]]])('%j is none', (argv) => {
    expect(readDynamicProperty(argv, 0)).toBeUndefined();
  });
});

test('the last of two equal keys wins, and the first other word ends them', () => {
  expect(readDynamicProperties(['-Da=1', '-D', 'b=2', '-Da=3', 'word', '-Dc=4'])).toEqual({ properties: { a: '3', b: '2' }, rest: ['word', '-Dc=4'] });
});
