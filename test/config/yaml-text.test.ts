import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { WholeDouble } from '../../src/config/java/java-number.ts';
import { readYaml } from '../../src/config/yaml/yaml-read.ts';
import { blockText, flowText, scalarText } from '../../src/config/yaml/yaml-text.ts';

describe('a text that could be something else is quoted', () => {
  test.each([
    'true',
    'True',
    'null',
    '~',
    '',
    '1',
    '012',
    '0x1F',
    '1.0',
    '1e3',
    '6124',
    '.inf',
    '+1',
    'a: b',
    'a #b',
    '*',
    '[a]',
    '{a: b}',
    ' lead',
    'trail ',
    '%x',
    '@x',
    '`x`',
    '!x',
    '&x',
    '|',
    '>',
    '?',
    '-',
    '- a',
    'a:',
    '#x',
    "'x",
    '"x"',
    '--- x',
    '...',
  ])('%j', (text) => {
    expect(scalarText(text, false)).toBe(`'${text.replaceAll("'", "''")}'`);
  });
});

describe('what can only be a text is plain', () => {
  test.each([
    'yes',
    'no',
    'on',
    'off',
    '1_000',
    '12:30',
    'a:b',
    'foo:/p,bar:/q',
    'k:v;k2:v2',
    '1600m',
    'http://x:8081/p?q=1',
    'local:///opt/a.jar',
    '--add-exports=a/b=ALL',
    '2024-01-01',
    "it's",
    'say "hi"',
    'a\\b',
    '=',
    'a,b',
    'grüße 日本',
  ])('%s', (text) => {
    expect(scalarText(text, false)).toBe(text);
  });
});

test('control characters and spaces beside line breaks need double quotes', () => {
  expect(scalarText('a\tb', false)).toBe('"a\\tb"');
  expect(scalarText('a\u0001b', false)).toBe('"a\\x01b"');
  expect(blockText({ a: 'x \ny' })).toBe('a: "x \\ny"\n');
});

test('in flow style more characters need quotes', () => {
  expect(flowText(['http://x:1/y', 'p,q', '?', 'a:b', 'plain'])).toBe("['http://x:1/y', 'p,q', '?', 'a:b', plain]");
});

test('nested maps, lists at the indent of their key, texts of several lines', () => {
  const written = blockText({ a: { b: ['x', '3', 3, { k: 'v', l: [] }], text: 'one\n\ntwo', ended: 'one\ntwo\n' }, empty: {} });
  expect(written).toBe(
    "a:\n  b:\n  - x\n  - '3'\n  - 3\n  - k: v\n    l: []\n  text: |-\n    one\n\n    two\n  ended: |\n    one\n    two\nempty: {}\n",
  );
});

test('numbers keep their type', () => {
  expect(blockText({ a: 1, b: 1.5, c: new WholeDouble(1000), d: 12345678901234567890n, e: new WholeDouble(Infinity), f: true })).toBe(
    'a: 1\nb: 1.5\nc: 1000.0\nd: 12345678901234567890\ne: .inf\nf: true\n',
  );
});

const odd = [
  '',
  ' ',
  'a\nb',
  '\n',
  'a\n\n',
  ' a',
  'a\n b',
  '\ta',
  'true',
  '0o17',
  '1e3',
  'null',
  'x: y',
  '# c',
  '\u0085',
  '\u2028',
  '\ufeffx',
  '😀',
  "'",
  '"',
  '\\',
  '\r\n',
  '- ',
  '? ',
  '{',
  '}',
  ',',
  '&a',
  '*a',
  '!a',
  '%',
  '\u007f',
  'a'.repeat(300),
  'a '.repeat(100),
];

describe('whatever is written is read back the same', () => {
  test.each(odd)('%j', (text) => {
    for (const value of [{ k: text }, { [text]: 'v' }, { k: [text, text] }, { k: { l: { m: text } } }]) {
      const back = parse(blockText(value), { schema: 'core' });
      expect(back).toEqual(value);
    }
    expect(parse(flowText([text, { [text]: text }]), { schema: 'core' })).toEqual([text, { [text]: text }]);
    expect((readYaml(blockText({ k: text })) as ReadonlyMap<string, unknown>).get('k')).toBe(text);
  });
});

test.each([
  ['a: 1\na: 2\n', /unique/],
  ['a: [\n', /line 2/],
  ['a: b\n---\nc: d\n', /more than one document/],
  ['a: !foo b\n', /!foo/],
  ['a: *nowhere\n', /nowhere/],
  ['a: &a\n  b: *a\n', /refers to itself|levels/],
])('%j is refused', (text, reason) => {
  expect(() => readYaml(text)).toThrow(reason);
});
