import type { TopSubject } from '../../../session/inspections/top.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** The vertices of a job, ranked. */
export interface TopPlace extends Within<'top' | 'log'>, TopSubject {}

export const topRules: PlaceRules<TopPlace['panel']> & { readonly views: readonly unknown[] } = {
  panels: ['top', 'log'],
  main: 'log',
  passing: false,
  views: [{ title: 'Top', panels: ['top'] }],
};

export const topPlace = (job: string, { typing }: Standing): TopPlace => ({
  kind: 'top',
  job,
  view: 0,
  panel: 'top',
  zoomed: false,
  typing,
});
