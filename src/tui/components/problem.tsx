import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { drawProblem } from '../rows/bottom.ts';
import { Line } from './base/line.tsx';
import type { PanelProps } from './base/panel.tsx';

/** The worst problem now, or the answer of a command. */
export const Problem = memo(function Problem({ area }: PanelProps) {
  return <Line area={area} text={useFrame((frame) => drawProblem(frame, area.width))} />;
});
