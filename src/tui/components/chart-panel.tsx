import { memo } from 'react';
import { aggregations } from '../../session/tables/metrics.ts';
import { metricCharts } from '../rows/metric-charts.ts';
import { tableRows } from '../state/table-rows.ts';
import type { Frame } from '../state/ui.ts';
import { useFrame } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { Panel, type PanelProps } from './base/panel.tsx';
import { Empty, Rows } from './base/rows.tsx';

const rowsOf = (frame: Frame) => tableRows(frame, 'metrics', frame.ui.lists.metrics).shown;
const selectedOf = ({ ui }: Frame): string | undefined => ui.lists.metrics.selected;
const sortedBy = ({ ui }: Frame): string | undefined => ui.lists.metrics.sort?.column;

/** The metrics of the table over time, from the selected one on: a filter says which ones, and the sorted column which number. */
export const ChartPanel = memo(function ChartPanel({ area }: PanelProps) {
  const look = useLook();
  const rows = useFrame(rowsOf);
  const selected = useFrame(selectedOf);
  const column = useFrame(sortedBy);
  const by = aggregations.find((each) => each === column);
  const from = Math.max(
    0,
    rows.findIndex(({ name }) => name === selected),
  );
  const shown = by === undefined || by === 'skew' ? 'max' : by;
  return (
    <Panel name="chart" area={area} title="Charts" facts={rows.length === 0 ? '' : `${shown} over all subtasks`}>
      {rows.length === 0 ? (
        <Empty sentence="No metric is shown in the table." />
      ) : (
        <Rows lines={metricCharts(rows.slice(from), shown, { width: area.width - 2, height: area.height - 2 }, look)} />
      )}
    </Panel>
  );
});
