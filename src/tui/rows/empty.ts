import { wrap } from '../../support/text-width.ts';
import { words, type Look } from '../look/look.ts';

/** A sentence in a panel that has no content. */
export const emptyLines = (sentence: string, width: number, look: Look): readonly string[] =>
  sentence === '' ? [] : wrap(words(look, sentence), width - 4).map((line) => `  ${look.theme.paint('muted', line)}`);
