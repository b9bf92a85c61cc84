import { keysOf, scopesOf, type ActionId, type Key, type KeyTable } from './keys.ts';
import type { PanelName } from './layout.ts';

const signs: Readonly<Record<string, string>> = {
  enter: '⏎',
  esc: 'Esc',
  tab: 'Tab',
  'shift+tab': 'Shift+Tab',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  space: 'Space',
  home: 'Home',
  end: 'End',
  backspace: 'Backspace',
  delete: 'Del',
};

/** A key as displayed: `⏎`, `Ctrl+R`, `j`. */
export const keyLabel = (key: string): string =>
  signs[key] ??
  key.replace(
    /^(ctrl|alt|shift)\+(.)/,
    (_, modifier: string, rest: string) => `${modifier.charAt(0).toUpperCase()}${modifier.slice(1)}+${rest.toUpperCase()}`,
  );

/** The first key of an action, as displayed. */
export const firstLabel = (keys: KeyTable, id: ActionId): string => keyLabel(keys[id].keys[0] ?? '');

interface Hint {
  readonly id: ActionId;
  readonly text: string;
}

/** By table and panel: needed for each panel of each frame, and always the same. */
const hints = new WeakMap<KeyTable, Map<string, readonly Hint[]>>();

function hintsOf(keys: KeyTable, panel: PanelName, within: boolean): readonly Hint[] {
  const panels = hints.get(keys) ?? new Map<string, readonly Hint[]>();
  hints.set(keys, panels);
  const known = panels.get(`${panel} ${within}`);
  if (known !== undefined) return known;
  const made = keysOf(keys, scopesOf(panel, within)).flatMap(({ id, own }) => {
    const { hint }: Key = keys[id];
    return hint === undefined || own[0] === undefined ? [] : [{ id, text: `${keyLabel(own[0])} ${hint}` }];
  });
  panels.set(`${panel} ${within}`, made);
  return made;
}

/** The keys of a panel for its lower border: `⏎ open`, `l log`, `s sort`; without actions that have no effect now. `within`: also those of the place. */
export function keyHints(
  keys: KeyTable,
  panel: PanelName,
  { within, means }: { readonly within: boolean; readonly means: (id: ActionId) => boolean },
): readonly string[] {
  return hintsOf(keys, panel, within)
    .filter(({ id }) => means(id))
    .map(({ text }) => text);
}
