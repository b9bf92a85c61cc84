import type { WhyAbout } from '../../../commands/model/shown.ts';
import type { Instant } from '../../../support/clock.ts';
import type { TextFilter } from '../filter.ts';
import { views, type ViewName } from '../layout.ts';
import { hasPanel, type PlaceRules, type Standing } from '../place.ts';

/** A text in the place of the log: `help`, `describe`. */
export interface TextState {
  readonly title: string;
  readonly all: readonly string[];
  readonly filter: TextFilter | undefined;
  /** The lines that pass the filter. */
  readonly lines: readonly string[];
  readonly top: number;
  /** The job or pod that it is about. */
  readonly about: WhyAbout | undefined;
  /** When it was written, if it may change. */
  readonly asOf?: Instant | undefined;
  readonly search: TextFilter | undefined;
  /** Index of the line of the current match. */
  readonly found: number | undefined;
}

/** A text next to the tables. */
export interface TextPlace extends Standing<ViewName | 'text'> {
  readonly kind: 'text';
  readonly text: TextState;
}

export const textRules: PlaceRules<TextPlace['panel']> = { panels: [...views, 'text'], main: 'text', passing: true };

/** The text takes the focus from a panel, so that it can be scrolled, but not from the command line: the user continues typing there. */
export const textPlace = (text: TextState, { panel, zoomed, typing }: Standing): TextPlace => ({
  kind: 'text',
  text,
  zoomed,
  typing,
  panel: typing !== 'off' && !zoomed && hasPanel(textRules, panel) ? panel : 'text',
});
