import { memo } from 'react';
import type { ProcessPart } from '../../session/inspections/process.ts';
import { processInspected } from '../state/process-facts.ts';
import type { Frame } from '../state/ui.ts';
import { useFrame } from './base/frame.ts';
import type { PanelProps } from './base/panel.tsx';
import { TablePanel } from './table-panel.tsx';

/** The sentences for a part without rows, and for a filter that hides them. */
interface Words {
  readonly reading: string;
  readonly none: string;
  readonly noMatch: (filter: string) => string;
}

function panelOf(view: 'figures' | 'slots' | 'threads' | 'files' | 'settings', part: ProcessPart, { reading, none, noMatch }: Words) {
  const isKnown = (frame: Frame): boolean => processInspected(frame, part)?.facts !== undefined;
  const isOld = (frame: Frame): boolean => processInspected(frame, part)?.problem !== undefined;
  const empty = (frame: Frame): string => processInspected(frame, part)?.problem?.message ?? (isKnown(frame) ? none : reading);
  return memo(function ProcessPanel({ area }: PanelProps) {
    return (
      <TablePanel view={view} area={area} known={useFrame(isKnown)} dimmed={useFrame(isOld)} empty={useFrame(empty)} noMatch={noMatch} />
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
