import { ascii, toAscii, unicode, type Glyphs } from './glyphs.ts';
import { createTheme, type ColourDepth, type Theme, type ThemeName } from './theme.ts';

/** How to draw: colours, characters, and whether anything may move by itself. */
export interface Look {
  readonly theme: Theme;
  readonly glyphs: Glyphs;
  readonly motion: boolean;
  /** Only ASCII may reach the terminal: drey's sentences are translated. */
  readonly ascii: boolean;
}

export function createLook(options: {
  readonly theme: ThemeName;
  readonly depth: ColourDepth;
  readonly ascii: boolean;
  readonly motion: boolean;
}): Look {
  return {
    theme: createTheme(options.theme, options.depth),
    glyphs: options.ascii ? ascii : unicode,
    motion: options.motion,
    ascii: options.ascii,
  };
}

/** A text of drey in the characters of this terminal. */
export const words = (look: Look, text: string): string => (look.ascii ? toAscii(text) : text);
