import { type SubtaskFigure, subtaskFigures, subtaskIn, type SubtaskInside } from '../../inside/vertex/subtask.ts';
import type { SubtaskFacts } from '../../inside/vertex/vertex-facts.ts';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import { attemptColumns, type AttemptRow, attemptRow } from '../../session/tables/attempts.ts';
import { subtaskMetricColumns, type SubtaskMetricRow, subtaskMetricRows } from '../../session/tables/metrics.ts';
import { subtaskFigureColumns } from '../../session/tables/subtask-figures.ts';
import { remembered } from './remembered.ts';
import { nearest, standingIn } from './trail.ts';
import type { Frame } from './ui.ts';
import { subtaskRows } from './vertex-rows.ts';

type At = Pick<Frame, 'session' | 'ui'>;

/** The row type of each table of a subtask. */
export interface SubtaskRowTypes {
  readonly attempts: AttemptRow;
  readonly 'subtask-figures': SubtaskFigure;
  readonly 'subtask-metrics': SubtaskMetricRow;
}

/** What was read of the subtask that one is in. */
export function subtaskInspected({ session, ui }: At) {
  const place = nearest(ui.trail, 'subtask');
  return place === undefined ? undefined : inspectionOf(session, place);
}

export function subtaskHere(at: At): SubtaskFacts | undefined {
  const facts = subtaskInspected(at)?.facts;
  return facts === undefined ? undefined : subtaskIn(facts);
}

/** Where the subtask that one stands in runs, from whatever was read of it; undefined: not known, or one stands elsewhere. */
export function taskManagerHere(at: At): string | undefined {
  const place = standingIn(at.ui.trail);
  if (place.kind !== 'subtask') return undefined;
  return (subtaskHere(at) ?? subtaskRows(at).find(({ subtask }) => subtask === place.subtask))?.taskManagerId;
}

export function subtaskMetricsInspected({ session, ui }: At) {
  const place = nearest(ui.trail, 'subtask');
  if (place === undefined) return undefined;
  return inspectionOf(session, { kind: 'subtask-metrics', job: place.job, vertex: place.vertex, subtask: place.subtask });
}

const nothing: readonly never[] = [];
const attemptsOf = remembered(({ attempts }: SubtaskInside, clusterId: string) => attempts.map((one) => attemptRow(one, clusterId)));
const metricsOf = remembered(subtaskMetricRows);
const figuresOf = remembered(subtaskFigures);
const asTheyAre = <Row>(rows: readonly Row[]): readonly Row[] => rows;

export function attemptRows(at: At): readonly AttemptRow[] {
  const facts = subtaskInspected(at)?.facts;
  return facts === undefined ? nothing : attemptsOf(facts, at.session.target.clusterId);
}

/** The tables of a subtask. */
export const subtaskSources = {
  attempts: {
    columns: attemptColumns,
    all: attemptRows,
    idOf: ({ key }: AttemptRow) => key,
    usual: asTheyAre,
    besides: ({ run }: AttemptRow) => run?.taskManagerId ?? '',
  },
  'subtask-figures': {
    columns: subtaskFigureColumns,
    all(at: At) {
      const facts = subtaskInspected(at)?.facts;
      return facts === undefined ? nothing : figuresOf(facts);
    },
    idOf: ({ name }: SubtaskFigure) => name,
    usual: asTheyAre,
    besides: () => '',
  },
  'subtask-metrics': {
    columns: subtaskMetricColumns,
    all(at: At) {
      const facts = subtaskMetricsInspected(at)?.facts;
      return facts === undefined ? nothing : metricsOf(facts);
    },
    idOf: ({ name }: SubtaskMetricRow) => name,
    usual: asTheyAre,
    besides: () => '',
  },
};
