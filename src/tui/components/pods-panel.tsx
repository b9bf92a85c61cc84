import { memo } from 'react';
import type { PodRow } from '../../session/selectors/pods.ts';
import { useFrame } from './base/frame.ts';
import { noPods, podTrouble } from '../rows/pods.ts';
import { isStale } from '../rows/staleness.ts';
import type { Token } from '../look/theme.ts';
import type { Frame } from '../state/ui.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

const isKnown = ({ session }: Frame): boolean => session.podsKnown || session.pods.size > 0;
const isThere = ({ goneAt }: PodRow): boolean => goneAt === undefined;
const toneOf = (row: PodRow): Token | undefined => (isThere(row) ? undefined : 'muted');
const noMatch = (filter: string): string => `No pod matches ${filter}`;

/** The pods of the cluster: which ones run, which ones do not, and why. */
export const PodsPanel = memo(function PodsPanel({ area }: PanelProps) {
  return (
    <TablePanel
      view="pods"
      area={area}
      known={useFrame(isKnown)}
      counts={isThere}
      trouble={useFrame(podTrouble)}
      dimmed={useFrame(isStale('pods'))}
      empty={useFrame(noPods)}
      noMatch={noMatch}
      toneOf={toneOf}
    />
  );
});
