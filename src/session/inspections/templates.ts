import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TemplatesFacts } from '../../inside/log/templates/reading.ts';
import type { InspectionKind } from './inspection.ts';

/** The entries of logs by their templates. */
export interface TemplatesSubject {
  readonly kind: 'templates';
  /** Names of pods; undefined: all that are followed. */
  readonly pods: readonly string[] | undefined;
}

/** How long lines are read before what was found is shown, in milliseconds: a log with a million lines fills up before one's eyes. */
const mostMs = 300;

export const templatesInspection: InspectionKind<TemplatesSubject, TemplatesFacts> = {
  idOf: ({ pods }) => pods?.join(' ') ?? '*',
  async read({ pods }, { logs, clock, signal }) {
    const reading = logs.templates(pods ?? 'all');
    const until = clock.monotonic() + mostMs;
    do {
      reading.advance();
      // Keys and frames come between two slices.
      await nextTurn();
      signal.throwIfAborted();
    } while (reading.pending > 0 && clock.monotonic() < until);
    return reading.facts(clock.now());
  },
  // No server is asked: this is as often as counts can be read that change.
  every: () => 1 / 3,
};
