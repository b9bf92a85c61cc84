import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { drawWhereabouts } from '../rows/whereabouts.ts';
import { Line } from './base/line.tsx';
import type { PanelProps } from './base/panel.tsx';

/** The places on the way here, and the facts of this one. */
export const Whereabouts = memo(function Whereabouts({ area }: PanelProps) {
  return <Line area={area} text={useFrame((frame) => drawWhereabouts(frame, area.width))} />;
});
