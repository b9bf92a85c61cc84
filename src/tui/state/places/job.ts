import type { JobSubject } from '../../../session/inspections/job.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** A job from the inside. */
export interface JobPlace
  extends Within<'graph' | 'vertices' | 'checkpoints' | 'checkpoint-facts' | 'exceptions' | 'job-settings' | 'log'>, JobSubject {}

export const jobRules: PlaceRules<JobPlace['panel']> & { readonly views: readonly unknown[] } = {
  panels: ['graph', 'vertices', 'checkpoints', 'checkpoint-facts', 'exceptions', 'job-settings', 'log'],
  main: 'log',
  passing: false,
  views: [
    { title: 'Overview', panels: ['graph', 'vertices'] },
    { title: 'Checkpoints', panels: ['checkpoints', 'checkpoint-facts'] },
    { title: 'Exceptions', panels: ['exceptions'] },
    { title: 'Configuration', panels: ['job-settings'] },
  ],
};

export const jobPlace = (job: string, { typing }: Standing): JobPlace => ({
  kind: 'job',
  job,
  view: 0,
  panel: 'vertices',
  zoomed: false,
  typing,
});
