import type { Subject } from '../../session/inspections/inspections.ts';
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

/** What is on the screen, and so is read: the same list as long as it is the same. */
export function subjectsShown(frame: Frame): readonly Subject[] {
  const subjects = subjectsOf(standingIn(frame.ui.trail));
  if (!subjects.some(({ kind }) => kind === 'checkpoints')) return subjects;
  const list = frame.ui.lists.checkpoints;
  return withUnseen(subjects, unseen(tableRows(frame, 'checkpoints', list), list.top, visibleRows(frame, 'checkpoints')));
}
