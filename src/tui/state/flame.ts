import { type Flame, flameOf } from '../../inside/flame/flame.ts';
import { type FlameCell, layoutFlame } from '../../inside/flame/layout.ts';
import { methodsOf } from '../../inside/flame/methods.ts';
import { frameAt } from '../../inside/flame/path.ts';
import { type FlameHits, searchFlame } from '../../inside/flame/search.ts';
import { partingOf } from '../../inside/flame/steps.ts';
import type { ShownSamples } from '../../session/inspections/flame.ts';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import { type MethodRow, methodRows } from '../../session/tables/methods.ts';
import { matches, type TextFilter } from './filter.ts';
import { type FlamePlace, type FlameState, flameSubject, type ProfilePlace, profileSubject } from './places/flame.ts';
import { remembered } from './remembered.ts';
import { scrollTo } from './room.ts';
import { standingIn } from './trail.ts';
import type { Frame } from './ui.ts';

type At = Pick<Frame, 'session' | 'ui'>;

/** The flame graph that one is at; undefined: one is elsewhere. */
export function flamePlaceHere({ ui }: Pick<Frame, 'ui'>): FlamePlace | ProfilePlace | undefined {
  const place = standingIn(ui.trail);
  return place.kind === 'flame' || place.kind === 'profile' ? place : undefined;
}

/** What was read of a vertex for its flame graph. */
export function flameInspected({ session, ui }: At) {
  const place = standingIn(ui.trail);
  return place.kind === 'flame' ? inspectionOf(session, flameSubject(place)) : undefined;
}

export function profileInspected({ session, ui }: At) {
  const place = standingIn(ui.trail);
  return place.kind === 'profile' ? inspectionOf(session, profileSubject(place)) : undefined;
}

export const samplesHere = (at: At): ShownSamples | undefined => flameInspected(at)?.facts?.samples ?? profileInspected(at)?.facts?.shown;

// A graph of thousands of frames is made, laid out, counted and searched once, not for each frame of the screen.
const flameOnce = remembered(flameOf);
const layoutOnce = remembered(layoutFlame);
const methodsOnce = remembered((flame: Flame, root: number): readonly MethodRow[] => methodRows(methodsOf(flame, root), flame.total));
const hitsOnce = remembered((flame: Flame, search: TextFilter): FlameHits => searchFlame(flame, (name) => matches(search, name)));

/** The flame graph of the samples, and the frame that is zoomed into. Undefined: there are no samples. */
export function flameHere(at: At): { readonly flame: Flame; readonly root: number; readonly graph: FlameState } | undefined {
  const place = flamePlaceHere(at);
  const samples = samplesHere(at);
  const flame = samples === undefined ? undefined : flameOnce(samples.frames);
  if (place === undefined || flame === undefined) return undefined;
  return { flame, root: frameAt(flame, place.graph.roots.at(-1) ?? []), graph: place.graph };
}

const none: readonly MethodRow[] = [];

/** The methods at and below the frame that is zoomed into. */
export function methodsHere(at: At): readonly MethodRow[] {
  const here = flameHere(at);
  return here === undefined ? none : methodsOnce(here.flame, here.root);
}

/** The flame graph as it is shown. */
export interface ShownFlame {
  readonly flame: Flame;
  /** Index of the frame that is zoomed into; 0: the whole graph. */
  readonly root: number;
  readonly rows: readonly (readonly FlameCell[])[];
  readonly selected: number;
  /** Index of the uppermost row in view. */
  readonly top: number;
  /** Rows in view. */
  readonly visible: number;
  /** Undefined: there is no search. */
  readonly hits: FlameHits | undefined;
}

/** The last line of the panel has the selected frame in full. */
export const detailLines = 1;

/** Undefined: there are no samples, or the panel has no room. */
export function shownFlame(frame: Pick<Frame, 'session' | 'ui' | 'layout'>): ShownFlame | undefined {
  const here = flameHere(frame);
  const area = frame.layout.panels.find(({ name }) => name === 'flame')?.area;
  if (here === undefined || area === undefined) return undefined;
  const { flame, root, graph } = here;
  const rows = layoutOnce(flame, Math.max(1, area.width - 2), root);
  const selected = graph.selected === undefined ? partingOf(flame, root) : frameAt(flame, graph.selected);
  const depth = flame.frames[selected]?.depth ?? 0;
  const visible = Math.max(1, area.height - 2 - detailLines);
  const top = scrollTo(graph.top ?? Math.max(0, depth - 1), depth, visible, rows.length);
  return { flame, root, rows, selected, top, visible, hits: graph.search === undefined ? undefined : hitsOnce(flame, graph.search) };
}
