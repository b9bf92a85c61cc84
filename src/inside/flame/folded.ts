import { oneLine } from '../../support/foreign-text.ts';
import { type Flame, stackOf } from './flame.ts';

/** One line for each stack that was sampled: `main;work;read 12`, which every tool for flame graphs reads. The root is left out. */
export function foldedLines(flame: Flame): readonly string[] {
  return flame.frames.flatMap(({ own, depth }, index) => {
    if (own === 0) return [];
    const names = stackOf(flame, index).slice(depth === 0 ? 0 : 1);
    return [`${names.map(({ name }) => foldedName(name)).join(';')} ${own}`];
  });
}

/** A semicolon separates frames. */
const foldedName = (name: string): string => oneLine(name).replaceAll(';', ',');
