import { views, type ViewName } from '../layout.ts';
import type { PlaceRules, Standing } from '../place.ts';

/** The cluster: its tables, and the log below them. Every trail begins here. */
export interface Home extends Standing<ViewName | 'log'> {
  readonly kind: 'home';
  /** The table that is shown if not all of them have room. */
  readonly view: ViewName;
}

export const homeRules: PlaceRules<Home['panel']> = { panels: [...views, 'log'], main: 'log', passing: false };

export const atStart: Home = { kind: 'home', view: 'pods', panel: 'pods', zoomed: false, typing: 'on' };
