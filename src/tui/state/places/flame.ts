import { flameTypes, profileModes, type FlameType } from '../../../flink/flame-types.ts';
import type { FramePath } from '../../../inside/flame/path.ts';
import type { FlameSubject } from '../../../session/inspections/flame.ts';
import type { ProfileSubject } from '../../../session/inspections/profile.ts';
import type { TextFilter } from '../filter.ts';
import type { PlaceView } from '../layout.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** How a flame graph is looked at. Frames are kept by their paths: the next sample has them at other indexes. */
export interface FlameState {
  /** Undefined: the last frame that is in nearly all samples. */
  readonly selected: FramePath | undefined;
  /** The frames that were zoomed into, each called from the one before. */
  readonly roots: readonly FramePath[];
  /** The uppermost row in view; undefined: the one above the selection. */
  readonly top: number | undefined;
  readonly search: TextFilter | undefined;
}

export const wholeFlame: FlameState = { selected: undefined, roots: [], top: undefined, search: undefined };

type FlamePanel = 'flame' | 'methods' | 'log';

/** Where a vertex or a subtask spends its time. Its views are the types of samples. */
export interface FlamePlace extends Within<FlamePanel>, Omit<FlameSubject, 'type'> {
  readonly graph: FlameState;
}

/** What a process spends its time or memory on, as its profiler saw it. Its views are the modes of the profiler. */
export interface ProfilePlace extends Within<FlamePanel>, Omit<ProfileSubject, 'mode'> {
  readonly graph: FlameState;
}

const typeTitles: Readonly<Record<FlameType, string>> = { on_cpu: 'On CPU', off_cpu: 'Off CPU', full: 'On and off' };

const rulesWith = (titles: readonly string[]): PlaceRules<FlamePanel> & { readonly views: readonly PlaceView<FlamePanel>[] } => ({
  panels: ['flame', 'methods', 'log'],
  main: 'log',
  passing: false,
  views: titles.map((title) => ({ title, panels: ['flame', 'methods'], beside: true })),
});

export const flameRules = rulesWith(flameTypes.map((type) => typeTitles[type]));
export const profileRules = rulesWith(
  profileModes.map((mode) => (mode === 'cpu' ? 'CPU' : `${mode.charAt(0).toUpperCase()}${mode.slice(1)}`)),
);

const standing = { panel: 'flame', zoomed: false, graph: wholeFlame } as const;

export const flamePlace = ({ job, vertex, subtask, type }: FlameSubject, { typing }: Standing): FlamePlace => ({
  kind: 'flame',
  job,
  vertex,
  subtask,
  view: flameTypes.indexOf(type),
  typing,
  ...standing,
});

export const profilePlace = ({ process, mode }: ProfileSubject, { typing }: Standing): ProfilePlace => ({
  kind: 'profile',
  process,
  view: profileModes.indexOf(mode),
  typing,
  ...standing,
});

export const flameSubject = ({ kind, job, vertex, subtask, view }: FlamePlace): FlameSubject => ({
  kind,
  job,
  vertex,
  subtask,
  type: flameTypes[view] ?? 'on_cpu',
});

export const profileSubject = ({ kind, process, view }: ProfilePlace): ProfileSubject => ({
  kind,
  process,
  mode: profileModes[view] ?? 'cpu',
});
