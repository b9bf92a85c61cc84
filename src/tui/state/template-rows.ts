import type { TemplatesFacts } from '../../inside/log/templates/reading.ts';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import { type NewestFailure, selectNewestFailure } from '../../session/selectors/newest-failure.ts';
import { templateColumns, type TemplateRow, templateRows, usualTemplates } from '../../session/tables/templates.ts';
import type { Session } from '../../session/types.ts';
import { shortNameOf } from './brief-names.ts';
import { remembered } from './remembered.ts';
import { nearest } from './trail.ts';
import type { Frame } from './ui.ts';

type At = Pick<Frame, 'session' | 'ui'>;

/** What was read of the logs whose templates are on the screen. */
export function templatesInspected({ session, ui }: At) {
  const place = nearest(ui.trail, 'templates');
  return place === undefined ? undefined : inspectionOf(session, { kind: 'templates', pods: place.pods });
}

const none: readonly TemplateRow[] = [];

const rowsOf = remembered(
  (facts: TemplatesFacts, failure: NewestFailure | undefined, pods: Session['pods'], gone: Session['gone']): readonly TemplateRow[] =>
    templateRows(facts, failure, (pod) => shortNameOf({ pods, gone }, pod)),
);

export function templateRowsHere({ session, ui }: At): readonly TemplateRow[] {
  const facts = templatesInspected({ session, ui })?.facts;
  return facts === undefined ? none : rowsOf(facts, selectNewestFailure(session), session.pods, session.gone);
}

export const templateSource = {
  columns: templateColumns,
  all: templateRowsHere,
  idOf: ({ number }: TemplateRow) => String(number),
  usual: remembered(usualTemplates),
  besides: ({ exception, levelName, pods }: TemplateRow) => `${exception} ${levelName ?? ''} ${pods.join(' ')}`,
};
