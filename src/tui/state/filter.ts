import { compilePattern, type Hit, type Pattern } from '../../support/pattern.ts';

/** The text after `/`: regular expressions with ` && ` between them, of which all must match; a leading `!` inverts one. */
export interface TextFilter {
  readonly text: string;
  readonly parts: readonly FilterPart[];
}

export interface FilterPart {
  readonly pattern: Pattern;
  readonly invert: boolean;
}

export type Reading =
  /** Undefined: nothing was typed. */
  | { readonly kind: 'filter'; readonly filter: TextFilter | undefined }
  | { readonly kind: 'wrong'; readonly problem: string }
  /** The engine is being loaded. */
  | { readonly kind: 'loading' };

/** What is typed last may not be complete yet. */
const between = /\s&&(?:\s+|$)/;

/**
 * Reads a filter. Lower case matches both cases, as in less -i; characters after a backslash (`\D`) do not count for that. An expression
 * that is not complete yet (an open bracket) is wrong.
 */
export function readFilter(text: string): Reading {
  const parts: FilterPart[] = [];
  for (const typed of text.split(between)) {
    const invert = typed.startsWith('!');
    const source = invert ? typed.slice(1) : typed;
    if (source === '') continue;
    const compiled = compilePattern(source, { ignoreCase: !/[A-Z]/.test(source.replace(/\\./g, '')) });
    if (compiled.kind === 'wrong') return { kind: 'wrong', problem: `Not a regular expression: ${compiled.reason}.` };
    if (compiled.kind === 'loading') return compiled;
    parts.push({ pattern: compiled.pattern, invert });
  }
  return { kind: 'filter', filter: parts.length === 0 ? undefined : { text, parts } };
}

export const matches = ({ parts }: TextFilter, text: string): boolean =>
  parts.every(({ pattern, invert }) => pattern.test(text) !== invert);

/** False: none of these lines has what the filter includes. */
export const mayMatch = ({ parts }: TextFilter, lines: string): boolean =>
  parts.every(({ pattern, invert }) => invert || pattern.mayMatch(lines));

/** The filter without what it leaves out, and only that; undefined: there is nothing of the kind. */
export const included = (filter: TextFilter): TextFilter | undefined => partly(filter, false);
export const excluded = (filter: TextFilter): TextFilter | undefined => partly(filter, true);

function partly({ text, parts }: TextFilter, invert: boolean): TextFilter | undefined {
  const some = parts.filter((part) => part.invert === invert);
  return some.length === 0 ? undefined : { text, parts: some };
}

/** What the filter looks for, from left to right. */
function hitsOf({ parts }: TextFilter, text: string): readonly Hit[] {
  return parts
    .filter(({ invert }) => !invert)
    .flatMap(({ pattern }) => pattern.hits(text))
    .sort((a, b) => a.start - b.start);
}

/** The text with each match painted; the text itself if there is none. */
export function highlight(filter: TextFilter, text: string, paint: (hit: string) => string): string {
  let painted = '';
  let from = 0;
  for (const { start, end } of hitsOf(filter, text)) {
    // Two expressions may match the same characters.
    if (end <= from) continue;
    const begin = Math.max(start, from);
    painted += text.slice(from, begin) + paint(text.slice(begin, end));
    from = end;
  }
  return from === 0 ? text : painted + text.slice(from);
}

/** The search and the filter, as far as they apply to what is shown. */
export const marks = ({
  search,
  filter,
}: {
  readonly search: TextFilter | undefined;
  readonly filter: TextFilter | undefined;
}): readonly TextFilter[] => [search, filter].filter((one) => one !== undefined && included(one) !== undefined) as readonly TextFilter[];

/** The text with the matches of the first of these filters that matches; the text itself if none does. */
export const highlightAny = (filters: readonly TextFilter[], text: string, paint: (hit: string) => string): string =>
  filters.reduce((painted, filter) => (painted === text ? highlight(filter, text, paint) : painted), text);

/** Where the first match begins; -1: there is none. */
export const matchAt = (filter: TextFilter, text: string): number => hitsOf(filter, text)[0]?.start ?? -1;
