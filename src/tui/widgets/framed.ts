import { harmlessScreenRow } from '../../support/foreign-text.ts';
import { pad, plain, truncate, width as cells } from '../../support/text-width.ts';
import { words, type Look } from '../look.ts';
import { fitHints } from './hints.ts';

/** Which part of something longer is seen. */
export interface Scroll {
  readonly top: number;
  readonly visible: number;
  readonly count: number;
  /** The first line of the panel that scrolls. */
  readonly from: number;
}

export interface Framed {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Count, problems, age: at the right end of the upper border. May be coloured. */
  readonly facts?: string;
  /** Keys of the panel, in the lower border while it has the focus. */
  readonly keys?: readonly string[];
  readonly focused: boolean;
  /** The data is old: everything is drawn in the quiet colour. */
  readonly dimmed?: boolean;
  readonly lines: readonly string[];
  /** A thumb in the right border shows where one is, if not all is seen. */
  readonly scroll?: Scroll | undefined;
}

/** The lines of the panel beside which the thumb stands. */
function thumbOf(scroll: Scroll | undefined, height: number): { readonly from: number; readonly to: number } | undefined {
  if (scroll === undefined || scroll.count <= scroll.visible || scroll.visible < 2) return undefined;
  const track = height - scroll.from;
  const size = Math.max(1, Math.round((track * scroll.visible) / scroll.count));
  const last = scroll.count - scroll.visible;
  // Only at the very ends the thumb stands at an end.
  const place = scroll.top <= 0 ? 0 : scroll.top >= last ? track - size : Math.max(1, Math.min(track - size - 1, Math.round(((track - size) * scroll.top) / last)));
  const from = scroll.from + Math.max(0, place);
  return { from, to: from + size };
}

/** A panel with its border: exactly `height` lines of exactly `width` cells, so what takes no cell is replaced before they are measured. */
export function framed({ width, height, title, facts, keys, focused, dimmed, lines, scroll }: Framed, look: Look): string[] {
  const { theme, glyphs } = look;
  const [topLeft, topRight, bottomLeft, bottomRight] = glyphs.corners;
  if (height < 2 || width < 4) return Array.from({ length: height }, () => ' '.repeat(width));
  const border = (text: string): string => theme.paint(focused ? 'accent' : 'border', text);
  const inner = width - 2;
  const side = border(glyphs.vertical);
  const thumb = thumbOf(scroll, height - 2);
  const thumbSide = theme.paint(focused ? 'accent' : 'muted', glyphs.thumb);
  const quiet = (line: string): string => (dimmed === true ? theme.paint('muted', plain(line)) : line);
  const result = [topLine(border, inner, [topLeft, topRight], title, facts, focused, look)];
  for (let row = 0; row < height - 2; row++) {
    const line = lines[row];
    result.push(side + (line === undefined ? ' '.repeat(inner) : quiet(pad(harmlessScreenRow(line), inner, 'end', glyphs.ellipsis))) + (thumb !== undefined && row >= thumb.from && row < thumb.to ? thumbSide : side));
  }
  const fitting = focused && keys !== undefined ? fitHints(keys.map((key) => words(look, key)), inner - 4, '  ') : '';
  const hint = fitting === '' ? '' : ` ${fitting} `;
  const rest = inner - cells(hint) - (hint === '' ? 0 : 1);
  result.push(border(bottomLeft + glyphs.horizontal.repeat(Math.max(0, rest))) + theme.paint('muted', hint) + border((hint === '' ? '' : glyphs.horizontal) + bottomRight));
  return result;
}

function topLine(
  border: (text: string) => string, inner: number, [left, right]: readonly [string, string], title: string, facts: string | undefined, focused: boolean, look: Look,
): string {
  const { theme, glyphs } = look;
  const name = truncate(words(look, harmlessScreenRow(title)), inner - 2, glyphs.ellipsis);
  let room = inner - cells(name) - 2;
  let shown = '';
  if (facts !== undefined && facts !== '' && room > 6) {
    shown = ` ${truncate(words(look, harmlessScreenRow(facts)), room - 4, glyphs.ellipsis)} `;
    room -= cells(shown);
  }
  return border(left) + ` ${theme.paint(focused ? 'accent' : 'strong', name)} ` + border(glyphs.horizontal.repeat(Math.max(0, room))) + shown + border(right);
}
