import { details, neighbourOf } from '../../inside/graph/fit.ts';
import { vertexAt } from '../../inside/graph/drawing.ts';
import { graphOrigin } from '../rows/graph.ts';
import { wholeGraph } from '../state/graph-zoom.ts';
import { type ShownGraph, shownGraph } from '../state/graph.ts';
import { rowsOf } from '../state/table-rows.ts';
import type { App } from './app.ts';
import { changeList, moveSelection, select } from './panels.ts';

export type GraphStep = 'left' | 'right' | 'up' | 'down';

/** Keeps what is in view where it is, while the selection moves within it. */
const holdOffset = (app: App, { offset }: ShownGraph): void => app.update((ui) => ({ ...ui, graph: { ...ui.graph, ...offset } }));

function selectVertex(app: App, id: string): void {
  const rows = rowsOf(app.frame(), 'vertices', app.ui.lists.vertices);
  const index = Array.from({ length: rows.count }, (_, row) => row).find((row) => rows.idAt(row) === id);
  if (index !== undefined) return select(app, 'vertices', index);
  // A filter of the table hides it; the graph shows it all the same.
  changeList(app, 'vertices', (list) => ({ ...list, selected: id, chosen: id }));
}

/** The selection goes along the lines to the right and left, and from box to box up and down. */
export function moveInGraph(app: App, step: GraphStep): void {
  const shown = shownGraph(app.frame());
  if (shown === undefined) return;
  const { view } = shown;
  if (view.kind !== 'graph') return moveSelection(app, step === 'up' || step === 'left' ? -1 : 1, 'vertices');
  holdOffset(app, shown);
  const { selected } = app.ui.lists.vertices;
  const first = view.drawn.layout.layers[0]?.[0];
  const next = selected === undefined ? first : neighbourOf(view.drawn, selected, step);
  if (next !== undefined) selectVertex(app, next);
}

/** More or less in each box; with less than a name, as much as fits again. */
export function zoomGraph(app: App, step: 1 | -1): void {
  const shown = shownGraph(app.frame());
  if (shown === undefined) return;
  const at = shown.view.kind === 'graph' ? details.indexOf(shown.view.detail) : details.length;
  const detail = details[Math.max(0, at - step)];
  app.update((ui) => ({ ...ui, graph: detail === undefined ? wholeGraph : { ...ui.graph, detail } }));
}

/** Selects the vertex at a cell of the panel, counted from its top left corner within the borders. */
export function selectInGraph(app: App, x: number, y: number): void {
  const shown = shownGraph(app.frame());
  if (shown?.view.kind !== 'graph') return;
  const origin = graphOrigin(shown);
  const id = vertexAt(shown.view.drawn, x - origin.x, y - origin.y);
  if (id === undefined) return;
  holdOffset(app, shown);
  selectVertex(app, id);
}
