import type { PanelName } from './layout.ts';
import { hasPanel, type PlaceRules, type Standing } from './place.ts';
import { homeRules, type Home } from './places/home.ts';
import { textRules, type TextPlace } from './places/text.ts';

/** The places of the screen. */
export type Place = Home | TextPlace;

const rules: { readonly [Kind in Place['kind']]: PlaceRules<Extract<Place, { readonly kind: Kind }>['panel']> } = {
  home: homeRules,
  text: textRules,
};

export const rulesOf = ({ kind }: Place): PlaceRules<PanelName> => rules[kind];

export const isPanelOf = <P extends Place>(place: P, panel: PanelName): panel is P['panel'] => hasPanel(rulesOf(place), panel);

/**
 * The previous place, when another one is left: its focus, its zoom and its typing are as they were. After a passing place, a panel of the
 * previous place that now has the focus keeps it, and a zoom that has ended stays ended.
 */
export function foundAgain<P extends Place>(before: P, { panel, zoomed, typing }: Standing, { passing }: PlaceRules<PanelName>): P {
  if (!passing) return before;
  return typing === 'off' && isPanelOf(before, panel)
    ? { ...before, panel, zoomed, typing }
    : { ...before, zoomed: before.zoomed && zoomed };
}
