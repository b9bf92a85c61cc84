import { memo } from 'react';
import type { ProcessPart } from '../../session/inspections/process.ts';
import { movementCounts } from '../../inside/threads/compare.ts';
import { formatTime } from '../../support/format.ts';
import type { TableName } from '../state/layout.ts';
import type { ProcessPlace } from '../state/places/process.ts';
import { processFacts, processInspected } from '../state/process-facts.ts';
import type { Frame } from '../state/ui.ts';
import { useFrame } from './base/frame.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

/** The sentences for a part without rows, and for a filter that hides them. */
interface Words {
  readonly reading: string;
  readonly none: string;
  readonly noMatch: (filter: string) => string;
  /** More for the title. */
  readonly fact?: (frame: Frame) => string;
}

type ProcessTable = Extract<ProcessPlace['panel'], TableName>;

function panelOf(view: ProcessTable, part: ProcessPart, { reading, none, noMatch, fact = () => '' }: Words) {
  const isKnown = (frame: Frame): boolean => processInspected(frame, part)?.facts !== undefined;
  const isOld = (frame: Frame): boolean => processInspected(frame, part)?.problem !== undefined;
  const empty = (frame: Frame): string => processInspected(frame, part)?.problem?.message ?? (isKnown(frame) ? none : reading);
  return memo(function ProcessPanel({ area }: PanelProps) {
    return (
      <TablePanel
        view={view}
        area={area}
        known={useFrame(isKnown)}
        dimmed={useFrame(isOld)}
        trouble={useFrame(fact)}
        empty={useFrame(empty)}
        noMatch={noMatch}
      />
    );
  });
}

export const FiguresPanel = panelOf('figures', 'figures', {
  reading: 'Reading the memory of the process.',
  none: 'The process reports nothing.',
  noMatch: (filter) => `No part matches ${filter}`,
});

export const SlotsPanel = panelOf('slots', 'figures', {
  reading: 'Reading the slots.',
  none: 'No slot is in use.',
  noMatch: (filter) => `No slot matches ${filter}`,
});

export const ThreadsPanel = panelOf('threads', 'threads', {
  reading: 'Waiting for a dump of the threads.',
  none: 'The dump has no threads.',
  noMatch: (filter) => `No stack and no name matches ${filter}`,
});

/** Both dumps by their times: the next one is taken by itself, and compares with this one. */
function compared(frame: Frame): string {
  const facts = processFacts(frame, 'threads');
  if (facts?.since === undefined) return '';
  const { at, movements } = facts.since;
  return `${movementCounts(movements)} · ${formatTime(at)} to ${formatTime(facts.at)}`;
}

export const MovementsPanel = panelOf('movements', 'threads', {
  reading: 'Waiting for a dump of the threads.',
  none: 'There is one dump so far: a takes another one and compares them.',
  noMatch: (filter) => `No thread matches ${filter}`,
  fact: compared,
});

export const FilesPanel = panelOf('files', 'files', {
  reading: 'Reading the list of log files.',
  none: 'The process has no log files: it writes to its container only.',
  noMatch: (filter) => `No file matches ${filter}`,
});

export const SettingsPanel = panelOf('settings', 'settings', {
  reading: 'Reading the configuration.',
  none: 'The configuration is empty.',
  noMatch: (filter) => `No key matches ${filter}`,
});
