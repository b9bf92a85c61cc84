// Draws the contents of a terminal as SVG: one screen, or a session as a sequence of screens.
import type { Cell } from '../test/terminal/harness.ts';

type Screen = readonly (readonly Cell[])[];

/** A screen, and when it was first seen, in milliseconds from the start of the recording. */
export interface Frame {
  readonly at: number;
  readonly cells: Screen;
}

/** Neighbouring cells that look the same. */
interface Piece {
  readonly at: number;
  readonly look: string;
  cells: number;
  text: string;
}

const cell = { width: 8.4, height: 18, font: 14, baseline: 13.5 };
const margin = 12;
const background = '#16181d';
const foreground = '#d6d9df';
const font = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace";

/**
 * Identical rows are drawn once and reused wherever and whenever they appear on the screen; rows that are visible during the same frames
 * share an animation. Users who prefer reduced motion see the last frame. `lasts`: total duration in milliseconds.
 */
export function movingPicture(frames: readonly Frame[], lasts: number): string {
  const shades = new Names<string>('c');
  const rows = new Names<string>('r');
  const times = new Names<string>('k');
  const uses = [...appearances(frames, (row) => rows.of(drawn(row, shades)))].map(([place, seen]) => {
    const [row, y] = place.split(' ');
    const whole = seen.length === frames.length;
    const last = seen.includes(frames.length - 1) ? ['z'] : [];
    const names = whole ? [] : [times.of(keyframes(seen, frames, lasts)), ...last];
    return `<use href="#${row}" y="${y}"${names.length === 0 ? '' : ` class="${names.join(' ')}"`}/>`;
  });
  const animations = [...times].map(([steps, name]) => `@keyframes ${name}{${steps}}.${name}{animation-name:${name}}`);
  const style = [
    ...[...shades].map(([shade, name]) => `.${name}{${shade}}`),
    `use[class]{visibility:hidden;animation-duration:${lasts / 1000}s;animation-timing-function:step-end;animation-iteration-count:infinite}`,
    ...animations,
    '@media(prefers-reduced-motion:reduce){use[class]{animation-name:none}use.z{visibility:visible}}',
  ];
  const defs = [...rows].map(([row, name]) => `<g id="${name}">${row}</g>`);
  return document(frames[0]?.cells ?? [], [`<style>${style.join('\n')}</style>`, `<defs>${defs.join('\n')}</defs>`, ...uses]);
}

/** For each row and position, the numbers of the frames that show it. */
function appearances(frames: readonly Frame[], nameOf: (row: readonly Cell[]) => string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  frames.forEach(({ cells }, frame) =>
    cells.forEach((row, y) => {
      const name = nameOf(row);
      const place = `${name} ${margin + y * cell.height + cell.baseline}`;
      const seen = found.get(place);
      if (seen === undefined) found.set(place, [frame]);
      else seen.push(frame);
    }),
  );
  return found;
}

/** The steps of an animation for something visible only during these frames. */
function keyframes(seen: readonly number[], frames: readonly Frame[], lasts: number): string {
  const shown = new Set(seen);
  const share = (at: number): string => `${Number(((at / lasts) * 100).toFixed(2))}%`;
  const steps = frames.flatMap(({ at }, frame) => {
    const visible = shown.has(frame);
    return frame > 0 && visible === shown.has(frame - 1) ? [] : [`${share(at)}{visibility:${visible ? 'visible' : 'hidden'}}`];
  });
  return steps.join('');
}

/** One row above its baseline, with the styles of its pieces as classes. Each piece of text keeps its columns in any font. */
function drawn(row: readonly Cell[], shades: Names<string>): string {
  const grounds = pieces(row, 0, ({ background: own }) => own).map(
    ({ at, cells, look }) =>
      `<rect x="${leftOf(at)}" y="${-cell.baseline}" width="${round(cells * cell.width)}" height="${cell.height}" fill="${look}"/>`,
  );
  const texts = pieces(row, 1, (own) => (own.text.trim() === '' ? undefined : shadeOf(own))).map(
    ({ at, cells, text, look }) =>
      `<text x="${leftOf(at)}" class="${shades.of(look)}"${text.length === 1 ? '' : fitted(text, cells)}>${escape(text)}</text>`,
  );
  return [...grounds, ...texts].join('');
}

const leftOf = (column: number): number => round(margin + column * cell.width);

/** Letters keep their shape in a narrower or wider font; lines stay connected. */
const fitted = (text: string, cells: number): string =>
  ` textLength="${round(cells * cell.width)}"${/^[ -~]*$/.test(text) ? '' : ' lengthAdjust="spacingAndGlyphs"'}`;

const shadeOf = ({ foreground: own, bold, dim }: Cell): string =>
  `fill:${own ?? foreground}${bold ? ';font-weight:bold' : ''}${dim ? ';opacity:.6' : ''}`;

/**
 * Neighbours with the same look as one piece. Cells whose look is undefined belong to none, but a piece may contain up to `gap` of them:
 * one, between two words, because a browser collapses several spaces into one.
 */
function pieces(row: readonly Cell[], gap: number, lookOf: (cell: Cell) => string | undefined): readonly Piece[] {
  const found: Piece[] = [];
  row.forEach((own, at) => {
    const look = own.width === 0 ? undefined : lookOf(own);
    if (look === undefined) return;
    const last = found.at(-1);
    const blanks = last === undefined ? 0 : at - last.at - last.cells;
    if (last?.look === look && blanks <= gap) {
      last.text += ' '.repeat(blanks) + own.text;
      last.cells += blanks + own.width;
    } else found.push({ at, look, text: own.text, cells: own.width });
  });
  return found;
}

function document(screen: Screen, parts: readonly string[]): string {
  const width = round((screen[0]?.length ?? 0) * cell.width + 2 * margin);
  const height = screen.length * cell.height + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${font}" font-size="${cell.font}">`,
    `<rect width="100%" height="100%" rx="8" fill="${background}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** Short names, one for each different thing. */
class Names<Thing> implements Iterable<readonly [Thing, string]> {
  readonly #names = new Map<Thing, string>();
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  of(thing: Thing): string {
    const name = this.#names.get(thing) ?? `${this.#prefix}${this.#names.size.toString(36)}`;
    this.#names.set(thing, name);
    return name;
  }

  [Symbol.iterator](): IterableIterator<[Thing, string]> {
    return this.#names.entries();
  }
}

const round = (number: number): number => Math.round(number * 10) / 10;

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
