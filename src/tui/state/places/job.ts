import type { JobSubject } from '../../../session/inspections/job.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** A job from the inside. */
export interface JobPlace extends Within<'vertices' | 'log'>, JobSubject {}

export const jobRules: PlaceRules<JobPlace['panel']> & { readonly views: readonly unknown[] } = {
  panels: ['vertices', 'log'],
  main: 'log',
  passing: false,
  views: [{ title: 'Overview', panels: ['vertices'] }],
};

export const jobPlace = (job: string, { typing }: Standing): JobPlace => ({
  kind: 'job',
  job,
  view: 0,
  panel: 'vertices',
  zoomed: false,
  typing,
});
