import { createContext, memo, use } from 'react';
import { harmlessScreenRow } from '../../../support/foreign-text.ts';
import { pad, plain } from '../../../support/text-width.ts';
import { useLook } from './look.ts';
import { emptyLines } from '../../rows/empty.ts';
import { Row } from './row.tsx';

/** The room between the borders of a box, and whether its content is old. */
interface Inside {
  readonly width: number;
  readonly height: number;
  readonly dimmed: boolean;
}

export const InsideContext = createContext<Inside>({ width: 0, height: 0, dimmed: false });

/**
 * Lines between two borders, each as wide as the room, so that nothing below shows through. Characters without a width are replaced before
 * measuring.
 */
export function Rows({ lines }: { readonly lines: readonly string[] }) {
  const { width, height, dimmed } = use(InsideContext);
  const { theme, glyphs } = useLook();
  return lines.slice(0, height).map((line, row) => {
    const text = pad(harmlessScreenRow(line), width, 'end', glyphs.ellipsis);
    return <Row key={row} text={dimmed ? theme.paint('muted', plain(text)) : text} />;
  });
}

/** A sentence in a box that has no content. */
export const Empty = memo(function Empty({ sentence }: { readonly sentence: string }) {
  const { width } = use(InsideContext);
  return <Rows lines={emptyLines(sentence, width, useLook())} />;
});
