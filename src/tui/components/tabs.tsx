import { memo } from 'react';
import { useFrame } from './base/frame.ts';
import { drawTabs } from '../rows/tabs.ts';
import { Line } from './base/line.tsx';
import type { PanelProps } from './base/panel.tsx';

/** The tables, if only one has room, or the views of a place within. */
export const Tabs = memo(function Tabs({ area }: PanelProps) {
  return <Line area={area} text={useFrame((frame) => drawTabs(frame, area.width))} />;
});
