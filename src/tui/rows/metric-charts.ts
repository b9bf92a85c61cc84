import type { MetricInside } from '../../inside/vertex/metric-history.ts';
import { type Aggregation, formatFigure } from '../../session/tables/metrics.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { Look } from '../look/look.ts';
import { chartLines } from './chart.ts';

/** Lines of a chart under its title. */
const chartHeight = 5;

/** The charts of these metrics, one below the other, as many as fit. */
export function metricCharts(
  metrics: readonly MetricInside[],
  by: Exclude<Aggregation, 'skew'>,
  room: { readonly width: number; readonly height: number },
  { theme, ascii }: Look,
): readonly string[] {
  const fitting = Math.max(1, Math.floor(room.height / (chartHeight + 1)));
  return metrics.slice(0, fitting).flatMap((metric) => [
    ` ${theme.paint('accent', oneLine(metric.name))} ${theme.paint('muted', by)} ${formatFigure(metric[by])}`,
    ...chartLines(
      metric.past.map((point) => point[by]),
      { width: room.width - 1, height: chartHeight, ascii, format: formatFigure },
    ).map((line) => ` ${line}`),
  ]);
}
