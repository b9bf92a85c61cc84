import { keptMinutes } from '../../inside/log/templates/minutes.ts';
import { anything } from '../../inside/log/templates/template.ts';
import type { TemplateRow } from '../../session/tables/templates.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatCount, formatTime } from '../../support/format.ts';
import { selectNewestFailure } from '../../session/selectors/newest-failure.ts';
import type { Glyphs } from '../look/glyphs.ts';
import type { Look } from '../look/look.ts';
import { levelTones } from '../look/level-tones.ts';
import { templateRowsHere, templatesInspected } from '../state/template-rows.ts';
import type { Frame } from '../state/ui.ts';
import { sharesOf, sparkline } from './sparkline.ts';
import type { PaintCells } from './table-lines.ts';

/** Each cell stands for two minutes or more. */
const mostCells = keptMinutes / 2;

/** The counts of the last minutes in this many cells, each as high as its share of the highest; what is rare is seen beside what is not. */
export function heatLine(minutes: readonly number[], cells: number, glyphs: Pick<Glyphs, 'sparks'>): string {
  const each = Math.ceil(minutes.length / Math.max(1, Math.min(cells, mostCells)));
  const sums: number[] = [];
  for (let end = minutes.length; end > 0; end -= each)
    sums.unshift(minutes.slice(Math.max(0, end - each), end).reduce((sum, count) => sum + count, 0));
  return sparkline(sharesOf(sums), sums.length, glyphs);
}

/** Values are muted, so that the words stand out. */
const withMutedValues = (text: string, { theme }: Look): string => text.replaceAll(anything, theme.paint('muted', anything));

/** The cells of a template that are more than plain text. */
export const templateCells = (look: Look): PaintCells<TemplateRow> => ({
  NEW: ({ isNew }, text) => (isNew ? look.theme.paint('error', text) : text),
  LEVEL: ({ levelName }, text) => look.theme.paint(levelName && levelTones[levelName], text),
  'LAST HOUR': ({ levelName, minutes }, _, room) =>
    look.theme.paint(levelName && levelTones[levelName], heatLine(minutes, room, look.glyphs)),
  MESSAGE: (_, text) => withMutedValues(text, look),
});

/** `3 new since orders failed at 11:34:17`, and how far the logs are read. */
export function templatesFact(frame: Frame): string {
  const { session, look } = frame;
  const facts = templatesInspected(frame)?.facts;
  if (facts === undefined) return '';
  const { theme, glyphs } = look;
  const failure = selectNewestFailure(session);
  const fresh = templateRowsHere(frame).filter(({ isNew }) => isNew).length;
  return [
    fresh === 0 || failure === undefined
      ? ''
      : theme.paint('error', `${fresh} new since ${oneLine(failure.what, 40)} at ${formatTime(failure.at)}`),
    facts.complete ? '' : theme.paint('accent', `${formatCount(facts.pending)} lines to read${glyphs.ellipsis}`),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
