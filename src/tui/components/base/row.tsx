import { Text } from 'ink';
import { memo } from 'react';
import { harmlessScreenRow } from '../../../support/foreign-text.ts';
import { onlyAscii } from '../../look/glyphs.ts';
import { useLook } from './look.ts';

/**
 * One text per row, already coloured: the cheapest thing that Ink can draw. Everything on the screen is drawn by it, and passes its gate.
 */
export const Row = memo(function Row({ text }: { readonly text: string }) {
  const row = useLook().ascii ? onlyAscii(text) : text;
  return <Text wrap="truncate">{harmlessScreenRow(row)}</Text>;
});
