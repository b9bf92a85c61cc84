import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';

/** The characters of a border for Ink's `Box`. */
interface Border {
  readonly topLeft: string;
  readonly top: string;
  readonly topRight: string;
  readonly right: string;
  readonly bottomRight: string;
  readonly bottom: string;
  readonly bottomLeft: string;
  readonly left: string;
}

/**
 * A border in a colour of the theme. The colour is in the characters: for a named colour, Ink would decide from the environment what the
 * terminal can show, whatever the theme knows.
 */
export function borderOf({ theme, glyphs }: Look, token: Token): Border {
  const [topLeft, topRight, bottomLeft, bottomRight] = glyphs.corners;
  const [open, close] = theme.around(token);
  const side = theme.paint(token, glyphs.vertical);
  return {
    topLeft: open + topLeft,
    top: glyphs.horizontal,
    topRight: topRight + close,
    left: side,
    right: side,
    bottomLeft: open + bottomLeft,
    bottom: glyphs.horizontal,
    bottomRight: bottomRight + close,
  };
}
