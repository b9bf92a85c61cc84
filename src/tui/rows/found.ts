import type { TextFilter } from '../state/filter.ts';
import type { Look } from '../look/look.ts';

/** `find x ↓ 3 of 42`: where a search stands among what it finds; `place` is negative if it stands on none of that. */
export const foundFact = (search: TextFilter, place: number, count: number, { glyphs }: Look): string =>
  `find ${search.text} ${glyphs.down} ${place < 0 ? '' : `${place + 1} of `}${count}`;
