import type { Mask } from './mask.ts';

/** Stands for a value, or for words that differ. */
export const anything = '*';

/** A message without what differs from one time to the next. */
export interface TemplatePattern {
  /** 1 (TRACE) to 5 (ERROR); 0: its lines have none. */
  readonly level: number;
  /** The class of the exception whose trace follows; empty: there is none. */
  readonly exception: string;
  readonly words: readonly string[];
}

/** Words of a message that are compared: what tells messages apart is at their beginning. */
const mostWords = 40;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The words of a message with its values masked. */
export function maskedWords(mask: Mask, message: string): readonly string[] {
  mask.mask(encoder.encode(message));
  const words = decoder
    .decode(mask.bytes)
    .split(' ')
    .filter((word) => word !== '');
  return words.length > mostWords ? [...words.slice(0, mostWords), anything] : words;
}

/** Whether an entry is one of this template's. */
export const covers = (template: TemplatePattern, level: number, exception: string, words: readonly string[]): boolean =>
  template.level === level &&
  template.exception === exception &&
  template.words.length === words.length &&
  template.words.every((word, index) => word === anything || word === words[index]);
