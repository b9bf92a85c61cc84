import { expect, test } from 'vitest';
import { hasSgr, sgrOf, splitAtSgr, styledBy, withoutSgr } from '../../src/support/sgr.ts';

const bold = '\u001b[1m';
const red = '\u001b[38;2;255;0;0m';
const reset = '\u001b[m';

test.each([
  ['', [''], ''],
  ['plain', ['plain'], 'plain'],
  [`${bold}a${reset}`, ['', bold, 'a', reset, ''], 'a'],
  [`a${bold}${red}b`, ['a', bold, '', red, 'b'], 'ab'],
  ['\u001b[2Ja', ['\u001b[2Ja'], '\u001b[2Ja'],
  ['\u001b[1', ['\u001b[1'], '\u001b[1'],
])('%j: its styles are at the odd places, and what is left without them is its text', (text, parts, bare) => {
  expect(splitAtSgr(text)).toEqual(parts);
  expect(sgrOf(text)).toEqual(parts.filter((_, index) => index % 2 === 1));
  expect(withoutSgr(text)).toBe(bare);
  expect(hasSgr(text)).toBe(parts.length > 1);
  // Nothing is remembered between two texts.
  expect(hasSgr(text)).toBe(parts.length > 1);
});

test('styles add up until they are reset', () => {
  expect([bold, red].reduce(styledBy, '')).toBe(bold + red);
  expect([bold, reset, red].reduce(styledBy, '')).toBe(red);
  expect([red, '\u001b[0m'].reduce(styledBy, '')).toBe('');
});
