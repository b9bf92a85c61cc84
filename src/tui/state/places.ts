import type { Subject } from '../../session/inspections/inspections.ts';
import type { PanelName, PlaceView } from './layout.ts';
import { hasPanel, type PlaceRules, type Standing } from './place.ts';
import { checkpointPlace, checkpointRules, type CheckpointPlace } from './places/checkpoint.ts';
import { exceptionPlace, exceptionRules, type ExceptionPlace } from './places/exception.ts';
import {
  flamePlace,
  flameRules,
  flameSubject,
  profilePlace,
  profileRules,
  profileSubject,
  type FlamePlace,
  type ProfilePlace,
} from './places/flame.ts';
import { incidentRules, type IncidentPlace } from './places/incident.ts';
import { homeRules, type Home } from './places/home.ts';
import { jobPlace, jobRules, type JobPlace } from './places/job.ts';
import { partsIn, processPlace, processRules, type ProcessPlace } from './places/process.ts';
import { subtaskPlace, subtaskRules, subtaskSubject, type SubtaskPlace } from './places/subtask.ts';
import { logFilePlace, logFileRules, type LogFilePlace } from './places/log-file.ts';
import { templatesPlace, templatesRules, type TemplatesPlace } from './places/templates.ts';
import { topPlace, topRules, type TopPlace } from './places/top.ts';
import { vertexPlace, vertexRules, vertexSubjects, type VertexPlace } from './places/vertex.ts';
import { textRules, type TextPlace } from './places/text.ts';

/** The places inside of the cluster. */
export type InnerPlace =
  | JobPlace
  | CheckpointPlace
  | ExceptionPlace
  | VertexPlace
  | SubtaskPlace
  | TopPlace
  | ProcessPlace
  | FlamePlace
  | ProfilePlace
  | LogFilePlace
  | TemplatesPlace
  | IncidentPlace;

/** The places of the screen. */
export type Place = Home | TextPlace | InnerPlace;

/** The rules of a process depend on which one it is. */
const rules: { readonly [Kind in Exclude<Place['kind'], 'process'>]: PlaceRules<Extract<Place, { readonly kind: Kind }>['panel']> } = {
  home: homeRules,
  text: textRules,
  job: jobRules,
  checkpoint: checkpointRules,
  exception: exceptionRules,
  vertex: vertexRules,
  subtask: subtaskRules,
  top: topRules,
  flame: flameRules,
  profile: profileRules,
  'log-file': logFileRules,
  templates: templatesRules,
  incident: incidentRules,
};

/** The place of each kind of subject. */
const placesOf: {
  readonly [Kind in Subject['kind']]: (subject: Extract<Subject, { readonly kind: Kind }>, standing: Standing) => InnerPlace;
} = {
  job: ({ job }, standing) => jobPlace(job, standing),
  checkpoints: ({ job }, standing) => standIn(jobPlace(job, standing), 'checkpoints'),
  checkpoint: checkpointPlace,
  exceptions: ({ job }, standing) => standIn(jobPlace(job, standing), 'exceptions'),
  'job-configuration': ({ job }, standing) => standIn(jobPlace(job, standing), 'job-settings'),
  exception: exceptionPlace,
  vertex: vertexPlace,
  'vertex-taskmanagers': vertexPlace,
  'vertex-accumulators': vertexPlace,
  'vertex-metrics': vertexPlace,
  'metric-by-subtask': vertexPlace,
  subtask: subtaskPlace,
  'subtask-metrics': subtaskPlace,
  top: ({ job }, standing) => topPlace(job, standing),
  process: processPlace,
  flame: flamePlace,
  profile: profilePlace,
  'log-file': logFilePlace,
  templates: templatesPlace,
};

/** The tables have a function for each kind, which takes subjects or places of that kind only. */
export const placeOf = (subject: Subject, standing: Standing): InnerPlace =>
  (placesOf[subject.kind] as (subject: Subject, standing: Standing) => InnerPlace)(subject, standing);

/** What the views of a job read in place of the job itself. */
const readInJob: Readonly<Record<string, (job: string) => readonly Subject[]>> = {
  Checkpoints: (job) => [{ kind: 'checkpoints', job }],
  Exceptions: (job) => [{ kind: 'exceptions', job }],
  Configuration: (job) => [{ kind: 'job-configuration', job }],
};

/** What a place shows, and so what is read while it is on the screen. */
const subjectsOf: { readonly [Kind in InnerPlace['kind']]: (place: Extract<InnerPlace, { readonly kind: Kind }>) => readonly Subject[] } = {
  job: ({ job, view }) => readInJob[jobRules.views[view]?.title ?? '']?.(job) ?? [{ kind: 'job', job }],
  checkpoint: ({ job, id, vertex }) => [
    { kind: 'checkpoint', job, id, vertex: undefined },
    ...(vertex === undefined ? [] : [{ kind: 'checkpoint', job, id, vertex } as const]),
  ],
  exception: ({ job, id }) => [{ kind: 'exception', job, id }],
  vertex: vertexSubjects,
  subtask: (place) => [subtaskSubject(place)],
  top: ({ job }) => [{ kind: 'top', job }],
  process: partsIn,
  flame: (place) => [flameSubject(place)],
  profile: (place) => [profileSubject(place)],
  'log-file': ({ process, name }) => [{ kind: 'log-file', process, name }],
  templates: ({ pods }) => [{ kind: 'templates', pods }],
  // Read by `why`, from what the session knows.
  incident: () => [],
};

export const isInner = (place: Place): place is InnerPlace => Object.hasOwn(subjectsOf, place.kind);

export const subjectsIn = (place: Place): readonly Subject[] =>
  isInner(place) ? (subjectsOf[place.kind] as (place: InnerPlace) => readonly Subject[])(place) : [];

export const rulesOf = (place: Place): PlaceRules<PanelName> => (place.kind === 'process' ? processRules(place) : rules[place.kind]);

/** The view of a place within that is shown; undefined: the place has no views. */
export const viewIn = (place: Place): PlaceView | undefined => (isInner(place) ? rulesOf(place).views?.[place.view] : undefined);

export const isPanelOf = <P extends Place>(place: P, panel: PanelName): panel is P['panel'] => hasPanel(rulesOf(place), panel);

/** The place with the focus on a panel, and with the view that has it. */
export function standIn<P extends Place>(place: P, panel: PanelName, rest: Partial<Omit<Standing, 'panel'>> = {}): P {
  if (!isPanelOf(place, panel)) return { ...place, ...rest };
  // Several views may have the panel: if the present one is among them, it stays.
  const view =
    viewIn(place)?.panels.includes(panel) === true ? -1 : (rulesOf(place).views?.findIndex(({ panels }) => panels.includes(panel)) ?? -1);
  return { ...place, ...rest, panel, ...(view < 0 ? {} : { view }) };
}

/**
 * The previous place, when another one is left: its focus, its zoom and its typing are as they were. After a passing place, a panel of the
 * previous place that now has the focus keeps it, and a zoom that has ended stays ended.
 */
export function foundAgain<P extends Place>(before: P, { panel, zoomed, typing }: Standing, { passing }: PlaceRules<PanelName>): P {
  if (!passing) return before;
  return typing === 'off' && isPanelOf(before, panel)
    ? { ...before, panel, zoomed, typing }
    : { ...before, zoomed: before.zoomed && zoomed };
}
