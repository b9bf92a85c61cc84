import type { TextFilter } from '../state/filter.ts';
import type { Look } from '../look/look.ts';

/** `find x ↓ 3 of 42`: the position of a search among its matches; `place` is negative if it is not at a match. */
export const foundFact = (search: TextFilter, place: number, count: number, { glyphs }: Look): string =>
  `find ${search.text} ${glyphs.down} ${place < 0 ? '' : `${place + 1} of `}${count}`;
