import type { Clock } from '../../support/clock.ts';
import { type Problem, sentence } from '../../support/problem.ts';
import { timelineEntry } from '../draft.ts';
import type { Teller } from './teller.ts';

/** Tells of objects that cannot be read, each sentence once: an object that changes every second stays one line. */
export function oddObjects(teller: Teller, clock: Clock): (problem: Problem) => void {
  const told = new Set<string>();
  return (problem) => {
    const text = `${sentence(problem)} It is left out.`;
    if (told.has(text)) return;
    told.add(text);
    const at = clock.now();
    teller.tell({ kind: 'timeline', at, line: timelineEntry(at, 'k8s', 'warn', undefined, text) });
  };
}
