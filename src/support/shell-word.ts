/** Words that every shell reads literally. */
const plain = /^[\w@%+=:,./-]+$/;

/** The word as typed in a shell. */
export const shellWord = (word: string): string => (plain.test(word) ? word : singleQuoted(word));

export const singleQuoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
