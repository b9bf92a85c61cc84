import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { drawCommand } from '../rows/bottom.ts';
import { Line } from './base/line.tsx';
import type { PanelProps } from './base/panel.tsx';

/** The command line, or the prompt of a panel in its place. */
export const CommandLine = memo(function CommandLine({ area }: PanelProps) {
  return <Line area={area} text={useFrame((frame) => drawCommand(frame, area.width).row)} />;
});
