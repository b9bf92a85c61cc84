import { configurationRows, summaryRows, summaryTitles } from '../../inside/checkpoints/overview.ts';
import { splitOf } from '../../inside/checkpoints/split.ts';
import type { CheckpointInside, CheckpointsFacts } from '../../session/inspections/checkpoints.ts';
import { checkpointColumns, checkpointSubtaskColumns, checkpointVertexColumns } from '../../session/tables/checkpoints.ts';
import { origins } from '../../session/tables/checkpoint-facts.ts';
import { aligned, textTable } from '../../session/tables/text-table.ts';
import type { Instant } from '../../support/clock.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { isoTime } from '../../support/machine-text.ts';

/** The checkpoints of a job as text: history, percentiles, configuration. */
export function checkpointsText(facts: CheckpointsFacts, now: Instant): readonly string[] {
  const { on, counts, rows, configuration } = facts;
  if (!on) return [counts];
  const summary = summaryRows(facts);
  const right = { align: 'right' } as const;
  return [
    counts,
    ...origins(facts).map(({ label, value }) => `${label}: ${oneLine(value, 1_000)}`),
    ...(rows.length === 0 ? [] : ['', ...textTable(checkpointColumns, rows, { now, whole: true })]),
    ...(summary.length === 0
      ? []
      : [
          '',
          ...aligned(
            [['COMPLETED', ...summaryTitles], ...summary.map(({ measure, cells }) => [measure, ...cells])],
            [{}, ...summaryTitles.map(() => right)],
            '  ',
          ),
        ]),
    ...(configuration === undefined
      ? []
      : [
          '',
          'Configuration',
          ...configurationRows(configuration).map(({ label, value }) => `  ${label.padEnd(20)}${oneLine(value, 400)}`),
        ]),
  ];
}

/** The same for programs. Everything that Flink tells, in bytes and milliseconds. */
export const checkpointsData = ({ on, completed, restored, latestSavepoint, rows, summary, configuration }: CheckpointsFacts): unknown => ({
  enabled: on,
  completed,
  restored: restored === undefined ? null : { ...restored, at: isoTime(restored.at), path: restored.path ?? null },
  latestSavepoint:
    latestSavepoint === undefined
      ? null
      : { id: latestSavepoint.id, triggeredAt: isoTime(latestSavepoint.triggeredAt) ?? null, path: latestSavepoint.path ?? null },
  checkpoints: rows.map(checkpointData),
  summary: summary ?? null,
  configuration: configuration ?? null,
});

const checkpointData = ({ split, failure, triggeredAt, ...row }: CheckpointInside['checkpoint']) => ({
  ...row,
  triggeredAt: isoTime(triggeredAt) ?? null,
  failure: failure ?? null,
  phases: split === undefined ? null : phasesData(split),
});

const phasesData = (split: NonNullable<CheckpointInside['checkpoint']['split']>) => ({
  startDelayMs: split['start delay'],
  alignmentMs: split.alignment,
  syncMs: split.sync,
  asyncMs: split.async,
  otherMs: split.other,
});

/** One checkpoint as text: what held it up, its operators, and the subtasks of the one that did. */
export function checkpointText({ checkpoint, vertices, vertexId, subtasks, holdup }: CheckpointInside, now: Instant): readonly string[] {
  const form = { now, whole: true };
  const looked = vertices.find((vertex) => vertex.vertexId === vertexId);
  return [
    ...textTable(checkpointColumns, [checkpoint], form),
    ...(checkpoint.failure === undefined ? [] : ['', `Failed: ${oneLine(checkpoint.failure.words, 1_000)}.`]),
    ...(holdup === undefined ? [] : ['', oneLine(holdup.sentence, 2_000)]),
    ...(vertices.length === 0 ? [] : ['', ...textTable(checkpointVertexColumns, vertices, form)]),
    ...(looked === undefined || subtasks.length === 0
      ? []
      : ['', `Subtasks of ${oneLine(looked.name, 200)}, the slowest first`, ...textTable(checkpointSubtaskColumns, subtasks, form)]),
  ];
}

export const checkpointInsideData = ({ checkpoint, vertices, vertexId, subtasks, holdup }: CheckpointInside): unknown => ({
  checkpoint: checkpointData(checkpoint),
  holdup: holdup === undefined ? null : { vertexId: holdup.vertexId ?? null, subtask: holdup.subtask ?? null, sentence: holdup.sentence },
  operators: vertices.map(({ acknowledgedAt, ...vertex }) => ({ ...vertex, acknowledgedAt: isoTime(acknowledgedAt) ?? null })),
  subtasksOf: vertexId ?? null,
  subtasks: subtasks.map((row) => {
    if (row.state === 'pending') return row;
    const split = splitOf(row);
    return { ...row, at: isoTime(row.at) ?? null, phases: split === undefined ? null : phasesData(split) };
  }),
});
