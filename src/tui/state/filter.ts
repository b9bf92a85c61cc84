import { compilePattern, type Pattern } from '../../support/pattern.ts';

/** The text after `/`: a regular expression; a leading `!` inverts it. */
export interface TextFilter {
  readonly text: string;
  readonly pattern: Pattern;
  readonly invert: boolean;
}

export type Reading =
  /** Undefined: nothing was typed. */
  | { readonly kind: 'filter'; readonly filter: TextFilter | undefined }
  | { readonly kind: 'wrong'; readonly problem: string }
  /** The engine is being loaded. */
  | { readonly kind: 'loading' };

/**
 * Reads a filter. Lower case matches both cases, as in less -i; characters after a backslash (`\D`) do not count for that. An expression
 * that is not complete yet (an open bracket) is wrong.
 */
export function readFilter(text: string): Reading {
  const invert = text.startsWith('!');
  const source = invert ? text.slice(1) : text;
  if (source === '') return { kind: 'filter', filter: undefined };
  const compiled = compilePattern(source, { ignoreCase: !/[A-Z]/.test(source.replace(/\\./g, '')) });
  switch (compiled.kind) {
    case 'pattern':
      return { kind: 'filter', filter: { text, pattern: compiled.pattern, invert } };
    case 'wrong':
      return { kind: 'wrong', problem: `Not a regular expression: ${compiled.reason}.` };
    case 'loading':
      return compiled;
  }
}

export const matches = (filter: TextFilter, text: string): boolean => filter.pattern.test(text) !== filter.invert;

/** The text with each match of the pattern painted; the text itself if there is none. */
export function highlight({ pattern }: TextFilter, text: string, paint: (hit: string) => string): string {
  let painted = '';
  let from = 0;
  for (const { start, end } of pattern.hits(text)) {
    painted += text.slice(from, start) + paint(text.slice(start, end));
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
}): readonly TextFilter[] => [search, filter].filter((one) => one !== undefined && !one.invert) as readonly TextFilter[];

/** The text with the matches of the first of these filters that matches; the text itself if none does. */
export const highlightAny = (filters: readonly TextFilter[], text: string, paint: (hit: string) => string): string =>
  filters.reduce((painted, filter) => (painted === text ? highlight(filter, text, paint) : painted), text);

/** Where the first match begins; -1: there is none. */
export const matchAt = ({ pattern }: TextFilter, text: string): number => pattern.hits(text)[0]?.start ?? -1;
