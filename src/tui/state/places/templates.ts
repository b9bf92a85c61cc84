import type { TemplatesSubject } from '../../../session/inspections/templates.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

/** The messages of logs by what they have in common. */
export interface TemplatesPlace extends Within<'templates' | 'log'>, TemplatesSubject {}

export const templatesRules: PlaceRules<TemplatesPlace['panel']> = {
  panels: ['templates', 'log'],
  main: 'log',
  passing: false,
  alone: true,
  views: [{ title: 'Templates', panels: ['templates'] }],
};

export const templatesPlace = ({ pods }: TemplatesSubject, { typing }: Standing): TemplatesPlace => ({
  kind: 'templates',
  pods,
  view: 0,
  panel: 'templates',
  zoomed: false,
  typing,
});
