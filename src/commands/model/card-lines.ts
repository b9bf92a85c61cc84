import { type Cause, type Evidence, type EvidenceSource, type Finding, subjectKey } from '../../causes/finding.ts';
import type { Instant } from '../../support/clock.ts';
import { formatSpan, formatTime } from '../../support/format.ts';
import type { CardLine, CardPart, CardPlace, Incident } from './card.ts';

/** What stands before a line of these parts: the same words on the screen, in lines and in a channel. */
export const partWords: Readonly<Partial<Record<CardPart, string>>> = {
  cause: 'Root cause',
  unproved: 'Root cause',
  also: 'Another cause',
  possible: 'Possible, not proved',
  follows: 'It follows',
  helps: 'What helps',
  tried: 'Tried before',
  unknown: 'Not known',
};

/** Where the lines of a finding lead. */
export interface Places {
  readonly subject: CardPlace | undefined;
  readonly of: (evidence: Evidence) => CardPlace | undefined;
}

const nowhere: Places = { subject: undefined, of: () => undefined };

/** The lines of a finding: what is wrong, its causes with their evidence and what follows from it, and the advice. */
export function findingLines(finding: Finding, places: Places = nowhere): readonly CardLine[] {
  const { what, cause, evidence, conclusions, also, possible, severity } = finding;
  const key = subjectKey(finding.subject);
  const line = (part: CardPart, text: string, more: Partial<CardLine> = {}): CardLine => ({
    id: `${key} ${part} ${text}`,
    part,
    text,
    ...more,
  });
  const facts = (all: readonly Evidence[]): readonly CardLine[] =>
    all.map((each) => {
      const from = sourceWords(each.source);
      const fact = line('fact', each.text, { from, at: each.at, place: places.of(each) });
      return { ...fact, id: `${fact.id} ${from} ${each.at}` };
    });
  /** It leads to what proves it first. */
  const causeOf = (part: CardPart, text: string, all: readonly Evidence[]): CardLine =>
    line(part, text, { place: all.map(places.of).find((place) => place !== undefined) ?? places.subject });
  const others = (part: CardPart, causes: readonly Cause[]): readonly CardLine[] =>
    causes.flatMap((each) => [
      causeOf(part, each.text, each.evidence),
      ...facts(each.evidence),
      ...each.conclusions.map((text) => line('follows', text)),
    ]);
  const none = evidence.length === 0 && possible.length === 0 ? [] : [line('unproved', 'not known')];
  return [
    { id: `${key} what`, part: 'what', text: what, severity, place: places.subject },
    ...(cause === undefined ? none : [causeOf('cause', cause, evidence)]),
    ...facts(evidence),
    ...conclusions.map((text) => line('follows', text)),
    ...others('also', also),
    ...others('possible', possible),
    ...adviceOf(finding).map((text) => line('helps', text)),
  ];
}

/** The same with what was tried, and with all that happened in order of time. */
export function incidentLines(incident: Incident, places: Places): readonly CardLine[] {
  const { at, chain, attempts } = incident;
  const key = subjectKey(incident.subject);
  const [what, ...rest] = findingLines(incident, places);
  return [
    ...(what === undefined ? [] : [{ ...what, at }]),
    ...rest,
    ...attempts.map((each): CardLine => ({ id: `${key} tried ${each.at}`, part: 'tried', at: each.at, text: each.text })),
    ...(chain.length === 0 ? [] : [{ id: `${key} order`, part: 'order', text: 'In order of time' } as const]),
    ...chain.map(({ at: when, from, severity, text, place }): CardLine => ({
      id: `${key} link ${when} ${from} ${text}`,
      part: 'link',
      at: when,
      from,
      severity,
      text,
      place,
    })),
  ];
}

/** The advice for all its causes, each line once. */
const adviceOf = ({ advice, also }: Pick<Finding, 'advice' | 'also'>): readonly string[] => [
  ...new Set([...advice, ...also.flatMap((each) => each.advice)]),
];

const agoWords = (at: Instant, now: Instant): string => `${formatTime(at)}, ${formatSpan(Math.max(0, now - at))} ago`;

/** Lines of a card as text. */
export const cardText = (lines: readonly CardLine[], now: Instant): readonly string[] => lines.map((line) => textOf(line, now));

function textOf({ part, at, from, text }: CardLine, now: Instant): string {
  const label = partWords[part];
  switch (part) {
    case 'what':
    case 'calm':
      return text;
    case 'unknown':
      return `${label}: ${text}`;
    case 'unproved':
      return `  ${label}: ${text}. The evidence so far:`;
    case 'cause':
    case 'also':
    case 'possible':
      return `  ${label}: ${text}.`;
    case 'follows':
    case 'helps':
      return `  ${label}: ${text}`;
    case 'tried':
      return `  ${label}, ${at === undefined ? '' : agoWords(at, now)}: ${text}.`;
    case 'fact':
      return `  ${from}${at === undefined ? '' : `, ${agoWords(at, now)}`}: ${text}`;
    case 'order':
      return `  ${text}:`;
    case 'link':
      return `    ${at === undefined ? '' : formatTime(at)} ${(from ?? '').padEnd(5)} ${text}`;
  }
}

export function sourceWords(source: EvidenceSource): string {
  switch (source.kind) {
    case 'status':
      return `status of ${source.object}`;
    case 'event':
      return `event ${source.reason} of ${source.object}`;
    case 'log':
      return `${source.previous ? 'log before the restart' : 'log'} of ${source.pod}${source.container === undefined ? '' : `, container ${source.container}`}`;
    case 'exception':
      return `exception${source.task === undefined ? '' : ` in ${source.task}`}${source.pod === undefined ? '' : ` on ${source.pod}`}`;
    case 'rest':
      return `Flink's ${source.what}`;
  }
}
