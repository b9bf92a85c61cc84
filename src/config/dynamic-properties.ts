import { Problem } from '../support/problem.ts';

export interface DynamicProperty {
  readonly key: string;
  readonly value: string;
  /** Index of the first word after it. */
  readonly next: number;
}

/** `k=v` is split at the first `=`; no `=` means `true`; nothing after it is the empty text. */
export function splitProperty(text: string): Omit<DynamicProperty, 'next'> {
  const at = text.indexOf('=');
  return at < 0 ? { key: text, value: 'true' } : { key: text.slice(0, at), value: text.slice(at + 1) };
}

/** A word that is quoted as a whole loses its quotes. Source: `Util.stripLeadingAndTrailingQuotes`, commons-cli 1.5. */
export const unquoted = (word: string): string => (/^"[^"]*"$/.test(word) ? word.slice(1, -1) : word);

const looksLikeOption = (word: string): boolean => word.startsWith('-') && word.length > 1 && !/^-\d/.test(word);

/**
 * The `-D` option at `argv[at]` in one of its forms: `-Dk=v`, `-D=k=v`, `-Dk`, `-D k=v`, `-D k v`; undefined if there is none. In the
 * spaced forms the next words may not be options. Throws a `Problem` of kind `usage` if a word is missing.
 * Source: commons-cli 1.5.0 with the option of `DynamicPropertiesUtil`, Flink 2.3: two arguments, `=` between them.
 */
export function readDynamicProperty(
  argv: readonly string[],
  at: number,
  isOption: (word: string) => boolean = looksLikeOption,
): DynamicProperty | undefined {
  const word = argv[at];
  if (word === undefined || !word.startsWith('-D')) return undefined;
  if (word !== '-D') return { ...splitProperty(word.startsWith('-D=') ? word.slice(3) : word.slice(2)), next: at + 1 };
  const missing = new Problem('usage', 'Missing argument for option: D', { hint: 'Write -Dkey=value.' });
  const first = argv[at + 1];
  if (first === undefined || isOption(first)) throw missing;
  const pair = unquoted(first);
  if (pair.includes('=')) return { ...splitProperty(pair), next: at + 2 };
  const second = argv[at + 2];
  if (second === undefined || isOption(second)) throw missing;
  return { key: pair, value: unquoted(second), next: at + 3 };
}
