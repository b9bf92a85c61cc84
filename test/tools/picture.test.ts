import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { movingPicture } from '../../tools/picture.ts';
import type { Cell } from '../terminal/harness.ts';

const cell = (text: string): Cell => ({ text, width: 1, foreground: undefined, background: undefined, bold: false, dim: false });
const screen = (...rows: readonly string[]) => rows.map((row) => [...row].map(cell));

describe('the picture in the README', () => {
  const picture = movingPicture(
    [
      { at: 0, cells: screen('stays', 'first', '     ') },
      { at: 500, cells: screen('stays', '     ', 'first') },
    ],
    2000,
  );

  it('draws a row that stands in two places once', () => {
    expect(picture.match(/>first</g)).toHaveLength(1);
    expect(picture.match(/>stays</g)).toHaveLength(1);
  });

  it('shows a row only while it was on the screen, and one that stays at all times', () => {
    expect(picture).toContain('{0%{visibility:visible}25%{visibility:hidden}}');
    expect(picture).toContain('{0%{visibility:hidden}25%{visibility:visible}}');
    expect(picture).toMatch(/<use href="#r0" y="[\d.]+"\/>/);
  });

  it('shows the last screen to whoever asked for less motion', () => {
    expect(picture).toContain('@media(prefers-reduced-motion:reduce)');
    expect(picture.match(/<use href="#r1".* class="k\d z"/g)).toHaveLength(1);
  });

  it('puts words with more than one blank between them in pieces of their own, since a browser draws one blank only', () => {
    const still = movingPicture([{ at: 0, cells: screen('a b  c') }], 1000);
    expect(still).toContain('>a b</text>');
    expect(still).toContain('>c</text>');
  });

  it('is small enough to load with the page', () => {
    const root = join(import.meta.dirname, '../..');
    expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('(docs/session.svg)');
    expect(statSync(join(root, 'docs/session.svg')).size).toBeLessThan(300_000);
  });
});
