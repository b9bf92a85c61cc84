import type { FlinkProcess } from '../../flink/process-types.ts';
import type { Subject } from '../../session/inspections/inspections.ts';
import { layout, type LayoutWish, type PanelName, type Size, type ViewName } from './layout.ts';
import type { Typing } from './place.ts';
import { foundAgain, isInner, isPanelOf, placeOf, rulesOf, standIn, viewIn, type InnerPlace, type Place } from './places.ts';
import type { FlameState } from './places/flame.ts';
import type { Home } from './places/home.ts';
import type { TextState } from './places/text.ts';

type Inner = Exclude<Place, Home>;

/** The places that were entered one from the other. The last one is on the screen; the others keep the state in which they were left. */
export type Trail = readonly [Home, ...Inner[]];

/** Where the keys go: a panel, or the command line. */
export type Focus = PanelName | 'command';

export const here = (trail: Trail): Place => trail.at(-1) ?? trail[0];

export function focusOf(trail: Trail): Focus {
  const { panel, typing } = here(trail);
  return typing === 'off' ? panel : 'command';
}

/** The panel that takes all the room. */
export function zoomedOf(trail: Trail): PanelName | undefined {
  const { panel, zoomed } = here(trail);
  return zoomed ? panel : undefined;
}

/** The table that is shown if not all of them have room. */
export const viewOf = ([{ view }]: Trail): ViewName => view;

/** The displayed text. */
export function textOf(trail: Trail): TextState | undefined {
  const place = here(trail);
  return 'text' in place ? place.text : undefined;
}

/** The place within that is nearest to the present one and is of this kind; undefined: none is on the trail. */
export const nearest = <Kind extends InnerPlace['kind']>(
  trail: Trail,
  kind: Kind,
): Extract<InnerPlace, { readonly kind: Kind }> | undefined =>
  trail.findLast((place): place is Extract<InnerPlace, { readonly kind: Kind }> => place.kind === kind);

/** The layout that the place asks for. */
export const layoutWish = (trail: Trail, rows?: number): LayoutWish => ({
  view: viewOf(trail),
  text: rulesOf(here(trail)).main === 'text',
  zoomed: zoomedOf(trail),
  rows,
  within: viewIn(standingIn(trail)),
  panel: here(trail).panel,
});

/** The place that one stands in: a text is only passing. */
export const standingIn = (trail: Trail): Place => trail.findLast((place) => !rulesOf(place).passing) ?? trail[0];

/** The process that one looks at, or one of its files. */
export function processIn(trail: Trail): FlinkProcess | undefined {
  const place = standingIn(trail);
  return 'process' in place ? place.process : undefined;
}

/** Enters a place. If the present one is of the same kind, it is replaced: Esc then leads back to where that one was entered. */
export function enter(trail: Trail, place: Inner): Trail {
  const [home, ...inner] = trail;
  return [home, ...(inner.at(-1)?.kind === place.kind ? inner.slice(0, -1) : inner), place];
}

/** Back to the place before. */
export function leave(trail: Trail): Trail {
  const [home, ...inner] = trail;
  const left = inner.pop();
  return left === undefined ? trail : changeHere([home, ...inner], (place) => foundAgain(place, left, rulesOf(left)));
}

/** Moves the focus to a panel, and leaves the places that do not have it. */
export function goTo(trail: Trail, panel: PanelName): Trail {
  const [home, ...inner] = trail;
  const { zoomed } = here(trail);
  const last = inner.findLastIndex((place) => isPanelOf(place, panel));
  return changeHere([home, ...inner.slice(0, last + 1)], (place) => standIn(place, panel, { zoomed, typing: 'off' }));
}

/** Moves the focus to a panel where it can be seen: a text that would cover it is closed. */
export function goToSeen(trail: Trail, panel: PanelName, size: Size): Trail {
  const next = goTo(trail, panel);
  const seen = layout(size, layoutWish(next)).panels.some(({ name }) => name === panel);
  return seen || !rulesOf(here(next)).passing ? next : goTo(leave(next), panel);
}

/** Moves the focus to a panel of this place, if it has that panel; typing and zoom stay as they are. */
export const standAt = (trail: Trail, panel: PanelName): Trail => changeHere(trail, (place) => standIn(place, panel));

/** Leaves all places but home, so that one of its panels is visible; typing continues. */
export function showAtHome(trail: Trail, panel: Home['panel']): Trail {
  const [home] = trail;
  const { panel: had, zoomed, typing } = here(trail);
  return [{ ...home, zoomed, typing, panel: !zoomed && isPanelOf(home, had) ? had : panel }];
}

/** Shows another view of the place, if it has that many; a panel that both views have keeps the focus. */
export function lookWithin(trail: Trail, view: number): Trail {
  const place = here(trail);
  const panels = rulesOf(place).views?.[view]?.panels ?? [];
  const panel = panels.find((name) => name === place.panel) ?? panels[0];
  return panel === undefined ? trail : changeHere(goTo(trail, panel), (gone) => (isInner(gone) ? { ...gone, view } : gone));
}

/** The same view of another subject of this kind; the focus and the zoom stay as they are. */
export function turnTo(trail: Trail, subject: Subject): Trail {
  const [home, ...inner] = trail;
  const left = inner.pop();
  if (left === undefined || !isInner(left)) return trail;
  const { panel, view, zoomed } = left;
  const next = placeOf(subject, left);
  // A TaskManager does not have all views of the JobManager.
  const same = rulesOf(next).views?.[view] === undefined ? next.view : view;
  return [home, ...inner, standIn({ ...next, view: same, zoomed }, panel)];
}

/** Shows another table without leaving any place. */
export const lookAt = ([home, ...inner]: Trail, view: ViewName): Trail => [{ ...home, view }, ...inner];

/** Moves the focus to the command line, or back to the panel that had it. */
export const type = (trail: Trail, typing: Typing): Trail => changeHere(trail, (place) => ({ ...place, typing }));

/** Zooms the focused panel, or ends that. */
export const zoom = (trail: Trail, zoomed: boolean): Trail => changeHere(trail, (place) => ({ ...place, zoomed }));

/** Changes the present place, if it is of this kind. */
export function withPlace<Kind extends Inner['kind']>(
  trail: Trail,
  kind: Kind,
  change: (place: Extract<Inner, { readonly kind: Kind }>) => Extract<Inner, { readonly kind: Kind }>,
): Trail {
  const [home, ...inner] = trail;
  const last = inner.pop();
  if (last?.kind !== kind) return trail;
  return [home, ...inner, change(last as Extract<Inner, { readonly kind: Kind }>)];
}

/** Changes the displayed text, if there is one. */
export const withText = (trail: Trail, change: (text: TextState) => TextState): Trail =>
  changeHere(trail, (place) => ('text' in place ? { ...place, text: change(place.text) } : place));

/** Changes how a flame graph is looked at, if one is on the screen. */
export const withFlame = (trail: Trail, change: (graph: FlameState) => FlameState): Trail =>
  withPlace(
    withPlace(trail, 'flame', (place) => ({ ...place, graph: change(place.graph) })),
    'profile',
    (place) => ({ ...place, graph: change(place.graph) }),
  );

function changeHere(trail: Trail, change: <P extends Place>(place: P) => P): Trail {
  const [home, ...inner] = trail;
  const last = inner.pop();
  return last === undefined ? [change(home)] : [home, ...inner, change(last)];
}
