import type { App } from './app.ts';
import { matches } from '../state/filter.ts';

/** The lines before a match help to understand it. */
export const linesAbove = 2;

/** Goes to the next matching line of the text: from the last match, otherwise from the first visible line. */
export function findInText(app: App, turn: 'on' | 'back'): void {
  const { text } = app.ui;
  // The filter's matches can be searched as well.
  const search = text?.search ?? text?.filter;
  if (text === undefined || search === undefined) return;
  const { lines, found, top } = text;
  const step = turn === 'on' ? 1 : -1;
  let index = found === undefined ? top - (turn === 'on' ? 1 : 0) : found;
  do index += step;
  while (index >= 0 && index < lines.length && !matches(search, lines[index] ?? ''));
  if (index >= 0 && index < lines.length) return app.set({ text: { ...text, search, found: index, top: Math.max(0, index - linesAbove) } });
  app.set({ result: { lines: [`No ${turn === 'on' ? 'later' : 'earlier'} line matches ${search.text}`], tone: 'warn' } });
}
