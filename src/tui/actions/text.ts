import type { App } from './app.ts';
import { matches } from '../state/filter.ts';
import { linesAbove } from '../state/text-lines.ts';
import type { TextState } from '../state/places/text.ts';
import { textOf, withText } from '../state/trail.ts';

export const changeText = (app: App, change: (text: TextState) => TextState): void =>
  app.update((ui) => ({ ...ui, trail: withText(ui.trail, change) }));

/** Goes to the next matching line of the text: from the last match, otherwise from the first visible line. */
export function findInText(app: App, turn: 'on' | 'back'): void {
  const text = textOf(app.ui.trail);
  // What is filtered by can be walked through as well.
  const search = text?.search ?? text?.filter;
  if (text === undefined || search === undefined) return;
  const { lines, found, top } = text;
  const step = turn === 'on' ? 1 : -1;
  let index = found === undefined ? top - (turn === 'on' ? 1 : 0) : found;
  do index += step;
  while (index >= 0 && index < lines.length && !matches(search, lines[index] ?? ''));
  if (index >= 0 && index < lines.length)
    return changeText(app, (read) => ({ ...read, search, found: index, top: Math.max(0, index - linesAbove) }));
  app.set({ result: { lines: [`No ${turn === 'on' ? 'later' : 'earlier'} line matches ${search.text}`], tone: 'warn' } });
}
