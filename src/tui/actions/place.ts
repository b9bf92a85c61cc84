import type { FlameSubject } from '../../session/inspections/flame.ts';
import { inspectionOf, keyOf, type Subject } from '../../session/inspections/inspections.ts';
import { knownVertices } from '../../session/selectors/vertices.ts';
import { isInner, placeOf, rulesOf, type InnerPlace } from '../state/places.ts';
import { isTable, isView, type TableName } from '../state/layout.ts';
import { rowsOf } from '../state/table-rows.ts';
import { subtaskInspected } from '../state/subtask-rows.ts';
import { enter, here, lookWithin, nearest, standAt, turnTo, type Trail } from '../state/trail.ts';
import type { Frame, Ui } from '../state/ui.ts';
import { flameSubject, profileSubject } from '../state/places/flame.ts';
import type { IncidentPlace } from '../state/places/incident.ts';
import { processesOf, processSubject } from '../state/places/process.ts';
import type { App } from './app.ts';
import { nothingSelected } from './panels.ts';

/** The place of another subject: its tables begin at their first row and in their own order. A filter stays, and is in the title. */
export function arrived(ui: Ui, trail: Trail): Ui {
  const lists = { ...ui.lists };
  for (const panel of rulesOf(here(trail)).panels)
    if (isTable(panel) && !isView(panel))
      lists[panel] = { ...lists[panel], selected: undefined, chosen: undefined, index: 0, top: 0, scrolled: false, held: undefined };
  return { ...ui, trail, lists };
}

/** Goes into the place of a subject. `view`: the title of one of its views; undefined: the first one. */
export function enterSubject(app: App, subject: Subject, view?: string): void {
  app.update((ui) => {
    const trail = enter(ui.trail, placeOf(subject, here(ui.trail)));
    const wanted = rulesOf(here(trail)).views?.find(({ title }) => title === view)?.panels[0];
    return arrived(ui, wanted === undefined ? trail : standAt(trail, wanted));
  });
}

export function enterJob(app: App): void {
  const job = app.ui.lists.jobs.selected;
  if (job === undefined) nothingSelected(app, 'jobs');
  else enterSubject(app, { kind: 'job', job });
}

/** The views of the place; a number that it does not have says so. */
export function lookAtView(app: App, view: number): void {
  const views = rulesOf(here(app.ui.trail)).views ?? [];
  if (view < views.length) return app.update((ui) => ({ ...ui, trail: lookWithin(ui.trail, view) }));
  const names = views.map(({ title }, index) => `${index + 1} ${title}`).join(', ');
  app.set({ result: { lines: [`The views here are: ${names}.`], tone: 'info' } });
}

/** Neighbours that are the rows of a table. */
function inTable(frame: Frame, table: TableName, subject: (id: string) => Subject): readonly Subject[] {
  const rows = rowsOf(frame, table, frame.ui.lists[table]);
  return Array.from({ length: rows.count }, (_, index) => subject(rows.idAt(index) ?? ''));
}

/** In the order of their table, if one came from there. */
function subtasksOf(frame: Frame): readonly number[] {
  if (nearest(frame.ui.trail, 'vertex') !== undefined) {
    const { count, idAt } = rowsOf(frame, 'subtasks', frame.ui.lists.subtasks);
    return Array.from({ length: count }, (_, index) => Number(idAt(index)));
  }
  return subtaskInspected(frame)?.facts?.vertex.subtasks.map(({ subtask }) => subtask) ?? [];
}

/** Places that may have neighbours; a card has incidents instead. */
type Neighboured = Exclude<InnerPlace, IncidentPlace>;

/** The subjects of the same kind, in the order in which they are listed. */
const besides: {
  readonly [Kind in Neighboured['kind']]: (place: Extract<Neighboured, { readonly kind: Kind }>, frame: Frame) => readonly Subject[];
} = {
  job: (_, frame) => inTable(frame, 'jobs', (job) => ({ kind: 'job', job })),
  checkpoint: ({ job }, frame) => inTable(frame, 'checkpoints', (id) => ({ kind: 'checkpoint', job, id: Number(id), vertex: undefined })),
  process: (_, { session }) => processesOf(session).map(processSubject),
  exception: ({ job }, frame) => inTable(frame, 'exceptions', (id) => ({ kind: 'exception', job, id })),
  vertex: ({ job }, { session }) => (knownVertices(session, job) ?? []).map(({ id }) => ({ kind: 'vertex', job, vertex: id })),
  subtask: ({ job, vertex }, frame) => subtasksOf(frame).map((subtask) => ({ kind: 'subtask', job, vertex, subtask })),
  'log-file': ({ process }, frame) => inTable(frame, 'files', (name) => ({ kind: 'log-file', process, name })),
  templates: () => [],
  top: (_, frame) => inTable(frame, 'jobs', (job) => ({ kind: 'top', job })),
  flame: (place, { session }) => flamesBeside(flameSubject(place), session),
  profile: (place, { session }) => processesOf(session).map((process) => ({ ...profileSubject(place), process })),
};

/** Of a subtask the other subtasks of its vertex, otherwise the other vertices. */
function flamesBeside(subject: FlameSubject, session: Frame['session']): readonly FlameSubject[] {
  const siblings = inspectionOf(session, subject)?.facts?.siblings ?? [];
  if (subject.subtask === undefined) return siblings.map(({ id }) => ({ ...subject, vertex: id }));
  const parallelism = siblings.find(({ id }) => id === subject.vertex)?.parallelism ?? 0;
  return Array.from({ length: parallelism }, (_, subtask) => ({ ...subject, subtask }));
}

/** The table has a function for each kind, which takes places of that kind only. */
const besidesOf = (place: Neighboured, frame: Frame): readonly Subject[] =>
  (besides[place.kind] as (place: Neighboured, frame: Frame) => readonly Subject[])(place, frame);

/** The subject as its neighbours list it. */
function subjectOf(place: Neighboured): Subject {
  switch (place.kind) {
    case 'checkpoint':
      // The operator that is looked into does not make it another checkpoint.
      return { ...place, vertex: undefined };
    case 'flame':
      return flameSubject(place);
    case 'profile':
      return profileSubject(place);
    default:
      return place;
  }
}

/** The same view of the previous or the next one of its kind; at an end it stays. */
export function stepPlace(app: App, step: 1 | -1): void {
  const place = here(app.ui.trail);
  if (!isInner(place) || place.kind === 'incident') return;
  const all = besidesOf(place, app.frame());
  const own = keyOf(subjectOf(place));
  const at = all.findIndex((subject) => keyOf(subject) === own);
  const next = all[at + step];
  if (at < 0 || next === undefined)
    return app.set({ result: { lines: [step > 0 ? 'This is the last one.' : 'This is the first one.'], tone: 'info' } });
  app.update((ui) => arrived(ui, turnTo(ui.trail, next)));
}
