import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { drawHints } from '../rows/bottom.ts';
import { Line } from './base/line.tsx';
import type { PanelProps } from './base/panel.tsx';

/** What can be done here, and what is running. */
export const Hints = memo(function Hints({ area }: PanelProps) {
  return <Line area={area} text={useFrame((frame) => drawHints(frame, area.width))} />;
});
