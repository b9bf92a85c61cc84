/**
 * The gate for text from outside: the name of a server, a jar, a job, a file or an argument must not drive a terminal or break a row.
 * Everything that is shown or printed passes through one of these functions.
 */

/** Code units that a terminal obeys, that reorder their neighbours, or that are invisible; ESC separately. Line feeds and tabs are text. */
const units =
  '\\u0000-\\u0008\\u000b-\\u001a\\u001c-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb';
/** Tag characters, U+E0000 to U+E007F, are invisible. */
const tags = '\\udb40[\\udc00-\\udc7f]';
const harmful = new RegExp(`[\\u001b${units}]|${tags}`);
const everyHarmful = new RegExp(harmful, 'g');

/**
 * Whole control sequences, then harmful characters. No alternative goes beyond the next control character, so the time is linear in the
 * length. Of a string sequence without an end, only the introducer matches: the text after it stays readable. Source: ECMA-48, 5.4 and 8.3;
 * xterm accepts BEL as the end of a string as well.
 */
const sequences = new RegExp(
  [
    // CSI: parameters and intermediates, then a final byte
    '(?:\\u001b\\[|\\u009b)[ -?]*[@-~]?',
    // DCS, SOS, OSC, PM, APC
    '(?:\\u001b[PX\\]^_]|[\\u0090\\u0098\\u009d-\\u009f])(?:[^\\u0000-\\u001f\\u007f-\\u009f]*(?:\\u0007|\\u001b\\\\|\\u009c))?',
    // Other escapes: intermediates, then a final byte
    '\\u001b[ -/]*[0-~]?',
    '\\r+',
    `[${units}]`,
    tags,
  ].join('|'),
  'g',
);

/** Shown for a carriage return, so that the text it would have overwritten can be read as well. */
const carriageReturn = '\u240d';
const lineEnds = '\u000b\u000c\u0085\u2028\u2029';

function replacement(found: string, at: number, text: string): string {
  if (found[0] !== '\r') return lineEnds.includes(found) ? ' ' : '';
  const before = text[at - 1];
  const after = text[at + found.length];
  return before === undefined || before === '\n' || after === undefined || after === '\n' ? '' : carriageReturn;
}

/** True if the gate would change nothing in it. */
export const isHarmless = (text: string): boolean => !harmful.test(text);

/** Text without control sequences and invisible characters. Line feeds and tabs stay. */
export function harmless(text: string): string {
  return harmful.test(text) ? text.replace(sequences, replacement) : text;
}

/** The same in one row: line feeds become spaces. */
export const harmlessRow = (text: string): string => harmless(text).replaceAll('\n', ' ');

/** A sentence that may have lines below it, which are indented so that none of them looks like another row. */
export const harmlessSentence = (text: string): string => harmless(text).replace(/\n(?=\S)/g, '\n  ');

/** `ESC [ … m` of a reasonable length. */
const style = /^\u001b\[[\d;:]{0,60}m$/;
const extendedColour = /\b[345]8[;:](?:5[;:]\d*|2(?:[;:]\d*){3,4})/g;
/** Blinks (5, 6) or hides (8) text. */
const deceives = /(?:^|;)0*[568](?:$|;)/;
const reset = /^\u001b\[[0;]*m$/;

const isColour = (sequence: string): boolean => style.test(sequence) && !deceives.test(sequence.slice(2, -1).replace(extendedColour, ''));

/** Anything but a style, and styles that can deceive. */
const beyondStyles = new RegExp(`\\u001b(?!\\[[\\d;:]{0,60}m)|\\u001b\\[(?:[\\d;:]*[;:])?0*[568][;:m]|[${units}]|${tags}`);

/** Like `harmless`, for lines that may be coloured, as logs are: colours, weights and underlines stay, and are reset at the end. */
export function harmlessColoured(text: string): string {
  if (!harmful.test(text)) return text;
  // Most lines that are not plain are merely coloured.
  const shown = beyondStyles.test(text)
    ? text.replace(sequences, (found, at: number) => (isColour(found) ? found : replacement(found, at, text)))
    : text;
  const last = shown.lastIndexOf('\u001b');
  return last === -1 || reset.test(shown.slice(last, shown.indexOf('m', last) + 1)) ? shown : `${shown}\u001b[0m`;
}

const breaksRow = new RegExp(`\\u001b(?!\\[[\\d;:]{0,60}m)|[\\t\\n${units}]|${tags}`);

/** A row of the screen, coloured by drey: its parts were cleaned when they came in, and this is the last gate before the terminal. */
export const harmlessScreenRow = (row: string): string => (breaksRow.test(row) ? harmlessColoured(row).replace(/[\t\n]/g, ' ') : row);

/** Foreign text as one row of at most `most` characters. */
export function oneLine(text: string, most = 300): string {
  const line = harmlessRow(text.slice(0, most * 4))
    .replaceAll('\t', ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

/** A cell of a printed table: long enough for any name or path. */
export const tableCell = (text: string): string => oneLine(text, 4_096);

const hexadecimal = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');

/** JSON or YAML text in which harmful characters are escaped: programs read the same data, and a terminal never sees them. */
export function escaped(text: string, as: 'json' | 'yaml'): string {
  return text.replace(everyHarmful, (found) => {
    if (as === 'yaml' && found.length === 2) return `\\U${hexadecimal(found.codePointAt(0) ?? 0, 8)}`;
    return found.replace(/[^]/g, (unit) => `\\u${hexadecimal(unit.charCodeAt(0), 4)}`);
  });
}

/** Data in which every text is harmless, including field names; the same object if nothing had to change. */
export function harmlessData<T>(data: T): T {
  return isHarmlessData(data) ? data : (cleaned(data) as T);
}

/** Nearly all data is harmless, so this check allocates nothing: the pods of a large cluster pass through here. */
function isHarmlessData(value: unknown): boolean {
  if (typeof value === 'string') return isHarmless(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isHarmlessData);
  // An error cleans its own message, and an instance of any other class is not data.
  if (Object.getPrototypeOf(value) !== Object.prototype) return true;
  for (const key in value) if (!isHarmless(key) || !isHarmlessData((value as Readonly<Record<string, unknown>>)[key])) return false;
  return true;
}

function cleaned(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return harmless(String(value));
  if (Array.isArray(value)) return value.map((item: unknown) => harmlessData(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]: readonly [string, unknown]) => [harmless(key), harmlessData(item)]));
}
