import type { ReactNode } from 'react';
import { sentence } from '../../../support/problem.ts';
import { secondOf, useFrame } from './frame.ts';
import { panelTitles, type PanelName } from '../../state/layout.ts';
import { Panel, type PanelProps } from './panel.tsx';
import { Empty } from './rows.tsx';
import { Safely } from './safely.tsx';

/** A defect in one panel is shown in its place, without affecting the others or the session. The panel is tried again once a second. */
export function PanelSafely({ name, area, children }: PanelProps & { readonly name: PanelName; readonly children: ReactNode }) {
  const broken = (error: unknown): ReactNode => (
    <Panel name={name} area={area} title={panelTitles[name]}>
      <Empty sentence={`This panel cannot be drawn: ${sentence(error)}`} />
    </Panel>
  );
  return (
    <Safely attempt={useFrame(secondOf)} renderBroken={broken}>
      {children}
    </Safely>
  );
}
