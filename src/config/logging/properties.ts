/** A setting of a Java properties file, and where it stands in the text. */
export interface Property {
  readonly key: string;
  readonly value: string;
  /** Its lines, with their ends: a backslash at the end of a line joins it with the next one. */
  readonly from: number;
  readonly to: number;
  /** Its value as it is written. */
  readonly valueFrom: number;
  readonly valueTo: number;
}

/** An empty line or a comment, which never continues on the next line. */
const comment = /[ \t\f]*(?:[#!][^\r\n]*)?(?:\r\n|\r|\n|$)/y;
/** A line with its continuations. */
const logicalLine = /(?:[^\\\r\n]|\\(?:\r\n|[\s\S]))*(?:\r\n|\r|\n|\\?$)/y;
const written = /^([ \t\f]*)((?:\\(?:\r\n|[\s\S])|[^\\ \t\f=:\r\n])+)(?:[ \t\f]*[=:]|[ \t\f])?[ \t\f]*/;

/** The settings in the order of the text, without comments and empty lines. Source: `java.util.Properties.LineReader`, Java 17. */
export function propertiesIn(text: string): readonly Property[] {
  const found: Property[] = [];
  for (let from = 0; from < text.length;) {
    comment.lastIndex = from;
    if (comment.test(text)) {
      from = comment.lastIndex;
      continue;
    }
    logicalLine.lastIndex = from;
    const whole = logicalLine.exec(text)?.[0] ?? '';
    const line = whole.replace(/(?:\r\n|\r|\n)$/, '');
    const [head = '', indent = '', key = ''] = written.exec(line) ?? [];
    found.push({
      key: unescaped(key),
      value: unescaped(line.slice(head.length)).trim(),
      from,
      to: from + whole.length,
      valueFrom: from + (head === '' ? indent.length : head.length),
      valueTo: from + line.length,
    });
    from += Math.max(1, whole.length);
  }
  return found;
}

const letters: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

const unescaped = (text: string): string =>
  text.replaceAll(/\\(?:(\r\n|\r|\n)[ \t\f]*|u([0-9a-fA-F]{4})|([\s\S]))/g, (_, joint?: string, code?: string, letter = '') =>
    joint !== undefined ? '' : code !== undefined ? String.fromCharCode(parseInt(code, 16)) : (letters[letter] ?? letter),
  );

/** The values by key; of several with one key, Java keeps the last. */
export const valuesOf = (text: string): ReadonlyMap<string, string> => new Map(propertiesIn(text).map(({ key, value }) => [key, value]));

/** `${name}` is a `property.name` of the same file; what the environment of a process says cannot be known, but its default can. */
export function filledIn(pattern: string | undefined, values: ReadonlyMap<string, string>): string | undefined {
  let unknown = false;
  const filled = pattern?.replaceAll(/\$\{([^${}]*)\}/g, (_, name: string) => {
    const [key = '', ...rest] = name.split(':-');
    const value = values.get(`property.${key}`) ?? (rest.length > 0 ? rest.join(':-') : undefined);
    unknown ||= value === undefined;
    return value ?? '';
  });
  return unknown ? undefined : filled;
}
