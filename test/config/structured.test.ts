import { describe, expect, test } from 'vitest';
import { parseList, parseListOfMaps, parseMap } from '../../src/config/options/structured.ts';

const plain = (map: ReadonlyMap<string, string>): object => Object.fromEntries(map);

describe('maps', () => {
  test.each([
    ['a:b,c:d', { a: 'b', c: 'd' }],
    ['a : b , c : d', { a: 'b', c: 'd' }],
    ['a: b', { a: 'b' }],
    ["{a: '7', b: 007, c: [x, y], d: {e: f}, g: true, h: 1.50}", { a: '7', b: '7', c: '[x, y]', d: '{e: f}', g: 'true', h: '1.5' }],
    ["note:'a:b'", { note: 'a:b' }],
    ["a:'http://x'", { a: 'http://x' }],
    ["'a:b',c:'it''s'", { a: 'b', c: "it's" }],
    ["x:''", { x: '' }],
    ['a:b,', { a: 'b' }],
    ['', {}],
    ['{}', {}],
    ['{a: ~}', { '{a': '~}' }],
    ['{a: 1, a: 2}', { '{a': '1', a: '2}' }],
  ])('%s', (text, pairs) => {
    expect(plain(parseMap(text))).toEqual(pairs);
  });

  test.each([
    ['a:http://x', "Map item is not a key-value pair (missing ':'?)"],
    ['justaname', 'Map item is not a key-value pair'],
    ['a:b,,c:d', 'Map item is not a key-value pair'],
    ['[]', 'Map item is not a key-value pair'],
    ["'my-secret':'/a:b'", 'Could not split string. Illegal quoting at position: 10'],
    ['"q,2":w', 'Illegal quoting at position: 4'],
    ['cost:"a:b,c"', 'Could not split string. Quoting was not closed properly'],
    ['a:1,a:2', 'Duplicate key a (attempted merging values 1 and 2)'],
  ])('%s is refused: %s', (text, reason) => {
    expect(() => parseMap(text)).toThrow(reason);
  });

  test('entries come in the order of the hash map that Flink keeps them in', () => {
    expect([...parseMap('db:/etc/db,tls:/etc/tls').keys()]).toEqual(['tls', 'db']);
  });
});

describe('lists', () => {
  test.each([
    ['[a, b]', ['a', 'b']],
    ['- a\n- b', ['a', 'b']],
    ['a;b', ['a', 'b']],
    ['a', ['a']],
    ['secret1; secret2 ;', ['secret1', 'secret2']],
    ['a;;b', ['a', '', 'b']],
    [';a;', ['a']],
    ["'a;b';c", ['a;b', 'c']],
    ["' a ';b", [' a ', 'b']],
    ["a'b;c", ["a'b", 'c']],
    ['[1, 1.50, true, 1e3]', ['1', '1.5', 'true', '1000.0']],
    ['[a, [b, c]]', ['a', '[b, c]']],
    ['[a, ~]', ['[a, ~]']],
    ['s3://x/[a]', ['s3://x/[a]']],
    ['~', ['~']],
    ['', []],
    ['[]', []],
  ])('%j', (text, items) => {
    expect(parseList(text)).toEqual(items);
  });
});

describe('lists of maps', () => {
  test.each([
    ['[{k: v}, {k: 1, n: 007}]', [{ k: 'v' }, { k: '1', n: '7' }]],
    ['k:v,k2:v2;k:w', [{ k: 'v', k2: 'v2' }, { k: 'w' }]],
    ['{k: v};{k: w}', [{ k: 'v' }, { k: 'w' }]],
    ['k:v;', [{ k: 'v' }]],
  ])('%s', (text, maps) => {
    expect(parseListOfMaps(text).map(plain)).toEqual(maps);
  });

  test.each(['[a]', '[{k: v}, a]'])('%s is refused', (text) => {
    expect(() => parseListOfMaps(text)).toThrow('Map item is not a key-value pair');
  });
});
