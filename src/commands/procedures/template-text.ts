import type { TemplatesFacts } from '../../inside/log/templates/reading.ts';
import type { NewestFailure } from '../../session/selectors/newest-failure.ts';
import { templateColumns, type TemplateRow, templateRows, usualTemplates } from '../../session/tables/templates.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { formatCount, formatDateTime } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';

export interface TemplateReport {
  readonly text: readonly string[];
  /** The documented form for programs. */
  readonly data: unknown;
}

/** The templates of logs as a table, the new ones first. */
export function templateReport(
  facts: TemplatesFacts,
  failure: NewestFailure | undefined,
  { shortNameOf, now }: { readonly shortNameOf: (pod: string) => string; readonly now: number },
): TemplateReport {
  const rows = usualTemplates(templateRows(facts, failure, shortNameOf));
  return {
    text:
      rows.length === 0
        ? ['The logs have no lines.']
        : [...headline(facts, failure, rows), '', ...textTable(templateColumns, rows, { now, whole: false })],
    data: {
      entries: facts.entries,
      since: facts.since === undefined ? null : isoTime(facts.since),
      failure: failure === undefined ? null : { at: isoTime(failure.at), what: failure.what },
      templates: rows.map(templateData),
    },
  };
}

function headline({ entries, since }: TemplatesFacts, failure: NewestFailure | undefined, rows: readonly TemplateRow[]): readonly string[] {
  const fresh = rows.filter(({ isNew }) => isNew).length;
  return [
    `${formatCount(entries)} entries${since === undefined ? '' : ` since ${formatDateTime(since)}`}, ${rows.length} templates`,
    ...(failure === undefined || fresh === 0 ? [] : [`${fresh} new since ${failure.what} at ${formatDateTime(failure.at)}`]),
  ];
}

const templateData = ({ isNew, count, levelName, text, exception, first, last, pods, minutes }: TemplateRow): unknown => ({
  new: isNew,
  count,
  level: levelName ?? null,
  template: text,
  exception: exception === '' ? null : exception,
  first: isoTime(first),
  last: isoTime(last),
  pods,
  minutes,
});
