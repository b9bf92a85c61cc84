import { useFrame } from './frame.ts';
import { keyHints } from '../../state/key-labels.ts';
import type { Area, PanelName } from '../../state/layout.ts';
import type { Frame } from '../../state/ui.ts';
import { Bordered, type BorderedProps } from './bordered.tsx';
import { scopeOf, type ActionId } from '../../state/keys.ts';
import type { Place } from '../../state/places.ts';
import { focusOf, here, textOf } from '../../state/trail.ts';

/** The property of every panel: its place. */
export interface PanelProps {
  readonly area: Area;
}

/** The focus is on the panel, and no question is open. */
export const useFocused = (name: PanelName): boolean => useFrame(({ ui }) => focusOf(ui.trail) === name && ui.overlay.kind !== 'dialog');

const textIsAbout = ({ ui }: Frame): boolean => textOf(ui.trail)?.about !== undefined;

export const placeKind = ({ ui }: Frame): Place['kind'] => here(ui.trail).kind;

/** Places with something to sample: `F` is hinted at there. Their other keys are named at the bottom of the screen. */
const sampled: ReadonlySet<Place['kind']> = new Set(['job', 'vertex', 'subtask', 'top', 'process']);

/** Keys of panels with rows that do not act on one. */
const withoutRow: ReadonlySet<ActionId> = new Set(['vertices.top', 'vertices.why', 'threads.again', 'movements.again', 'flame.profile']);

/** Without rows, the keys that act on one or order them do nothing. */
const needsRow = (id: ActionId, name: PanelName): boolean => id === 'list.sort' || (scopeOf(id) === name && !withoutRow.has(id));

interface NamedPanel extends Omit<BorderedProps, 'focused' | 'keys'> {
  readonly name: PanelName;
  /** There are no rows. */
  readonly empty?: boolean;
}

/** A panel of the screen: a box that shows whether it has the focus, and then its keys. */
export function Panel({ name, empty = false, ...box }: NamedPanel) {
  const keys = useFrame((frame) => frame.keys);
  const about = useFrame(textIsAbout);
  const place = useFrame(placeKind);
  const meant: Partial<Record<ActionId, boolean>> = {
    'text.log': about || place === 'log-file',
    'text.save': place === 'log-file',
    'list.sort': place !== 'incident',
    'flame.profile': place === 'profile',
    'chart.by-subtask': place === 'vertex',
  };
  const means = (id: ActionId): boolean => (meant[id] ?? true) && !(empty && needsRow(id, name));
  return <Bordered {...box} focused={useFocused(name)} keys={keyHints(keys, name, { within: sampled.has(place), means })} />;
}
