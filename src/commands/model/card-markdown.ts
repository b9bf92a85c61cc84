import type { Target } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { formatDateTime } from '../../support/format.ts';
import type { Card, CardLine } from './card.ts';
import { partWords } from './card-lines.ts';

/** Texts of servers stand in a chat as they are: nothing in them is a link, a mention of everybody or a heading. */
const plain = (text: string): string => text.replaceAll(/[\\`*_[\]<>|#~@]/g, (sign) => `\\${sign}`);

function itemsOf({ part, at, from, text }: CardLine, index: number): readonly string[] {
  const label = partWords[part];
  const when = at === undefined ? '' : `, ${formatDateTime(at)}`;
  switch (part) {
    case 'what':
      return [...(index === 0 ? [] : ['']), `### ${plain(text)}`, ''];
    case 'calm':
      return [plain(text)];
    case 'cause':
    case 'unproved':
    case 'also':
    case 'possible':
      return [`- **${label}:** ${plain(text)}`];
    case 'fact':
    case 'link':
      return [`  - ${plain(from ?? '')}${when}: ${plain(text)}`];
    case 'tried':
      return [`- ${label}${when}: ${plain(text)}`];
    case 'follows':
    case 'helps':
      return [`- ${label}: ${plain(text)}`];
    case 'order':
      return [`- ${text}:`];
    case 'unknown':
      return [`- ${label}: ${plain(text)}`];
  }
}

/** A card for the channel of an incident: which cluster, when, and what is wrong with it. Times are absolute, as it is read later. */
export function cardMarkdown(
  { lines }: Pick<Card, 'lines'>,
  { clusterId, namespace }: Pick<Target, 'clusterId' | 'namespace'>,
  now: Instant,
): readonly string[] {
  const about = lines.filter(({ part }) => part !== 'unknown');
  const unknown = lines.filter(({ part }) => part === 'unknown');
  return [
    `## ${plain(`${clusterId} in ${namespace}`)}, ${formatDateTime(now)}`,
    '',
    ...about.flatMap(itemsOf),
    ...(unknown.length === 0 ? [] : ['', ...unknown.flatMap(itemsOf)]),
  ];
}
