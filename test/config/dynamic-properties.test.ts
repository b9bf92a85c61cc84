import { describe, expect, test } from 'vitest';
import { readDynamicProperty } from '../../src/config/dynamic-properties.ts';

describe('forms of -D', () => {
  test.each([
    [['-Dk=v'], 'k', 'v', 1],
    [['-D', 'k=v'], 'k', 'v', 2],
    [['-Dk=a=b=c'], 'k', 'a=b=c', 1],
    [['-Dk'], 'k', 'true', 1],
    [['-Dk='], 'k', '', 1],
    [['-D=k=v'], 'k', 'v', 1],
    [['-D', 'k', 'v'], 'k', 'v', 3],
    [['-D', 'k=', 'x'], 'k', '', 2],
    [['-Dk=-x --y'], 'k', '-x --y', 1],
    [['-D', 'k', '-5'], 'k', '-5', 3],
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
