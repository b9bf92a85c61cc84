import type { ExceptionSubject } from '../../../session/inspections/exceptions.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** One failure of a job. */
export interface ExceptionPlace extends Within<'stack' | 'log'>, ExceptionSubject {
  /** Frames of Flink and the JDK are counted, not listed. */
  readonly folded: boolean;
}

export const exceptionRules: PlaceRules<ExceptionPlace['panel']> = {
  panels: ['stack', 'log'],
  main: 'log',
  passing: false,
  views: [{ title: 'Failure', panels: ['stack'] }],
};

export const exceptionPlace = ({ job, id }: ExceptionSubject, { typing }: Standing): ExceptionPlace => ({
  kind: 'exception',
  job,
  id,
  folded: true,
  view: 0,
  panel: 'stack',
  zoomed: false,
  typing,
});
