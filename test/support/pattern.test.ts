import { beforeAll, expect, test } from 'vitest';
import { requiredText } from '../../src/support/required-text.ts';
import { random } from './random.ts';
import { compilePattern, loadPatterns, type Pattern } from '../../src/support/pattern.ts';

beforeAll(loadPatterns);

function patternOf(source: string, ignoreCase = true): Pattern {
  const compiled = compilePattern(source, { ignoreCase });
  if (compiled.kind !== 'pattern') throw new Error(`${source}: ${JSON.stringify(compiled)}`);
  return compiled.pattern;
}

// On most of these, JavaScript's own engine would practically never end: the time limit of a test is enough to notice.
test.each([
  '(a+)+$',
  '(a*)*b',
  '(a|a)+$',
  '(a|aa)+$',
  '(.*a){12}x',
  '(\\w+\\s?)+failed',
  '([a-z]+)*\\d',
  '(a?){40}a{40}b',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(a+){10}!',
  '(?:a+)+(?:b+)+c',
  '.*.*.*.*x=x',
  'a.*b.*c.*d',
  '(?i)(x+x+)+y',
])('%s is decided at once for a line that it cannot match', (source) => {
  const { test: matches, hits } = patternOf(source);
  for (const line of [
    'a'.repeat(40),
    'a'.repeat(64 << 10),
    'word '.repeat(13_000),
    `${'a'.repeat(32 << 10)}\u00e4${'b'.repeat(32 << 10)}`,
  ]) {
    const hit = matches(line);
    expect(hits(line).length > 0).toBe(hit);
  }
});

test.each([
  ['error', 'an ERROR', ['ERROR']],
  ['tm-\\d', 'tm-1 tm-2', ['tm-1', 'tm-2']],
  ['^a', 'aa', ['a']],
  ['a|b', 'xaxb', ['a', 'b']],
  ['\\[x\\]', 'a[x]', ['[x]']],
  ['[0-9a-f]{4}', 'xx12af', ['12af']],
  ['(?i)ERROR', 'an error', ['error']],
  ['(?:foo|bar)+', 'foobar', ['foobar']],
  ['x*', 'axxb', ['xx']],
  ['\\bcheckpoint\\b', 'a checkpoint!', ['checkpoint']],
  ['\\d+ ms', '12 ms', ['12 ms']],
  ['ä+', 'xÄä', ['Ää']],
  ['a.c', 'abc', ['abc']],
  ['日本', 'x日本', ['日本']],
  ['👩', 'x👩', ['👩']],
  ['.+', 'a👩b', ['a👩b']],
  ['', 'a', []],
])('%s finds in %s', (source, text, found) => {
  const { test: matches, hits } = patternOf(source);
  expect(hits(text).map(({ start, end }) => text.slice(start, end))).toEqual(found);
  expect(matches(text)).toBe(true);
});

test('capitals count when asked for', () => {
  expect(patternOf('Error', false).test('an error')).toBe(false);
  expect(patternOf('E(rr)+or', false).test('an error')).toBe(false);
});

test.each([
  ['[a', 'missing closing ]: [a'],
  ['(a', 'missing closing ): (a'],
  ['*', 'missing argument to repetition operator: *'],
  ['[z-a]', 'invalid character class range: z-a'],
  ['a\\', 'trailing backslash at end of expression'],
  ['(?<=a)b', 'look-ahead, look-behind and back-references are not supported'],
  ['a(?!b)', 'look-ahead, look-behind and back-references are not supported'],
  ['(a)\\1', 'look-ahead, look-behind and back-references are not supported'],
])('%s is wrong: %s', (source, reason) => {
  expect(compilePattern(source, { ignoreCase: true })).toEqual({ kind: 'wrong', reason });
});

const sources = [
  'step \\d+ failed',
  'a+b',
  'ab*c',
  'ab?c',
  'ab{0,2}c',
  '(x|y)z+',
  'x|yz+',
  '[]a]b+',
  '[^]a]b+',
  '[\\]a]+b',
  '[[:alpha:]]+b',
  '\\x61+b',
  '\\.b+',
  '(?:ab)+c',
  '(?i)AB+',
  '(a[)]b)*c',
  '^a+',
  'c+$',
  'ks+',
  '\\Qa+\\E',
  'b',
  '^$',
  'a.c',
  '[^a]b',
  '\\bb',
];
test.each(sources)('%s: no line that matches is left out when many are looked at together', (source) => {
  for (const ignoreCase of [true, false]) {
    const { test: matches, mayMatch } = patternOf(source, ignoreCase);
    const below = random(3);
    const signs = [...'abcxyz]) .\u212a\u017fAB', 'step 7 failed', 'ab', 'c'];
    const texts = Array.from({ length: 2_000 }, () =>
      Array.from({ length: below(4) }, () => Array.from({ length: below(5) }, () => signs[below(signs.length)] ?? '').join('')),
    );
    expect(texts.filter((lines) => lines.some(matches) && !mayMatch(lines.join('\n')))).toEqual([]);
  }
});

test('a text that each match contains is seen in most expressions', () => {
  expect(
    ['step \\d+ failed', '(filter|map) .*step \\d*7$', 'a|b+', 'colou?r', 'x{2} and y', '\\[main\\] .*'].map((each) => requiredText(each)),
  ).toEqual([' failed', 'step ', '', 'colo', ' and y', '[main] ']);
});
