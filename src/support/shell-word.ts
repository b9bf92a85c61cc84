/** What no shell reads as anything but itself. */
const plain = /^[\w@%+=:,./-]+$/;

/** The word as it is typed in a shell. */
export const shellWord = (word: string): string => (plain.test(word) ? word : singleQuoted(word));

export const singleQuoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;
