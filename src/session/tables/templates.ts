import type { TemplatesFacts } from '../../inside/log/templates/reading.ts';
import type { TemplateFacts } from '../../inside/log/templates/tally.ts';
import { briefName } from '../../native/pod-names.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatCount, formatTime } from '../../support/format.ts';
import { levelOf } from '../level-of.ts';
import type { NewestFailure } from '../selectors/newest-failure.ts';
import type { ViewLine } from '../types.ts';
import type { Column } from './column.ts';

/** One line of the table of templates. */
export interface TemplateRow extends TemplateFacts {
  readonly levelName: ViewLine['level'];
  /** It was first seen since the newest failure. */
  readonly isNew: boolean;
  readonly text: string;
  /** The only pod that wrote it, or how many did. */
  readonly podText: string;
}

/** A TaskManager writes about a failure before the JobManager records it, by clocks that differ a little. */
const beforeMs = 1_000;

/** What the template says, with the exception that follows. */
export function templateText({ words, exception, rest }: Pick<TemplateFacts, 'words' | 'exception' | 'rest'>): string {
  if (rest) return 'other messages';
  const text = words.join(' ');
  return oneLine(exception === '' ? text : `${text} ${exception}`);
}

/**
 * The templates as rows. One is new if it was first seen since the failure. As long as the logs are not read to their beginning, or begin
 * after the failure, that cannot be known, and none is.
 */
export function templateRows(
  { templates, since, complete }: TemplatesFacts,
  failure: NewestFailure | undefined,
  shortNameOf: (pod: string) => string,
): readonly TemplateRow[] {
  const from = failure === undefined ? Number.POSITIVE_INFINITY : failure.at - beforeMs;
  const isKnown = complete && since !== undefined && since < from;
  return templates.map((template) => {
    const { level, first, pods } = template;
    const [only] = pods;
    return {
      ...template,
      levelName: levelOf(level),
      isNew: isKnown && first >= from,
      text: templateText(template),
      podText: pods.length === 1 && only !== undefined ? briefName(shortNameOf(only), false) : `${pods.length} pods`,
    };
  });
}

/** The new ones first, the worst of them on top; then those that are written most. */
export const usualTemplates = (rows: readonly TemplateRow[]): readonly TemplateRow[] =>
  rows.toSorted(
    (a, b) => Number(b.isNew) - Number(a.isNew) || (a.isNew ? b.level - a.level : 0) || b.count - a.count || a.number - b.number,
  );

const lately = ({ minutes }: TemplateRow): number => minutes.reduce((sum, count) => sum + count, 0);

export const templateColumns: readonly Column<TemplateRow>[] = [
  { title: 'NEW', min: 3, max: 3, drop: 0, text: ({ isNew }) => (isNew ? 'new' : ''), optional: ({ isNew }) => isNew },
  {
    title: 'COUNT',
    min: 5,
    max: 7,
    align: 'right',
    drop: 0,
    descending: true,
    text: ({ count }) => formatCount(count),
    value: ({ count }) => count,
  },
  { title: 'LEVEL', min: 5, max: 5, drop: 0, descending: true, text: ({ levelName }) => levelName ?? '-', value: ({ level }) => level },
  { title: 'LAST HOUR', min: 12, max: 20, drop: 4, descending: true, text: (row) => formatCount(lately(row)), value: lately },
  { title: 'FIRST', min: 8, max: 8, drop: 6, descending: true, text: ({ first }) => formatTime(first), value: ({ first }) => first },
  { title: 'LAST', min: 8, max: 8, drop: 2, descending: true, text: ({ last }) => formatTime(last), value: ({ last }) => last },
  { title: 'PODS', min: 5, max: 9, drop: 5, descending: true, text: ({ podText }) => podText, value: ({ pods }) => pods.length },
  { title: 'MESSAGE', min: 36, max: 240, drop: 0, text: ({ text }) => text },
];
