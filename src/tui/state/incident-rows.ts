import type { Card, CardLine, CardPart } from '../../commands/model/card.ts';
import { partWords } from '../../commands/model/card-lines.ts';
import { incidentColumns, incidentMargin, type IncidentRow } from '../../session/tables/incident.ts';
import { wrap } from '../../support/text-width.ts';
import type { PanelName } from './layout.ts';
import { remembered } from './remembered.ts';
import { nearest } from './trail.ts';
import type { Frame } from './ui.ts';

/** A row of a card on the screen. */
export interface CardRow extends IncidentRow {
  readonly line: CardLine;
  /** It begins its line. */
  readonly begins: boolean;
}

/** Labels that are shorter in a column. */
const briefly: Readonly<Partial<Record<CardPart, string>>> = {
  fact: 'Fact',
  also: 'Also',
  possible: 'Not proved',
  tried: 'Tried',
};

/** The pointer of the selected row, and the star of a marked one. */
const markers = 4;
const borders = 2;
/** Before the panel has a place, its rows are as wide as on a small screen. */
const usualWidth = 80;

function wordOf({ part, from }: CardLine, number: number, count: number): string {
  if (part === 'what') return count > 1 ? `${number} of ${count}` : '';
  return part === 'link' ? (from ?? '') : (briefly[part] ?? partWords[part] ?? '');
}

const textOf = ({ part, from, text }: CardLine): string => (part === 'fact' ? `${from}: ${text}` : text);

/** The lines of a card as rows of this width: nothing of a sentence is cut off. */
export function cardRows({ lines, findings }: Card, width: number): readonly CardRow[] {
  const room = Math.max(20, width - borders - markers - incidentMargin);
  const rows: CardRow[] = [];
  let incident = 0;
  for (const line of lines) {
    if (line.part === 'what') incident += 1;
    for (const [index, text] of wrap(textOf(line), room).entries()) {
      const begins = index === 0;
      rows.push({
        id: `${line.id}/${index}`,
        number: rows.length,
        at: begins ? line.at : undefined,
        what: begins ? wordOf(line, incident, findings.length) : '',
        text,
        line,
        begins,
      });
    }
  }
  return rows;
}

const rowsOf = remembered(cardRows);
const none: readonly CardRow[] = [];

const widthOf = ({ layout }: Pick<Frame, 'layout'>, panel: PanelName): number =>
  layout.panels.find(({ name }) => name === panel)?.area.width ?? usualWidth;

export function cardRowsHere(at: Pick<Frame, 'ui' | 'layout'>): readonly CardRow[] {
  const place = nearest(at.ui.trail, 'incident');
  return place === undefined ? none : rowsOf(place.card, widthOf(at, 'incident'));
}

export const cardSource = {
  columns: incidentColumns,
  all: cardRowsHere,
  idOf: ({ id }: CardRow) => id,
  usual: (rows: readonly CardRow[]) => rows,
  // All rows of a line pass a filter, or none.
  besides: ({ line }: CardRow) => `${line.text} ${line.from ?? ''}`,
};
