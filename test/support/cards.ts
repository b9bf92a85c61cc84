import type { Card, Incident } from '../../src/commands/model/card.ts';
import { incidentLines, type Places } from '../../src/commands/model/card-lines.ts';
import type { View } from '../../src/commands/model/types.ts';

const nowhere: Places = { subject: undefined, of: () => undefined };

export const anIncident = (over: Partial<Incident> = {}): Incident => ({
  subject: { kind: 'job', id: '9f13c2'.padEnd(32, '0'), name: 'orders-enrichment' },
  severity: 'error',
  what: 'Job orders-enrichment (9f13c2) is RESTARTING.',
  rule: 'exception',
  cause: 'java.io.IOException: disk quota exceeded',
  evidence: [],
  conclusions: [],
  advice: [],
  also: [],
  possible: [],
  at: undefined,
  chain: [],
  attempts: [],
  ...over,
});

/** A card of these incidents; `places`: where their lines lead. */
export function cardOf(
  findings: readonly Incident[],
  {
    calm = [],
    unknown = [],
    places = () => nowhere,
  }: { readonly calm?: readonly string[]; readonly unknown?: readonly string[]; readonly places?: (incident: Incident) => Places } = {},
): Card {
  return {
    findings,
    unknown,
    lines: [
      ...findings.flatMap((incident) => incidentLines(incident, places(incident))),
      ...calm.map((text) => ({ id: `calm ${text}`, part: 'calm', text }) as const),
      ...unknown.map((text) => ({ id: `unknown ${text}`, part: 'unknown', text }) as const),
    ],
  };
}

/** What `why` shows; `again`: how the card is read once more. */
export const whyOf = (card: Card, again: () => Card = () => card): Extract<View, { kind: 'why' }> => ({
  kind: 'why',
  about: undefined,
  card,
  text: [],
  again: async () => again(),
});
