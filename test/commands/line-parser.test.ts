import { expect, test } from 'vitest';
import { quoteWord, splitLine } from '../../src/commands/line/line-parser.ts';

const texts = (line: string): readonly string[] => splitLine(line).words.map(({ text }) => text);

test.each([
  ['submit a.jar', ['submit', 'a.jar']],
  ['  submit\ta.jar  ', ['submit', 'a.jar']],
  [`submit 'my job.jar'`, ['submit', 'my job.jar']],
  [`submit my\\ job.jar`, ['submit', 'my job.jar']],
  [`-- --input "a, \\"b\\" $c"`, ['--', '--input', 'a, "b" $c']],
  [`'it'\\''s'`, ["it's"]],
  [`"" ''`, ['', '']],
  [`a"b c"d`, ['ab cd']],
  [`"a\\n"`, ['a\\n']],
  ['', []],
])('%s is split as a shell does', (line, words) => {
  expect(texts(line)).toEqual(words);
});

test('a word knows where it stands, quotes included', () => {
  expect(splitLine(`x  'a b' c`).words).toEqual([
    { text: 'x', from: 0, to: 1 },
    { text: 'a b', from: 3, to: 8 },
    { text: 'c', from: 9, to: 10 },
  ]);
});

test.each([
  [`submit 'my job`, "'", 7, 'my job'],
  [`submit "my job\\"`, '"', 7, 'my job"'],
  ['submit my\\', '\\', 9, 'my'],
])('%s keeps what was typed and tells what is open', (line, sign, at, last) => {
  const { open, words } = splitLine(line);
  expect(open).toEqual({ sign, at });
  expect(words.at(-1)?.text).toBe(last);
});

/** Numbers that look random and are the same in every run. */
function* numbers(seed: number): Generator<number> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

test('any words, quoted and put into a line, are read as the same words', () => {
  const alphabet = [...`abz09-_=/.~:,@%+ \t'"\\$\`!*?[]{}()<>|&;#^äß字\u{1F43F}\n`];
  const random = numbers(42);
  const below = (most: number): number => Math.floor((random.next().value as number) * most);
  for (let round = 0; round < 2_000; round++) {
    const words = Array.from({ length: below(5) }, () => Array.from({ length: below(8) }, () => alphabet[below(alphabet.length)]).join(''));
    const line = words.map(quoteWord).join(' ');
    expect({ line, words: texts(line), open: splitLine(line).open }).toEqual({ line, words, open: undefined });
  }
});

test('plain words are left as they are', () => {
  expect(['a.jar', '~/x/y-1.jar', 'key=value', 's3://b/c'].map(quoteWord)).toEqual(['a.jar', '~/x/y-1.jar', 'key=value', 's3://b/c']);
});
