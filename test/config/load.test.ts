import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadFlinkConfig, readConfigYaml } from '../../src/config/load.ts';
import { WholeDouble } from '../../src/config/java/java-number.ts';

const shipped = join(import.meta.dirname, '../../conf');

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const load = (env: Record<string, string>, flinkVersion = '2.3') =>
  loadFlinkConfig({ env, cwd: folder, defaultsDir: shipped, flinkVersion });

describe('which file is read', () => {
  test('without anything, the shipped one', () => {
    const { config, directory } = load({});
    expect(directory).toBe(shipped);
    expect(config.raw('jobmanager.memory.process.size')).toBe('1600m');
    expect(config.raw('jobmanager.rpc.port')).toBe(6123);
  });

  test('FLINK_HOME/conf', () => {
    put('home/conf/config.yaml', 'a: home\n');
    expect(load({ FLINK_HOME: 'home' }).config.raw('a')).toBe('home');
  });

  test('FLINK_CONF_DIR before FLINK_HOME', () => {
    put('home/conf/config.yaml', 'a: home\n');
    put('conf/config.yaml', 'a: conf\n');
    const { config, file } = load({ FLINK_HOME: 'home', FLINK_CONF_DIR: 'conf' });
    expect(config.raw('a')).toBe('conf');
    expect(file).toBe(join(folder, 'conf/config.yaml'));
  });

  test('a folder that does not exist is named', () => {
    expect(() => load({ FLINK_CONF_DIR: 'nowhere' })).toThrow(
      "The configuration directory 'nowhere', specified in the 'FLINK_CONF_DIR' environment variable, does not exist.",
    );
    expect(() => load({ FLINK_HOME: '/nowhere' })).toThrow('/nowhere/conf');
  });

  test.each([
    ['2.3', 'config.yaml', 'config.yaml'],
    ['2.0', 'config.yaml', 'config.yaml'],
    ['1.20', 'flink-conf.yaml', 'flink-conf.yaml'],
    ['1.19', 'flink-conf.yaml', 'flink-conf.yaml'],
    ['1.18', 'flink-conf.yaml', 'flink-conf.yaml'],
  ])('of both, Flink %s reads %s', (version, wanted, format) => {
    put('c/config.yaml', 'from: config.yaml\n');
    put('c/flink-conf.yaml', 'from: flink-conf.yaml\n');
    const loaded = load({ FLINK_CONF_DIR: 'c' }, version);
    expect(loaded.config.raw('from')).toBe(wanted);
    expect(loaded.format).toBe(format);
  });

  test('config.yaml is enough for Flink 1.19', () => {
    put('c/config.yaml', 'a: 1\n');
    expect(load({ FLINK_CONF_DIR: 'c' }, '1.19')).toMatchObject({ format: 'config.yaml' });
  });

  test('flink-conf.yaml is not read any more, and the error says so', () => {
    put('c/flink-conf.yaml', 'a: 1\n');
    expect(() => load({ FLINK_CONF_DIR: 'c' })).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/config\.yaml' does not exist/),
        hint: 'There is a flink-conf.yaml, which Flink 2.3 does not read.',
      }),
    );
  });

  test('the shipped defaults serve Flink 1.18 as texts', () => {
    const { config, format } = load({}, '1.18');
    expect(format).toBe('flink-conf.yaml');
    expect(config.raw('jobmanager.rpc.port')).toBe('6123');
  });
});

describe('config.yaml', () => {
  test('nested and dotted keys, with the types of YAML 1.2', () => {
    const config = readConfigYaml(`
a:
  b.c: 7
  d: {e: true, f: yes, g: 012, h: 0x1F, i: 1.50, j: 1e3, k: 12:30, l: '42', m: 1_000, n: 12345678901234567890}
x: ''
text: |
  one
  two
`);
    expect(Object.fromEntries(config)).toEqual({
      'a.b.c': 7,
      'a.d.e': true,
      'a.d.f': 'yes',
      'a.d.g': 12,
      'a.d.h': 31,
      'a.d.i': 1.5,
      'a.d.j': new WholeDouble(1000),
      'a.d.k': '12:30',
      'a.d.l': '42',
      'a.d.m': '1_000',
      'a.d.n': 12345678901234567890n,
      x: '',
      text: 'one\ntwo\n',
    });
  });

  test('a list becomes its text', () => {
    expect(
      Object.fromEntries(readConfigYaml("a: [a, 'b c', 3, true]\nb:\n- k: v\n- {k: v2, n: 1}\nc: [http://x, '5', ~]\nd: []\ne: {}\n")),
    ).toEqual({
      a: '[a, b c, 3, true]',
      b: '[{k: v}, {k: v2, n: 1}]',
      c: "['http://x', '5', null]",
      d: '[]',
    });
  });

  test('of a nested and a dotted key, the later one counts', () => {
    expect(readConfigYaml('a.b: 1\na:\n  b: 2\n').get('a.b')).toBe(2);
    expect(readConfigYaml('a:\n  b: 2\na.b: 1\n').get('a.b')).toBe(1);
  });

  test('an empty file is an empty configuration', () => {
    expect(readConfigYaml('')).toEqual(new Map());
    expect(readConfigYaml('# nothing\n')).toEqual(new Map());
  });

  test.each([
    ['my:\n  nothing: ~\n', 'The key my.nothing has no value'],
    ['a:\n', 'The key a has no value'],
    ['a: 1\na: 2\n', 'unique'],
    ['- a\n- b\n', 'It is a list'],
    ['just text\n', 'It is a single value'],
    ['a:\n  1: x\n', 'The key a.1 is not text'],
    ['a: [\n', 'line 2'],
    ['a:\n\tb: 1\n', 'line'],
  ])('%j is refused: %s', (text, reason) => {
    expect(() => readConfigYaml(text)).toThrow(reason);
    put('c/config.yaml', text);
    expect(() => load({ FLINK_CONF_DIR: 'c' })).toThrow(join(folder, 'c/config.yaml'));
  });
});

test('flink-conf.yaml: one pair a line, all texts, what is none is named', () => {
  put('c/flink-conf.yaml', '# comment\na: 1\nb: x: y # more\nno pair\nc:d\n  e:   f  \na: 2\nempty: \n');
  const { config, notices } = load({ FLINK_CONF_DIR: 'c' }, '1.18');
  expect(config.keys().map((key) => [key, config.raw(key)])).toEqual([
    ['a', '2'],
    ['b', 'x: y'],
    ['e', 'f'],
  ]);
  expect(notices.map((notice) => notice.replace(/^.*: Line/, 'Line'))).toEqual(
    [4, 5, 8].map((line) => `Line ${line} is not a 'key: value' pair and was ignored.`),
  );
});
