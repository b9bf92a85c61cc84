import { configurationRows, summaryRows, summaryTitles } from '../../inside/checkpoints/overview.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDateTime } from '../../support/format.ts';
import type { CheckpointsFacts } from '../inspections/checkpoints.ts';
import type { Column } from './column.ts';
import { aligned } from './text-table.ts';

/** Something that is known of all checkpoints of a job: a count, a measure, a setting. */
export interface CheckpointFact {
  readonly label: string;
  readonly value: string;
}

export const checkpointFactColumns: readonly Column<CheckpointFact>[] = [
  { title: 'FACT', min: 16, max: 26, drop: 0, text: ({ label }) => label },
  { title: 'VALUE', min: 20, max: 400, drop: 0, text: ({ value }) => oneLine(value, 1_000) },
];

const pathOf = (path: string | undefined): string => path ?? 'no path';

/** What the job was restored from, and its latest savepoint. */
export function origins({ restored, latestSavepoint }: CheckpointsFacts): readonly CheckpointFact[] {
  return [
    ...(restored === undefined
      ? []
      : [
          {
            label: 'restored from',
            value: `${restored.isSavepoint ? 'savepoint' : 'checkpoint'} ${restored.id}, ${formatDateTime(restored.at)}, ${pathOf(restored.path)}`,
          },
        ]),
    ...(latestSavepoint === undefined
      ? []
      : [
          {
            label: 'latest savepoint',
            value: `${latestSavepoint.id}, ${formatDateTime(latestSavepoint.triggeredAt)}, ${pathOf(latestSavepoint.path)}`,
          },
        ]),
  ];
}

/** The spread of each measure under the titles of its columns. */
function spreads(facts: CheckpointsFacts): readonly CheckpointFact[] {
  const rows = summaryRows(facts);
  if (rows.length === 0) return [];
  const titles = summaryTitles.map((title) => title.toLowerCase());
  const values = aligned(
    [titles, ...rows.map(({ cells }) => cells)],
    // A cell begins with its first sign: numbers on the right would move to the left in the first column.
    titles.map(() => ({})),
    '  ',
  );
  return ['completed ones', ...rows.map(({ measure }) => measure)].map((label, index) => ({ label, value: values[index] ?? '' }));
}

/** Counts, savepoints, percentiles, and what checkpoints are set to. */
export function checkpointFactRows(facts: CheckpointsFacts): readonly CheckpointFact[] {
  return [
    { label: 'checkpoints', value: facts.counts },
    ...origins(facts),
    ...spreads(facts),
    ...(facts.configuration === undefined ? [] : configurationRows(facts.configuration)),
  ];
}
