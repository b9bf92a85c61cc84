import type { Report } from './reports.ts';

/** User input at the terminal. `text`: characters typed one after the other, as they came. */
export type Input =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'report'; readonly report: Report };

/** A key by its name in the key table; a single character is text. */
export const inputOf = (name: string): Input => (name.length === 1 ? { kind: 'text', text: name } : { kind: 'key', name });

/** The number of keys pressed for it. */
export const pressesOf = (input: Input): number =>
  input.kind === 'text' ? Array.from(input.text).length : input.kind === 'report' ? 0 : 1;
