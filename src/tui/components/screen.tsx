import { Box, useApp } from 'ink';
import { useEffect, type FunctionComponent } from 'react';
import { FrameContext, useFrame, type FrameStore } from './base/frame.ts';
import { LookContext } from './base/look.ts';
import type { PanelName } from '../state/layout.ts';
import type { PanelProps } from './base/panel.tsx';
import { PanelSafely } from './base/panel-safely.tsx';
import { Safely } from './base/safely.tsx';
import { CommandLine } from './command-line.tsx';
import { Dialog } from './dialog.tsx';
import { FlamePanel, MethodsPanel } from './flame-panels.tsx';
import { GraphPanel } from './graph-panel.tsx';
import { Header } from './header.tsx';
import { Hints } from './hints.tsx';
import { ChartPanel } from './chart-panel.tsx';
import {
  AttemptsPanel,
  SubtaskFiguresPanel,
  SubtaskMetricsPanel,
  AccumulatorsPanel,
  MetricsPanel,
  SubtasksPanel,
  TopPanel,
  VertexTaskManagersPanel,
  WatermarksPanel,
} from './inspected-panels.tsx';
import { JobsPanel } from './jobs-panel.tsx';
import { KeyList } from './key-list.tsx';
import { LogPanel } from './log-panel.tsx';
import { OperationsPanel } from './operations-panel.tsx';
import { PodsPanel } from './pods-panel.tsx';
import { FiguresPanel, FilesPanel, MovementsPanel, SettingsPanel, SlotsPanel, ThreadsPanel } from './process-panels.tsx';
import { Problem } from './problem.tsx';
import { Result } from './result.tsx';
import { Tabs } from './tabs.tsx';
import { IncidentPanel } from './incident-panel.tsx';
import { TemplatesPanel } from './templates-panel.tsx';
import { TextPanel } from './text-panel.tsx';
import { TimelinePanel } from './timeline-panel.tsx';
import { TooSmall } from './too-small.tsx';
import { AcknowledgementsPanel, CheckpointFactsPanel, CheckpointsPanel, OperatorsPanel, PhasesPanel } from './checkpoint-panels.tsx';
import { ExceptionsPanel, StackPanel } from './exception-panels.tsx';
import { JobSettingsPanel } from './job-settings-panel.tsx';
import { VerticesPanel } from './vertices-panel.tsx';
import { Whereabouts } from './whereabouts.tsx';

/** Suspends drawing while the callback runs. */
type Suspend = (meanwhile: () => Promise<void>) => Promise<void>;

export interface ScreenProps {
  readonly frames: FrameStore;
  /** Called once with something that only Ink can do: suspend drawing while the terminal is lent. */
  readonly onReady: (suspend: Suspend) => void;
  /** Called if something other than a panel cannot be drawn. */
  readonly onDefect: (error: unknown) => void;
}

/** The whole screen. Ink does not read keys: they come from the parser in `terminal/`. */
export function Screen({ frames, onReady, onDefect }: ScreenProps) {
  const { suspendTerminal } = useApp();
  useEffect(() => {
    onReady(async (meanwhile) => {
      await suspendTerminal(meanwhile);
    });
  }, [onReady, suspendTerminal]);
  return (
    <FrameContext value={frames}>
      <Safely attempt={0} renderBroken={(error) => <Told error={error} onDefect={onDefect} />}>
        <Everything />
      </Safely>
    </FrameContext>
  );
}

/** Ends the screen. */
function Told({ error, onDefect }: { readonly error: unknown; readonly onDefect: (error: unknown) => void }) {
  useEffect(() => onDefect(error), [error, onDefect]);
  return null;
}

const panels: Readonly<Record<PanelName, FunctionComponent<PanelProps>>> = {
  pods: PodsPanel,
  jobs: JobsPanel,
  operations: OperationsPanel,
  timeline: TimelinePanel,
  log: LogPanel,
  graph: GraphPanel,
  flame: FlamePanel,
  methods: MethodsPanel,
  text: TextPanel,
  vertices: VerticesPanel,
  checkpoints: CheckpointsPanel,
  'checkpoint-facts': CheckpointFactsPanel,
  operators: OperatorsPanel,
  acknowledgements: AcknowledgementsPanel,
  phases: PhasesPanel,
  exceptions: ExceptionsPanel,
  'job-settings': JobSettingsPanel,
  stack: StackPanel,
  subtasks: SubtasksPanel,
  attempts: AttemptsPanel,
  'subtask-figures': SubtaskFiguresPanel,
  'subtask-metrics': SubtaskMetricsPanel,
  'vertex-taskmanagers': VertexTaskManagersPanel,
  watermarks: WatermarksPanel,
  accumulators: AccumulatorsPanel,
  metrics: MetricsPanel,
  chart: ChartPanel,
  top: TopPanel,
  figures: FiguresPanel,
  slots: SlotsPanel,
  threads: ThreadsPanel,
  movements: MovementsPanel,
  files: FilesPanel,
  settings: SettingsPanel,
  templates: TemplatesPanel,
  incident: IncidentPanel,
};

/** Later elements are drawn over earlier ones. */
function Everything() {
  const layout = useFrame((frame) => frame.layout);
  const look = useFrame((frame) => frame.look);
  const { size } = layout;
  return (
    <LookContext value={look}>
      <Box width={size.columns} height={size.rows}>
        {layout.kind === 'tiny' ? (
          <TooSmall />
        ) : (
          <>
            <Header area={layout.header} />
            {layout.whereabouts !== undefined && <Whereabouts area={layout.whereabouts} />}
            {layout.tabs !== undefined && <Tabs area={layout.tabs} />}
            {layout.panels.map(({ name, area }) => {
              const Shown = panels[name];
              return (
                <PanelSafely key={name} name={name} area={area}>
                  <Shown area={area} />
                </PanelSafely>
              );
            })}
            <Problem area={layout.problem} />
            <CommandLine area={layout.command} />
            <Hints area={layout.hints} />
            <Result />
            <KeyList />
            <Dialog />
          </>
        )}
      </Box>
    </LookContext>
  );
}
