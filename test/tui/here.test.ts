import { expect, test } from 'vitest';
import type { Here } from '../../src/commands/model/types.ts';
import type { Subject } from '../../src/session/inspections/inspections.ts';
import { hereIn } from '../../src/tui/state/here.ts';
import type { TableName } from '../../src/tui/state/layout.ts';
import { placeOf } from '../../src/tui/state/places.ts';
import { textPlace } from '../../src/tui/state/places/text.ts';
import { enter, here, type Trail } from '../../src/tui/state/trail.ts';
import { initialUi, type Ui } from '../../src/tui/state/ui.ts';
import { textOfLines } from './where.ts';

const selected: Partial<Record<TableName, string>> = { jobs: 'j1', pods: 'p1', vertices: 'v1', top: 'v2', subtasks: '3' };

function uiIn(...subjects: readonly Subject[]): Pick<Ui, 'trail' | 'lists'> {
  const ui = initialUi({ theme: 'dark', mouse: false });
  const lists = Object.entries(selected).map(([name, id]) => [name, { ...ui.lists[name as TableName], selected: id }] as const);
  const trail = subjects.reduce<Trail>((so, subject) => enter(so, placeOf(subject, here(so))), ui.trail);
  return { trail, lists: { ...ui.lists, ...Object.fromEntries(lists) } };
}

const job = { job: 'j2', subject: 'j2' };

test.each<readonly [string, readonly Subject[], Here]>([
  ['at home', [], { job: 'j1', pod: 'p1', subject: 'j1' }],
  ['in a job', [{ kind: 'job', job: 'j2' }], { ...job, vertex: 'v1' }],
  ['among all vertices of a job', [{ kind: 'top', job: 'j2' }], { ...job, vertex: 'v2' }],
  ['in a vertex', [{ kind: 'vertex', job: 'j2', vertex: 'v5' }], { ...job, vertex: 'v5', subtask: '3' }],
  ['in a subtask', [{ kind: 'subtask', job: 'j2', vertex: 'v5', subtask: 0 }], { ...job, vertex: 'v5', subtask: '0' }],
  ['in a failure', [{ kind: 'exception', job: 'j2', id: 'x' }], job],
  ['in the JobManager', [{ kind: 'process', process: { kind: 'jobmanager' }, part: 'figures' }], { pod: 'jm', subject: 'jm' }],
  ['in a TaskManager', [{ kind: 'process', process: { kind: 'taskmanager', id: 'tm' }, part: 'threads' }], { pod: 'tm', subject: 'tm' }],
])('%s, words that are left out mean what one looks at', (_, subjects, meant) => {
  expect(hereIn({ ui: uiIn(...subjects) as Ui })).toEqual(meant);
});

test('a text over a place does not hide what is meant', () => {
  const ui = uiIn({ kind: 'job', job: 'j2' });
  const trail = enter(ui.trail, textPlace(textOfLines(['one']), here(ui.trail)));
  expect(hereIn({ ui: { ...ui, trail } as Ui })).toMatchObject({ job: 'j2', vertex: 'v1' });
});
