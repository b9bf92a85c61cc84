import type { LineText } from './line-text.ts';

/** Lines that are remembered. */
export const historyLimit = 500;

/** The history with one line more: blank lines, what begins with a blank, and a repetition of the last are left out. */
export function remember(history: readonly string[], line: string): readonly string[] {
  if (line.trim() === '' || line.startsWith(' ') || history.at(-1) === line) return history;
  return [...history, line].slice(-historyLimit);
}

/** The `index`th line back from the newest that contains the query, each line once. */
export function historyMatch(history: readonly string[], { query, index }: { readonly query: LineText; readonly index: number }): { readonly line: string } | undefined {
  if (query.text === '') return undefined;
  const seen = new Set<string>();
  for (const line of history.toReversed()) {
    if (!line.includes(query.text) || seen.has(line)) continue;
    if (seen.size === index) return { line };
    seen.add(line);
  }
  return undefined;
}

const secret = /(password|passwd|secret|token|credential|api[-_.]?key|private[-_.]?key|access[-_.]?key|authorization)/i;

/** True for a line that is not written to the file: it looks as if it held a secret. */
export const looksSecret = (line: string): boolean => secret.test(line);
