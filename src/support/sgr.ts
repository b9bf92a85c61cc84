/** SGR sequences, `ESC [ … m`: colours, weights and other styles. They take no cell. */
export const sgrSource = String.raw`\u001b\[[\d;:]*m`;

const anywhere = new RegExp(sgrSource);
const every = new RegExp(sgrSource, 'g');
const parted = new RegExp(`(${sgrSource})`);

export const hasSgr = (text: string): boolean => anywhere.test(text);

export const withoutSgr = (text: string): string => text.replace(every, '');

/** The sequences of a text, in their order. */
export const sgrOf = (text: string): readonly string[] => text.match(every) ?? [];

/** The text between its sequences and the sequences: each part at an odd index is a sequence, one at an even index may be empty. */
export const splitAtSgr = (text: string): string[] => text.split(parted);

/** The sequences that are active after one more. */
export const styledBy = (styles: string, sequence: string): string => (/\[0*m$/.test(sequence) ? '' : styles + sequence);
