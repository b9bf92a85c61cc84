import { Box } from 'ink';
import { memo } from 'react';
import type { Area } from '../../state/layout.ts';
import { Row } from './row.tsx';

/** A row of the screen without a border. */
export const Line = memo(function Line({ area: { x, y, width }, text }: { readonly area: Area; readonly text: string }) {
  return (
    <Box position="absolute" top={y} left={x} width={width} height={1}>
      <Row text={text} />
    </Box>
  );
});
