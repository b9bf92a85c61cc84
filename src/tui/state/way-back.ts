import { isView, type PanelName } from './layout.ts';
import type { TextFilter } from './filter.ts';
import type { Ui } from './ui.ts';

/** Another selection of log lines is read from its end. */
export const fromItsEnd = { anchor: undefined, found: undefined, hit: undefined, sought: undefined, from: undefined, shift: 0 } as const;

export function filterOf({ log, text, lists }: Ui, panel: PanelName): TextFilter | undefined {
  if (panel === 'log') return log.filter;
  return panel === 'text' ? text?.filter : lists[panel].filter;
}

/** There is something to go back from. */
export const leadsBack = (ui: Ui): boolean => (ui.focus !== 'command' && filterOf(ui, ui.focus) !== undefined) || wayBack(ui) !== undefined;

/** The next step back once there is no filter; undefined: there is nothing to go back from. */
export function wayBack({ focus, zoomed, log, text, lists }: Ui): Partial<Ui> | undefined {
  if (focus === 'log' && log.search !== undefined) return { log: { ...log, search: undefined, found: undefined, hit: undefined } };
  if (focus === 'log' && log.anchor !== undefined)
    return { log: { ...log, anchor: undefined, found: undefined, hit: undefined, sought: undefined } };
  if (isView(focus) && lists[focus].search !== undefined) return { lists: { ...lists, [focus]: { ...lists[focus], search: undefined } } };
  if (zoomed !== undefined) return { zoomed: undefined };
  // A text that was left open next to the panel.
  return text === undefined ? undefined : { text: undefined };
}
