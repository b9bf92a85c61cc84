import { Box } from 'ink';
import { useMemo, type ReactNode } from 'react';
import { harmlessScreenRow } from '../../../support/foreign-text.ts';
import { truncate, width as cells } from '../../../support/text-width.ts';
import { borderOf } from '../../rows/border.ts';
import { useLook } from './look.ts';
import type { Area } from '../../state/layout.ts';
import { words } from '../../look/look.ts';
import { fitHints } from '../../rows/hints.ts';
import { thumbOf, type Scroll } from '../../rows/scroll.ts';
import { Row } from './row.tsx';
import { InsideContext } from './rows.tsx';

export interface BorderedProps {
  readonly area: Area;
  readonly title: string;
  /** Count, problems, age: at the right end of the upper border. May be coloured. */
  readonly facts?: string;
  /** Keys, in the lower border while it has the focus. */
  readonly keys?: readonly string[];
  readonly focused: boolean;
  /** The data is old: everything is drawn in the muted colour. */
  readonly dimmed?: boolean;
  /** A thumb in the right border shows the position, if not everything is visible. */
  readonly scroll?: Scroll | undefined;
  readonly children: ReactNode;
}

/** A box with its title and its facts in the upper border and its keys in the lower one. */
export function Bordered({ area, title, facts = '', keys = [], focused, dimmed = false, scroll, children }: BorderedProps) {
  const look = useLook();
  const { theme, glyphs } = look;
  const width = area.width - 2;
  const height = area.height - 2;
  const inside = useMemo(() => ({ width, height, dimmed }), [width, height, dimmed]);
  if (width < 2 || height < 0) return null;
  const name = truncate(words(look, harmlessScreenRow(title)), width - 2, glyphs.ellipsis);
  const room = width - cells(name) - 2;
  const shown = truncate(words(look, harmlessScreenRow(facts)), room - 4, glyphs.ellipsis);
  const hints = focused
    ? fitHints(
        keys.map((key) => words(look, key)),
        width - 4,
        '  ',
      )
    : '';
  return (
    <Box
      position="absolute"
      top={area.y}
      left={area.x}
      width={area.width}
      height={area.height}
      flexDirection="column"
      borderStyle={borderOf(look, focused ? 'accent' : 'border')}
    >
      <InsideContext value={inside}>{children}</InsideContext>
      <Box position="absolute" top={-1} left={0}>
        <Row text={` ${theme.paint(focused ? 'accent' : 'strong', name)} `} />
      </Box>
      {facts !== '' && room > 6 && (
        <Box position="absolute" top={-1} right={0}>
          <Row text={` ${shown} `} />
        </Box>
      )}
      {hints !== '' && (
        <Box position="absolute" bottom={-1} right={1}>
          <Row text={theme.paint('muted', ` ${hints} `)} />
        </Box>
      )}
      <Thumb scroll={scroll} height={height} focused={focused} />
    </Box>
  );
}

/** In the right border: which part of something longer is visible. */
function Thumb({ scroll, height, focused }: { readonly scroll: Scroll | undefined; readonly height: number; readonly focused: boolean }) {
  const { theme, glyphs } = useLook();
  const thumb = thumbOf(scroll, height);
  if (thumb === undefined) return null;
  const text = theme.paint(focused ? 'accent' : 'muted', glyphs.thumb);
  return (
    <Box position="absolute" top={thumb.from} right={-1} width={1} height={thumb.to - thumb.from} flexDirection="column">
      {Array.from({ length: thumb.to - thumb.from }, (_, row) => (
        <Row key={row} text={text} />
      ))}
    </Box>
  );
}
