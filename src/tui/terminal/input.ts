import type { Report } from './reports.ts';

/** What a person did at the terminal. `text`: signs that are typed one after the other, as they came. */
export type Input =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'key'; readonly name: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'report'; readonly report: Report };

/** A key by its name in the key table; one character is something to type. */
export const inputOf = (name: string): Input => (name.length === 1 ? { kind: 'text', text: name } : { kind: 'key', name });

/** Keys that were pressed for it. */
export const pressesOf = (input: Input): number =>
  input.kind === 'text' ? Array.from(input.text).length : input.kind === 'report' ? 0 : 1;
