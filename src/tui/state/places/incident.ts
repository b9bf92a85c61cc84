import type { Card } from '../../../commands/model/card.ts';
import type { WhyAbout } from '../../../commands/model/shown.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** What `why` says of a pod, of a job or of everything. */
export interface IncidentSubject {
  /** Undefined: everything. */
  readonly about: WhyAbout | undefined;
  readonly card: Card;
  /** Reads it once more. */
  readonly again: (signal: AbortSignal) => Promise<Card>;
}

export interface IncidentPlace extends Within<'incident' | 'log'>, IncidentSubject {
  readonly kind: 'incident';
}

export const incidentRules: PlaceRules<IncidentPlace['panel']> = {
  panels: ['incident', 'log'],
  main: 'log',
  passing: false,
  alone: true,
  views: [{ title: 'Why', panels: ['incident'] }],
};

export const incidentPlace = ({ about, card, again }: IncidentSubject, { typing }: Standing): IncidentPlace => ({
  kind: 'incident',
  about,
  card,
  again,
  view: 0,
  panel: 'incident',
  zoomed: false,
  typing,
});
