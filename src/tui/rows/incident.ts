import type { CardLine } from '../../commands/model/card.ts';
import type { CardRow } from '../state/incident-rows.ts';
import { nearest } from '../state/trail.ts';
import type { Frame } from '../state/ui.ts';
import type { Look } from '../look/look.ts';
import type { Token } from '../look/theme.ts';
import type { PaintCells } from './table-lines.ts';

function toneOf({ part, severity }: CardLine): Token | undefined {
  switch (part) {
    case 'what':
      return severity === 'warn' ? 'warn' : 'error';
    case 'cause':
    case 'also':
      return 'strong';
    case 'link':
      return severity === 'info' ? undefined : severity;
    case 'follows':
    case 'possible':
    case 'unproved':
    case 'unknown':
      return 'busy';
    case 'order':
      return 'muted';
    case 'fact':
    case 'helps':
    case 'tried':
    case 'calm':
      return undefined;
  }
}

/** What is written in the second column says what a line is; its colour only repeats that. */
function wordTone({ part, from }: CardLine): Token {
  return part === 'link' && (from === 'k8s' || from === 'flink' || from === 'drey') ? from : 'muted';
}

export const cardCells = ({ theme }: Look): PaintCells<CardRow> => ({
  WHEN: (_, text) => theme.paint('muted', text),
  WHAT: ({ line }, text) => theme.paint(wordTone(line), text),
  'IN WORDS': ({ line }, text) => theme.paint(toneOf(line), text),
});

/** `2 incidents`. */
export function cardFact({ ui }: Frame): string {
  const count = nearest(ui.trail, 'incident')?.card.findings.length ?? 0;
  return count === 0 ? 'no incident' : count === 1 ? '1 incident' : `${count} incidents`;
}
