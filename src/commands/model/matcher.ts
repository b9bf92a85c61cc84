import { compilePattern, loadPatterns } from '../../support/pattern.ts';
import { Problem } from '../../support/problem.ts';

/** Which texts match an expression of the user, ignoring case; all of them if there is none. */
export async function matcherOf(source: string | undefined): Promise<(text: string) => boolean> {
  if (source === undefined) return () => true;
  await loadPatterns();
  const compiled = compilePattern(source, { ignoreCase: true });
  if (compiled.kind === 'pattern') return compiled.pattern.test;
  throw new Problem('usage', `"${source}" is not a regular expression${compiled.kind === 'wrong' ? `: ${compiled.reason}` : ''}.`);
}
