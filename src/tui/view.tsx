import { Box, Text, useApp } from 'ink';
import { memo, useEffect, useSyncExternalStore } from 'react';
import { harmlessScreenRow } from '../support/foreign-text.ts';
import type { Block, Screen } from './screen.ts';

/** The screen that is drawn now, for React. */
export interface ScreenSource {
  get(): Screen;
  subscribe(listener: () => void): () => void;
}

export interface RootProps {
  readonly source: ScreenSource;
  /** Told once what only Ink can do: draw nothing while the terminal belongs to somebody else. */
  readonly onReady: (suspend: (meanwhile: () => Promise<void>) => Promise<void>) => void;
}

/** Ink puts the blocks where they belong; what stands in them was composed before. It reads no keys. */
export function Root({ source, onReady }: RootProps) {
  const { size, blocks } = useSyncExternalStore(source.subscribe, source.get);
  const { suspendTerminal } = useApp();
  useEffect(() => {
    onReady(async (meanwhile) => {
      await suspendTerminal(meanwhile);
    });
  }, [onReady, suspendTerminal]);
  return <Box width={size.columns} height={size.rows}>{blocks.map((block) => <BlockView key={block.id} block={block} />)}</Box>;
}

const BlockView = memo(function BlockView({ block: { area, lines } }: { readonly block: Block }) {
  return (
    <Box position="absolute" top={area.y} left={area.x} width={area.width} height={area.height} flexDirection="column">
      {lines.map((line, row) => <Row key={row} text={line} />)}
    </Box>
  );
});

/** One text a row, coloured before: the cheapest thing that Ink can draw. All that reaches the screen is drawn by it, and through its gate. */
export const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{harmlessScreenRow(text)}</Text>;
});
