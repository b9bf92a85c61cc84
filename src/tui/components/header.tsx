import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { drawHeader } from '../rows/header.ts';
import { Line } from './base/line.tsx';
import type { PanelProps } from './base/panel.tsx';

/** Which cluster this is, and the state of its sources. */
export const Header = memo(function Header({ area }: PanelProps) {
  return <Line area={area} text={useFrame((frame) => drawHeader(frame, area.width))} />;
});
