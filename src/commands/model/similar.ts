import { editDistance } from '../../support/edit-distance.ts';
import type { Command } from './types.ts';

/** A word that can be suggested. `risky`: running it by mistake has a cost, so it is suggested only for an obvious typing error. */
export interface Candidate {
  readonly word: string;
  readonly risky: boolean;
}

/** The candidate that `word` is most likely a misspelling of; undefined if none is close. */
export function similar(word: string, candidates: readonly Candidate[]): string | undefined {
  const typed = word.toLowerCase();
  let best: string | undefined;
  let least = tolerance(typed) + 1;
  for (const candidate of candidates) {
    const meant = candidate.word.toLowerCase();
    const distance = editDistance(typed, meant, least - 1);
    if (distance >= least || (candidate.risky && !isSlip(typed, meant, distance))) continue;
    best = candidate.word;
    least = distance;
  }
  return best;
}

/** In a short word, one wrong letter in three makes another word: `exec` is not `exit`. */
const tolerance = (word: string): number => (word.length < 3 ? 0 : word.length < 6 ? 1 : 2);

/** One letter of a long word, but not the first: `cancl` is `cancel`; `top` is not `stop`. */
const isSlip = (typed: string, meant: string, distance: number): boolean => distance === 1 && meant.length > 4 && typed[0] === meant[0];

/** The names of these commands. Destructive ones are never suggested: anyone who wants them can spell them. */
export const candidates = (commands: readonly Command[]): readonly Candidate[] =>
  commands
    .filter(({ danger }) => danger !== 'destroy')
    .flatMap(({ name, aliases, danger }) => [name, ...aliases].map((word) => ({ word, risky: danger === 'confirm' })));
