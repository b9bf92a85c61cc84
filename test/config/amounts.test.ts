import { describe, expect, test } from 'vitest';
import { describeMemory, flinkDuration, formatMemorySize, parseDuration, parseMemory } from '../../src/config/options/amounts.ts';

describe('durations', () => {
  test.each([
    ['10', 10],
    ['10 s', 10_000],
    ['1min', 60_000],
    ['1 m', 60_000],
    ['2h', 7_200_000],
    ['1 Days', 86_400_000],
    ['2 MILLIS', 2],
    ['1secs', 1000],
    ['5 µs', 0.005],
    ['1000000 ns', 1],
    ['PT15S', 15_000],
    ['p1d', 86_400_000],
    ['PT1H30M', 5_400_000],
    ['PT0.5S', 500],
  ])('%j are %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each([
    ['', 'A duration is empty'],
    ['  ', 'A duration is empty'],
    ['-1 s', 'does not start with a number'],
    ['1.5 s', "Time interval unit label '.5 s'"],
    ['1 h 2 m', "unit label 'h 2 m'"],
    ['1 ds', "unit label 'ds'"],
    ['99999999999999999999 s', 'too long'],
    ['PT', 'does not start with a number'],
  ])('%j is refused: %s', (text, reason) => {
    expect(() => parseDuration(text)).toThrow(reason);
  });

  test.each([
    [3000, '3 s'],
    [0, '0 ms'],
    [90_000, '90 s'],
    [86_400_000, '1 d'],
    [1500, '1500 ms'],
    [0.005, '5 µs'],
  ])('%d ms are written as %s', (ms, text) => {
    expect(flinkDuration(ms)).toBe(text);
  });
});

describe('memory sizes', () => {
  test.each([
    ['10', 10],
    ['1 kb', 1024],
    ['1kibibytes', 1024],
    ['1 MB', 1048576],
    ['1600m', 1677721600],
    [' 2 g ', 2147483648],
    ['1t', 1099511627776],
    ['1 tebibytes', 1099511627776],
    ['7b', 7],
  ])('%j are %d bytes', (text, bytes) => {
    expect(parseMemory(text)).toBe(bytes);
  });

  test.each([
    ['', 'is empty'],
    ['g', 'does not start with a number'],
    ['-1', 'does not start with a number'],
    ['1.5g', "Memory size unit '.5g' does not match any of the recognized units: (b | bytes) / (k | kb | kibibytes)"],
    ['1600x', "Memory size unit 'x'"],
    ['1mebibyte', "unit 'mebibyte'"],
    ['9999999999999t', 'more memory than can be counted'],
  ])('%j is refused: %s', (text, reason) => {
    expect(() => parseMemory(text)).toThrow(reason);
  });

  test.each([
    [1677721600, '1600 mb'],
    [2147483648, '2 gb'],
    [1023, '1023 bytes'],
    [0, '0 bytes'],
  ])('%d bytes are written as %s', (bytes, text) => {
    expect(formatMemorySize(bytes)).toBe(text);
  });

  test.each([
    [1677721600, '1.563gb (1677721600 bytes)'],
    [1073741824, '1024.000mb (1073741824 bytes)'],
    [0, '0 bytes'],
    [268435456, '256.000mb (268435456 bytes)'],
  ])('%d bytes are shown as %s', (bytes, text) => {
    expect(describeMemory(bytes)).toBe(text);
  });
});
