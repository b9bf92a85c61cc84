import { mostRead } from '../../inside/vertex/series.ts';
import type { Subject } from '../../session/inspections/inspections.ts';
import { knownVertices } from '../../session/selectors/vertices.ts';
import type { VertexPlace } from './places/vertex.ts';
import { subjectsIn } from './places.ts';
import { remembered } from './remembered.ts';
import { visibleRows } from './room.ts';
import { type TableRows, tableRows } from './table-rows.ts';
import type { RowTypes } from './table-sources.ts';
import { standingIn } from './trail.ts';
import type { Frame } from './ui.ts';

/** The checkpoints that are listed, but not on the screen. */
const unseen = remembered(({ all, shown }: TableRows<RowTypes['checkpoints']>, top: number, visible: number): readonly number[] => {
  const seen = new Set(shown.slice(top, top + visible));
  return all.flatMap((row) => (seen.has(row) ? [] : [row.id]));
});

const withUnseen = remembered((subjects: readonly Subject[], ids: readonly number[]): readonly Subject[] =>
  subjects.map((subject) => (subject.kind === 'checkpoints' ? { ...subject, unseen: ids } : subject)),
);

const subjectsOf = remembered(subjectsIn);

/** Charts that have room on a large screen; they begin with the selected metric. */
const mostCharts = 12;

type MetricsTable = 'metrics' | 'subtask-metrics';

/** The metrics on the screen, if there are so many that they are read in turn. */
const metricsFirst = remembered((rows: readonly { readonly name: string }[], top: number, visible: number, selected: number) => [
  ...new Set([...rows.slice(top, top + visible), ...rows.slice(selected, selected + mostCharts)].map(({ name }) => name)),
]);

const withFirst = remembered((subjects: readonly Subject[], first: readonly string[]): readonly Subject[] =>
  subjects.map((subject) => (subject.kind === 'vertex-metrics' || subject.kind === 'subtask-metrics' ? { ...subject, first } : subject)),
);

function withMetrics(frame: Frame, subjects: readonly Subject[], table: MetricsTable): readonly Subject[] {
  const list = frame.ui.lists[table];
  const { all, shown } = tableRows(frame, table, list);
  if (all.length <= mostRead) return subjects;
  return withFirst(subjects, metricsFirst(shown, list.top, visibleRows(frame, table), list.index));
}

const withVertex = remembered((subjects: readonly Subject[], { job, vertex }: VertexPlace): readonly Subject[] => [
  ...subjects,
  { kind: 'vertex', job, vertex },
]);

/** What the view shows. A vertex that was reached past its job is read beside it until its name and its neighbours are known. */
function subjectsHere({ session, ui }: Frame): readonly Subject[] {
  const place = standingIn(ui.trail);
  const subjects = subjectsOf(place);
  const named =
    place.kind !== 'vertex' || subjects.some(({ kind }) => kind === 'vertex') || knownVertices(session, place.job) !== undefined;
  return named ? subjects : withVertex(subjects, place);
}

/** What is on the screen, and so is read: the same list as long as it is the same. */
export function subjectsShown(frame: Frame): readonly Subject[] {
  const subjects = subjectsHere(frame);
  const shows = (wanted: Subject['kind']): boolean => subjects.some(({ kind }) => kind === wanted);
  if (shows('vertex-metrics')) return withMetrics(frame, subjects, 'metrics');
  if (shows('subtask-metrics')) return withMetrics(frame, subjects, 'subtask-metrics');
  if (!shows('checkpoints')) return subjects;
  const list = frame.ui.lists.checkpoints;
  return withUnseen(subjects, unseen(tableRows(frame, 'checkpoints', list), list.top, visibleRows(frame, 'checkpoints')));
}
