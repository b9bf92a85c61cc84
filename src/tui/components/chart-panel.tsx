import { memo } from 'react';
import { aggregations } from '../../session/tables/metrics.ts';
import { aggregateChart, chartGrid, type Charted, comparedCharts, valueChart } from '../rows/metric-charts.ts';
import { subtaskMetricsInspected } from '../state/subtask-rows.ts';
import { tableRows } from '../state/table-rows.ts';
import { standingIn } from '../state/trail.ts';
import type { Frame } from '../state/ui.ts';
import { bySubtaskInspected } from '../state/vertex-rows.ts';
import { useFrame, useFrameNow } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { Panel, type PanelProps } from './base/panel.tsx';
import { Empty, Rows } from './base/rows.tsx';

/** What the panel shows: charts, and what they are of. */
interface Shown {
  readonly charts: readonly Charted[];
  readonly facts: string;
  /** If there is no chart. */
  readonly empty: string;
}

/** The rows from the selected one on: more charts have no room, however many metrics there are. */
const mostCharts = 24;

function fromSelected<Row extends { readonly name: string }>(rows: readonly Row[], selected: string | undefined): readonly Row[] {
  const from = Math.max(
    0,
    rows.findIndex(({ name }) => name === selected),
  );
  return rows.slice(from, from + mostCharts);
}

/** The metrics of the table, from the selected one on: a filter says which ones, and the sorted column which number. */
function overSubtasks(frame: Frame): Shown {
  const list = frame.ui.lists.metrics;
  const sorted = aggregations.find((each) => each === list.sort?.column);
  const by = sorted === undefined || sorted === 'skew' ? 'max' : sorted;
  const rows = tableRows(frame, 'metrics', list).shown;
  return {
    charts: fromSelected(rows, list.selected).map(({ series }) => aggregateChart(series, by)),
    facts: rows.length === 0 ? '' : `${by} over all subtasks`,
    empty: 'No metric is shown in the table.',
  };
}

/** One metric in each subtask, the largest first. */
function bySubtask(frame: Frame, metric: string): Shown {
  const found = bySubtaskInspected(frame);
  const largest = (found?.facts?.series ?? [])
    .toSorted((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY))
    .slice(0, mostCharts);
  return {
    charts: comparedCharts(largest),
    facts: `${metric} by subtask, largest first`,
    empty: found?.problem?.message ?? (found?.facts === undefined ? 'Reading the metric of each subtask.' : 'The vertex has no subtasks.'),
  };
}

function ofSubtask(frame: Frame): Shown {
  const list = frame.ui.lists['subtask-metrics'];
  const rows = tableRows(frame, 'subtask-metrics', list).shown;
  return {
    charts: fromSelected(rows, list.selected).map(({ series }) => valueChart(series, series.name)),
    facts: '',
    empty: 'No metric is shown in the table.',
  };
}

function shownIn(frame: Frame): Shown {
  const place = standingIn(frame.ui.trail);
  if (place.kind === 'subtask') return ofSubtask(frame);
  return place.kind === 'vertex' && place.bySubtask !== undefined ? bySubtask(frame, place.bySubtask) : overSubtasks(frame);
}

/** Metrics over time. */
export const ChartPanel = memo(function ChartPanel({ area }: PanelProps) {
  const look = useLook();
  // What the charts are made of: they are made again only if one of these is another.
  useFrame(({ ui }) => ui.lists.metrics);
  useFrame(({ ui }) => ui.lists['subtask-metrics']);
  useFrame(({ ui }) => ui.trail);
  useFrame((frame) => tableRows(frame, 'metrics', frame.ui.lists.metrics).shown);
  useFrame(subtaskMetricsInspected);
  useFrame(bySubtaskInspected);
  const { charts, facts, empty } = shownIn(useFrameNow());
  return (
    <Panel name="chart" area={area} title="Charts" facts={facts}>
      {charts.length === 0 ? (
        <Empty sentence={empty} />
      ) : (
        <Rows lines={chartGrid(charts, { width: area.width - 2, height: area.height - 2 }, look)} />
      )}
    </Panel>
  );
});
