import type { App } from '../app.ts';

/** Goes to the next line of the text that matches: from the one that was found last, else from the first one that is seen. */
export function findInText(app: App, direction: 1 | -1): void {
  const { text } = app.ui;
  if (text?.search === undefined) return;
  const { search, lines } = text;
  let index = text.found === undefined ? text.top - (direction === 1 ? 1 : 0) : text.found;
  do index += direction; while (index >= 0 && index < lines.length && !search.pattern.test(lines[index] ?? ''));
  if (index >= 0 && index < lines.length) return app.set({ text: { ...text, found: index, top: Math.max(0, index - linesAbove) } });
  app.set({ result: { lines: [`No ${direction === 1 ? 'later' : 'earlier'} line matches ${search.text}`], tone: 'warn' } });
}

/** What stands before a match helps to understand it. */
const linesAbove = 2;
