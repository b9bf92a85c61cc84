/** What was typed after `/`: a regular expression; a `!` before it turns it round. */
export interface TextFilter {
  readonly text: string;
  readonly pattern: RegExp;
  readonly invert: boolean;
}

/**
 * Reads a filter. Lower case finds both cases, as in less -i. An expression that is not one yet (a bracket that is still open) is told
 * as a sentence.
 */
export function readFilter(text: string): TextFilter | { readonly problem: string } | undefined {
  const invert = text.startsWith('!');
  const source = invert ? text.slice(1) : text;
  if (source === '') return undefined;
  try {
    return { text, pattern: new RegExp(source, /[A-Z]/.test(source) ? '' : 'i'), invert };
  } catch (error) {
    // What a user types is not always an expression: the sentence goes under the prompt.
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: \/.*\/[a-z]*: /, '') : String(error);
    return { problem: `Not a regular expression: ${reason}.` };
  }
}

export const matches = (filter: TextFilter, text: string): boolean => filter.pattern.test(text) !== filter.invert;

/** The text with each hit of the pattern painted; the text itself if there is none. */
export const highlight = ({ pattern }: TextFilter, text: string, paint: (hit: string) => string): string =>
  text.replace(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`), (hit: string) => paint(hit));

/** Where the first hit begins; -1: there is none. */
export const matchAt = ({ pattern }: TextFilter, text: string): number => text.search(pattern);
