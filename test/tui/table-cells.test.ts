import { expect, test } from 'vitest';
import { checkpointColumns } from '../../src/session/tables/checkpoints.ts';
import type { Column } from '../../src/session/tables/column.ts';
import { jobColumns } from '../../src/session/tables/jobs.ts';
import { shownMetricColumns } from '../../src/session/tables/metrics.ts';
import { operationColumns } from '../../src/session/tables/operations.ts';
import { logFileColumns, settingColumns } from '../../src/session/tables/process.ts';
import { timelineColumns } from '../../src/session/tables/timeline.ts';
import { plain } from '../../src/support/text-width.ts';
import { tableLines } from '../../src/tui/rows/table-lines.ts';
import { colourful, now } from './fixtures.ts';

/** The cells of one column in a table of this width. The rows have the fields that the column reads. */
function cellsOf<Row>(columns: readonly Column<Row>[], title: string, rows: readonly unknown[], width: number): readonly string[] {
  const lines = tableLines(
    {
      columns: columns.filter((column) => column.title === title),
      rows: rows as readonly Row[],
      form: { now, whole: false },
      paint: {},
      top: 0,
      selected: -1,
      width,
      height: rows.length + 1,
      focused: false,
      sort: undefined,
    },
    colourful,
  );
  return lines.slice(1).map((line) => plain(line).trim());
}

test('names that begin alike are told apart in a narrow table: log files, options, metrics, jobs', () => {
  const file = 'flink--kubernetes-taskmanager-0-my-first-flink-cluster-taskmanager-1-1';
  expect(cellsOf(logFileColumns, 'NAME', [{ name: `${file}.log` }, { name: `${file}.out` }], 40)).toEqual([
    expect.stringMatching(/^flink--kub\S+…\S+manager-1-1.log$/),
    expect.stringMatching(/^flink--kub\S+…\S+manager-1-1.out$/),
  ]);
  const option = 'jobmanager.adaptive-scheduler.executing';
  const options = [{ key: `${option}.cooldown-after-rescaling` }, { key: `${option}.resource-stabilization-timeout` }];
  expect(cellsOf(settingColumns, 'KEY', options, 40)).toEqual([
    expect.stringMatching(/^jobmanager\S+…\S+after-rescaling$/),
    expect.stringMatching(/^jobmanager\S+…stabilization-timeout$/),
  ]);
  const metrics = [{ name: 'Shuffle.Netty.Input.Buffers.inputFloatingBuffersUsage' }];
  expect(cellsOf(shownMetricColumns, 'METRIC', metrics, 40)).toEqual([expect.stringMatching(/^Shuffle\S+…\S+BuffersUsage$/)]);
  const jobs = [{ name: 'insert-into_default_catalog.default_database.orders_v1' }];
  expect(cellsOf(jobColumns, 'NAME', jobs, 30)).toEqual([expect.stringMatching(/^insert-i\S+…\S+orders_v1$/)]);
});

test('a path loses its beginning, a sentence in the same column its end', () => {
  const path = 's3://flink/checkpoints/e7e05fd3c791a48438132d2cc23e0b5c/chk-733';
  const failure = { words: 'it did not complete within 10 min' };
  expect(cellsOf(checkpointColumns, 'OUTCOME', [{ path }, { path, discarded: true }, { failure }], 24)).toEqual([
    expect.stringMatching(/^…\S+\/chk-733$/),
    'deleted since',
    expect.stringMatching(/^it did not .*…$/),
  ]);
  const operation = { result: 's3://flink/savepoints/savepoint-1a2b3c' };
  expect(cellsOf(operationColumns, 'RESULT', [operation], 30)).toEqual([expect.stringMatching(/^…\S+savepoint-1a2b3c$/)]);
});

test('a line of the timeline keeps what failed and why', () => {
  const text = 'pod taskmanager-1-4 ImagePullBackOff: manifest for flink:2.3.0-custom: not found';
  expect(cellsOf(timelineColumns, 'WHAT HAPPENED', [{ text }], 44)).toEqual([expect.stringMatching(/^pod taskman.*….*custom: not found$/)]);
});
