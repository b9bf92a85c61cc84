import { wrap } from '../../support/text-width.ts';
import type { TextFilter } from '../filter.ts';
import { keyHints } from '../keys.ts';
import type { Area, PanelName } from '../layout.ts';
import { words, type Look } from '../look.ts';
import type { Frame } from '../ui.ts';
import { framed, type Scroll } from '../widgets/framed.ts';

/** What a panel shows; its border is drawn around it. */
export interface PanelDrawing {
  readonly title: string;
  readonly facts: string;
  /** The data is old. */
  readonly dimmed?: boolean;
  /** Lines for so many cells; what is more than `height` or wider is cut. */
  readonly lines: (width: number, height: number, focused: boolean) => readonly string[];
  /** The column whose title stands at this cell of the first line, by its name. */
  readonly titleAt?: (x: number, width: number, height: number) => string | undefined;
  /** Which part is seen, of something that may be longer. */
  readonly scroll?: (height: number) => Scroll | undefined;
}

/** `find x ↓ 3 of 42`: where a search stands among what it finds; `place` is negative if it stands on none of that. */
export const foundFact = (search: TextFilter, place: number, count: number, { glyphs }: Look): string => `find ${search.text} ${glyphs.down} ${place < 0 ? '' : `${place + 1} of `}${count}`;

/** A sentence in a panel that has nothing to show. */
export const emptyLines = (sentence: string, width: number, look: Look): string[] =>
  (sentence === '' ? [] : wrap(words(look, sentence), width - 4).map((line) => `  ${look.theme.paint('muted', line)}`));

/** A drawing in its frame: exactly the cells of `area`. */
export function drawPanel(frame: Frame, name: PanelName, area: Area, draw: (frame: Frame) => PanelDrawing): string[] {
  const drawing = draw(frame);
  const focused = frame.ui.focus === name && frame.ui.dialog === undefined;
  const lines = drawing.lines(area.width - 2, area.height - 2, focused);
  return framed({
    width: area.width, height: area.height, focused,
    title: drawing.title, facts: drawing.facts, keys: keyHints(frame.keys, name, (id) => id !== 'text.log' || frame.ui.text?.about !== undefined),
    dimmed: drawing.dimmed === true,
    lines,
    scroll: drawing.scroll?.(area.height - 2),
  }, frame.look);
}
