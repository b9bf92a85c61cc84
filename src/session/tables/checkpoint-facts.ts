import { configurationRows, summaryRows, summaryTitles } from '../../inside/checkpoints/overview.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDateTime } from '../../support/format.ts';
import type { CheckpointsFacts } from '../inspections/checkpoints.ts';
import type { Column } from './column.ts';

/** Something that is known of all checkpoints of a job: a count, a measure, a setting. */
export interface CheckpointFact {
  readonly label: string;
  readonly value: string;
}

export const checkpointFactColumns: readonly Column<CheckpointFact>[] = [
  { title: 'FACT', min: 16, max: 26, drop: 0, text: ({ label }) => label },
  { title: 'VALUE', min: 20, max: 400, drop: 0, text: ({ value }) => oneLine(value, 1_000) },
];

/** Counts, what the job was restored from, percentiles, and what checkpoints are set to. */
export function checkpointFactRows(facts: CheckpointsFacts): readonly CheckpointFact[] {
  const { counts, restored, configuration } = facts;
  return [
    { label: 'checkpoints', value: counts },
    ...(restored === undefined
      ? []
      : [
          {
            label: 'restored from',
            value: `${restored.isSavepoint ? 'savepoint' : 'checkpoint'} ${restored.id}, ${formatDateTime(restored.at)}, ${restored.path ?? 'no path'}`,
          },
        ]),
    ...summaryRows(facts).map(({ measure, cells }) => ({
      label: measure,
      value: cells.map((cell, index) => `${(summaryTitles[index] ?? '').toLowerCase()} ${cell}`).join('   '),
    })),
    ...(configuration === undefined ? [] : configurationRows(configuration)),
  ];
}
