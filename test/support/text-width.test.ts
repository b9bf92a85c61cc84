import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { random } from './random.ts';
import { graphemes, isSimple, pad, plain, slice, truncate, width, wrap, wrapIndented } from '../../src/support/text-width.ts';

const red = (text: string): string => `\u001b[31m${text}\u001b[39m`;

describe('cells of a text', () => {
  test.each([
    ['plain', 5],
    ['', 0],
    ['── k8s ─', 8],
    ['日本', 4],
    ['a日b', 4],
    ['👍🏽', 2],
    ['👨‍👩‍👧', 2],
    ['e\u0301', 1],
    ['▶ Running', 9],
    ['◽', 2],
    ['⚡', 2],
    [red('ab'), 2],
    ['\u001b[1m\u001b[38;2;1;2;3m日\u001b[0m', 2],
  ])('%j takes %i', (text, cells) => {
    expect(width(text)).toBe(cells);
  });

  test('every sign that is taken for a narrow one is narrow for the library as well', () => {
    const codes = Array.from({ length: 0xffff - 0x20 }, (_, index) => index + 0x20).filter(
      (code) => code !== 0x1b && isSimple(String.fromCharCode(code)),
    );
    expect(codes.length).toBeGreaterThan(90);
    expect(codes.filter((code) => stringWidth(String.fromCharCode(code)) !== 1)).toEqual([]);
  });
});

describe('cutting', () => {
  test('colours go on where a cut begins and end where it ends', () => {
    expect(slice(`ab${red('cdef')}g`, 3, 5)).toBe('\u001b[31mde\u001b[0m');
    expect(plain(slice(`ab${red('cdef')}g`, 0, 7))).toBe('abcdefg');
  });

  test('half of a wide character is a blank', () => {
    expect(slice('日本', 1, 3)).toBe('  ');
    expect(slice('日本', 0, 3)).toBe('日 ');
  });

  test('what was longer ends with the mark', () => {
    expect(truncate('abcdef', 4)).toBe('abc…');
    expect(truncate('abc', 4)).toBe('abc');
    expect(truncate('日本語', 4)).toBe('日 …');
    expect(truncate('abc', 1)).toBe('a');
    expect(truncate('abc', 0)).toBe('');
  });

  test('padding makes exactly so many cells, of any text', () => {
    const texts = ['', 'a', '日本語日本語', red('coloured text that is long'), 'e\u0301\u0301', '👨‍👩‍👧👨‍👩‍👧', 'mixed 日 text ▶'];
    for (const text of texts) {
      for (let cells = 0; cells < 30; cells++) {
        expect(width(pad(text, cells)), `${text} to ${cells}`).toBe(cells);
        expect(width(pad(text, cells, 'start')), `${text} to ${cells}`).toBe(cells);
      }
    }
  });

  test('numbers align right', () => {
    expect(pad('7', 3, 'start')).toBe('  7');
  });
});

describe('wrapping', () => {
  test('breaks at blanks, and within a word only when there is none', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
  });

  test('plain text breaks where the same text breaks that has colours', () => {
    const next = random(7);
    for (let run = 0; run < 500; run++) {
      const text = Array.from({ length: next(60) }, () => 'ab  '[next(4)]).join('');
      const cells = 1 + next(12);
      expect(wrap(text, cells), `${JSON.stringify(text)} in ${cells}`).toEqual(wrap(`\u001b[0m${text}`, cells).map(plain));
    }
  });

  test('no line is wider, nothing is lost', () => {
    const text = `日本語 and ${red('a long coloured part')} of text`;
    for (let cells = 2; cells < 40; cells++) {
      const lines = wrap(text, cells);
      for (const line of lines) expect(width(line)).toBeLessThanOrEqual(cells);
      expect(lines.map(plain).join('').replaceAll(' ', '')).toBe(plain(text).replaceAll(' ', ''));
    }
  });
});

describe('a line of several parts goes on under its last one', () => {
  test('such as what a key or an option does', () => {
    expect(wrapIndented('  c   Next container: sidecars, then init', 31)).toEqual(['  c   Next container: sidecars,', '      then init']);
    expect(wrapIndented(red('  c   Next container: sidecars'), 24).map(plain)).toEqual(['  c   Next container:', '      sidecars']);
  });

  test('or below the line, if that part begins too far to the right', () => {
    expect(wrapIndented('  sandbox oom [POD]      Kill a TaskManager for its memory', 30)).toEqual([
      '  sandbox oom [POD]',
      '    Kill a TaskManager for its',
      '    memory',
    ]);
    expect(wrapIndented('09:00:00  Started                           a container', 30)).toEqual(['09:00:00  Started', '  a container']);
  });

  test('a line of one part goes on below its beginning, and no line is wider than the room', () => {
    expect(wrapIndented('  one two three four', 12)).toEqual(['  one two', '    three', '    four']);
    const next = random(11);
    for (let run = 0; run < 500; run += 1) {
      const text = Array.from({ length: next(80) }, () => 'ab 語'[next(4)]).join('');
      const cells = 4 + next(30);
      const lines = wrapIndented(text, cells);
      expect(
        lines.every((line) => width(line) <= cells),
        `${JSON.stringify(text)} in ${cells}`,
      ).toBe(true);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }
  });
});

test('a family is one character for a reader', () => {
  expect(graphemes('a👨‍👩‍👧é')).toEqual(['a', '👨‍👩‍👧', 'é']);
});
