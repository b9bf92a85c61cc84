import { TemplateTally } from '../../src/inside/log/templates/tally.ts';
import type { Inspection } from '../../src/session/inspections/inspections.ts';

/** An entry of a log: its level as a number, what it says, when, and where. */
export interface Written {
  readonly level: number;
  readonly message: string;
  readonly at: number;
  readonly pod: string;
  readonly exception?: string;
}

/** What a place shows of these entries. */
export function templatesInside(
  pods: readonly string[] | undefined,
  entries: readonly Written[],
  { now, pending = 0 }: { readonly now: number; readonly pending?: number },
): Inspection {
  const tally = new TemplateTally((line) => line);
  for (const { message, exception = '', ...rest } of entries) tally.add({ ...rest, exception, line: new TextEncoder().encode(message) });
  return {
    subject: { kind: 'templates', pods },
    facts: {
      templates: tally.facts(now),
      entries: entries.length,
      since: entries.length === 0 ? undefined : Math.min(...entries.map(({ at }) => at)),
      pending,
      complete: pending === 0,
    },
    readAt: now,
    problem: undefined,
  };
}
