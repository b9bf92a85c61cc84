import { same } from '../../session/same.ts';
import { isTable, type PanelName } from './layout.ts';
import type { TextFilter } from './filter.ts';
import { focusOf, here, leave, processIn, textOf, zoom } from './trail.ts';
import type { Ui } from './ui.ts';

/** Another selection of log lines is read from its end. */
export const fromItsEnd = { anchor: undefined, found: undefined, hit: undefined, sought: undefined, from: undefined, shift: 0 } as const;

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
  return (focus !== 'command' && filterOf(ui, focus) !== undefined) || wayBack(ui) !== undefined;
}

/** The next step back once there is no filter; undefined: there is nothing to go back from. */
export function wayBack({ trail, log, lists }: Ui): Partial<Ui> | undefined {
  const focus = focusOf(trail);
  if (focus === 'log' && log.search !== undefined) return { log: { ...log, search: undefined, found: undefined, hit: undefined } };
  if (focus === 'log' && log.anchor !== undefined)
    return { log: { ...log, anchor: undefined, found: undefined, hit: undefined, sought: undefined } };
  if (isTable(focus) && lists[focus].marked.length > 0) return { lists: { ...lists, [focus]: { ...lists[focus], marked: [] } } };
  if (isTable(focus) && lists[focus].search !== undefined) return { lists: { ...lists, [focus]: { ...lists[focus], search: undefined } } };
  if (here(trail).zoomed) return { trail: zoom(trail, false) };
  return trail.length === 1 ? undefined : { trail: leave(trail) };
}
