/** SGR sequences, `ESC [ … m`: colours, weights and other styles. They have no width. */
export const sgrSource = String.raw`\u001b\[[\d;:]*m`;

const anywhere = new RegExp(sgrSource);
const every = new RegExp(sgrSource, 'g');
const parted = new RegExp(`(${sgrSource})`);

export const hasSgr = (text: string): boolean => anywhere.test(text);

export const withoutSgr = (text: string): string => text.replace(every, '');

/** The sequences of a text, in their order. */
export const sgrOf = (text: string): readonly string[] => text.match(every) ?? [];

/** The text split at its sequences: parts at odd indexes are sequences, those at even ones may be empty. */
export const splitAtSgr = (text: string): string[] => text.split(parted);

/** The sequences that are active after `sequence`. */
export const styledBy = (styles: string, sequence: string): string => (/\[0*m$/.test(sequence) ? '' : styles + sequence);
