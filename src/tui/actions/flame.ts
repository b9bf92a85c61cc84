import { quoteWord } from '../../commands/line/line-parser.ts';
import { widestOf } from '../../inside/flame/methods.ts';
import { isBelow, pathOf } from '../../inside/flame/path.ts';
import { type FlameStep, stepFrom } from '../../inside/flame/steps.ts';
import type { Subject } from '../../session/inspections/inspections.ts';
import { flameHere, shownFlame, type ShownFlame } from '../state/flame.ts';
import { type FlameState, profileSubject } from '../state/places/flame.ts';
import { podOf } from '../state/places/process.ts';
import { standingIn, withFlame } from '../state/trail.ts';
import type { App } from './app.ts';
import { submit } from './command-line.ts';
import { focusPanel, nothingSelected } from './panels.ts';
import { enterSubject } from './place.ts';

/** Changes how the flame graph is looked at. */
export const changeFlame = (app: App, change: (graph: FlameState) => FlameState): void =>
  app.update((ui) => ({ ...ui, trail: withFlame(ui.trail, change) }));

/** Selects a frame; what is in view stays where it is, as far as the selection does. */
const selectFrame = (app: App, { flame, top }: ShownFlame, index: number): void =>
  changeFlame(app, (graph) => ({ ...graph, selected: pathOf(flame, index), top }));

/** Along the cells of a row, down to what a frame calls and up to what called it. */
export function moveInFlame(app: App, step: FlameStep | 'first'): void {
  const shown = shownFlame(app.frame());
  if (shown !== undefined) selectFrame(app, shown, step === 'first' ? 0 : stepFrom(shown.flame, shown.rows, shown.selected, step));
}

/** Makes the selected frame as wide as the panel. On a frame that called what is shown, that is a step out again. */
function zoomIntoFrame(app: App): void {
  const shown = shownFlame(app.frame());
  if (shown === undefined) return;
  const { flame, selected } = shown;
  const path = pathOf(flame, selected);
  changeFlame(app, ({ roots, ...graph }) => {
    const callers = roots.filter((root) => root.length < path.length && isBelow(path, root));
    return { ...graph, roots: selected === 0 ? [] : [...callers, path], selected: path, top: Math.max(0, path.length - 1) };
  });
}

/** The next frame that matches the search, in the part that is shown; after the last one, the first. */
export function findFrame(app: App, turn: 'on' | 'back'): void {
  const shown = shownFlame(app.frame());
  const search = shown === undefined ? undefined : flameHere(app.frame())?.graph.search;
  if (shown?.hits === undefined || search === undefined) return;
  const end = shown.flame.frames[shown.root]?.end ?? 0;
  const hits = [...shown.hits.frames].filter((index) => index >= shown.root && index < end);
  const { selected } = shown;
  const next =
    turn === 'on' ? (hits.find((index) => index > selected) ?? hits[0]) : (hits.findLast((index) => index < selected) ?? hits.at(-1));
  if (next !== undefined) selectFrame(app, shown, next);
  else app.set({ result: { lines: [`No frame matches ${search.text}`], tone: 'warn' } });
}

/** Enter on a method: selects its widest frame in the graph. */
function selectMethod(app: App): void {
  const method = app.ui.lists.methods.selected;
  const found = flameHere(app.frame());
  const index = found === undefined || method === undefined ? undefined : widestOf(found.flame, method, found.root);
  if (found === undefined || index === undefined) return nothingSelected(app, 'methods');
  changeFlame(app, (graph) => ({ ...graph, selected: pathOf(found.flame, index) }));
  focusPanel(app, 'flame');
}

/** Selects the frame at a cell of the panel, counted from its top left corner within the borders. */
export function selectInFlame(app: App, x: number, y: number): void {
  const shown = shownFlame(app.frame());
  const cell = y < (shown?.visible ?? 0) ? shown?.rows[shown.top + y]?.find(({ from, width }) => x >= from && x < from + width) : undefined;
  if (shown !== undefined && cell !== undefined) selectFrame(app, shown, cell.index);
}

/** What the flame graph of this place would be of; undefined: it has nothing that runs. */
function sampledHere(app: App): Subject | undefined {
  const { ui } = app;
  const vertexOf = (job: string, vertex: string | undefined, subtask?: number): Subject | undefined =>
    vertex === undefined || vertex === '' ? undefined : { kind: 'flame', job, vertex, subtask, type: 'on_cpu' };
  const place = standingIn(ui.trail);
  switch (place.kind) {
    case 'process':
      return { kind: 'profile', process: place.process, mode: 'cpu' };
    case 'vertex':
      return vertexOf(place.job, place.vertex);
    case 'subtask':
      return vertexOf(place.job, place.vertex, place.subtask);
    case 'job':
      return vertexOf(place.job, ui.lists.vertices.selected);
    case 'top':
      return vertexOf(place.job, ui.lists.top.selected);
    default:
      return undefined;
  }
}

/** Goes to the flame graph of what is looked at. */
export function enterFlame(app: App): void {
  const subject = sampledHere(app);
  if (subject !== undefined) return enterSubject(app, subject);
  app.set({ result: { lines: ['There is a flame graph of a vertex and of a process: none is selected here.'], tone: 'info' } });
}

/** Profiles the process of the place once more, with the mode of the view. */
function takeProfile(app: App): void {
  const place = standingIn(app.ui.trail);
  if (place.kind !== 'profile')
    return app.set({
      result: { lines: ['Flink takes new samples of a vertex by itself, once a minute while they are looked at.'], tone: 'info' },
    });
  const pod = podOf(place.process, app.frame().session);
  if (pod === undefined) return app.set({ result: { lines: ['The pod of this process is gone.'], tone: 'warn' } });
  app.background(submit(app, `flame ${quoteWord(pod.name)} --mode ${profileSubject(place).mode}`));
}

/** What the keys of a flame graph and of its methods do. */
export const flameActions = {
  'flame.enter': zoomIntoFrame,
  'flame.left': (app: App) => moveInFlame(app, 'left'),
  'flame.right': (app: App) => moveInFlame(app, 'right'),
  'flame.up': (app: App) => moveInFlame(app, 'out'),
  'flame.down': (app: App) => moveInFlame(app, 'in'),
  'flame.first': (app: App) => moveInFlame(app, 'first'),
  'flame.next': (app: App) => findFrame(app, 'on'),
  'flame.previous': (app: App) => findFrame(app, 'back'),
  'flame.profile': takeProfile,
  'methods.enter': selectMethod,
} as const;
