import { same } from '../../session/same.ts';
import { isTable, type PanelName } from './layout.ts';
import type { TextFilter } from './filter.ts';
import type { FlameState } from './places/flame.ts';
import { type Focus, focusOf, here, leave, processIn, standAt, textOf, withFlame, zoom, type Trail } from './trail.ts';
import type { LogTemplate, Ui } from './ui.ts';

/** Another selection of log lines is read from its end. */
export const fromItsEnd = {
  window: undefined,
  anchor: undefined,
  found: undefined,
  hit: undefined,
  sought: undefined,
  from: undefined,
  shift: 0,
} as const;

/** All lines of another selection of logs, read from its end. */
export const everyLine = {
  ...fromItsEnd,
  container: undefined,
  filter: undefined,
  level: undefined,
  range: undefined,
  template: undefined,
} as const;

/** The log beside a process is its own: that of another one is read from its end, unless all logs are shown or another line was gone to. */
export function withLogOfProcess(before: Ui, after: Ui): Ui {
  if (after.trail === before.trail || after.log !== before.log) return after;
  const process = processIn(after.trail);
  if (same(process, processIn(before.trail))) return after;
  const { scope } = after.log;
  return { ...after, log: { ...after.log, ...fromItsEnd, scope: scope === 'all' || process === undefined ? scope : 'selected' } };
}

export function filterOf({ log, trail, lists }: Ui, panel: PanelName): TextFilter | undefined {
  if (panel === 'log') return log.filter;
  if (panel === 'text') return textOf(trail)?.filter;
  return isTable(panel) ? lists[panel].filter : undefined;
}

/** There is something to go back from. */
export function leadsBack(ui: Ui): boolean {
  const focus = focusOf(ui.trail);
  const isReading = focus === 'log' && ui.log.reading !== undefined;
  return isReading || (focus !== 'command' && filterOf(ui, focus) !== undefined) || wayBack(ui) !== undefined;
}

/** The next step back once there is no filter; undefined: there is nothing to go back from. */
export function wayBack({ trail, log, lists }: Ui): Partial<Ui> | undefined {
  const focus = focusOf(trail);
  if (focus === 'log' && log.search !== undefined) return { log: { ...log, search: undefined, found: undefined, hit: undefined } };
  if (focus === 'log' && log.template !== undefined) return withoutTemplate(log, log.template, trail);
  if (focus === 'log' && here(trail).kind === 'incident') return { trail: standAt(trail, 'incident') };
  if (focus === 'log' && log.anchor !== undefined)
    return { log: { ...log, window: undefined, anchor: undefined, found: undefined, hit: undefined, sought: undefined } };
  if (focus === 'log' && log.range !== undefined) return { log: { ...log, ...fromItsEnd, range: undefined } };
  if (focus === 'log' && log.marked.length > 0) return { log: { ...log, marked: [] } };
  if (isTable(focus) && lists[focus].marked.length > 0) return { lists: { ...lists, [focus]: { ...lists[focus], marked: [] } } };
  if (isTable(focus) && lists[focus].search !== undefined) return { lists: { ...lists, [focus]: { ...lists[focus], search: undefined } } };
  const flame = flameWayBack(trail, focus);
  if (flame !== undefined) return { trail: flame };
  if (here(trail).zoomed) return { trail: zoom(trail, false) };
  return trail.length === 1 ? undefined : { trail: leave(trail) };
}

/** All lines again; where the template was chosen, back to its row. */
function withoutTemplate(log: Ui['log'], { before }: LogTemplate, trail: Trail): Partial<Ui> {
  const all = { ...log, ...fromItsEnd, scope: before, template: undefined };
  return here(trail).kind === 'templates' ? { log: all, trail: standAt(trail, 'templates') } : { log: all };
}

/** Out of the search and the zooms of a flame graph, the last one first; undefined: it is shown as it was entered. */
function flameWayBack(trail: Trail, focus: Focus): Trail | undefined {
  const place = here(trail);
  if ((place.kind !== 'flame' && place.kind !== 'profile') || focus === 'log') return undefined;
  const { graph } = place;
  const before: FlameState | undefined =
    graph.search !== undefined
      ? { ...graph, search: undefined }
      : graph.roots.length > 0
        ? { ...graph, roots: graph.roots.slice(0, -1), selected: graph.roots.at(-1), top: undefined }
        : undefined;
  return before && withFlame(trail, () => before);
}
