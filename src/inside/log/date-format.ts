/** The names that stand for formats. Source: FixedDateFormat of log4j 2.25 and CachingDateFormatter of logback 1.5. */
const namedFormats: Readonly<Record<string, string>> = {
  ABSOLUTE: 'HH:mm:ss,SSS',
  ABSOLUTE_MICROS: 'HH:mm:ss,nnnnnn',
  ABSOLUTE_NANOS: 'HH:mm:ss,nnnnnnnnn',
  ABSOLUTE_PERIOD: 'HH:mm:ss.SSS',
  COMPACT: 'yyyyMMddHHmmssSSS',
  DATE: 'dd MMM yyyy HH:mm:ss,SSS',
  DATE_PERIOD: 'dd MMM yyyy HH:mm:ss.SSS',
  DEFAULT: 'yyyy-MM-dd HH:mm:ss,SSS',
  DEFAULT_MICROS: 'yyyy-MM-dd HH:mm:ss,nnnnnn',
  DEFAULT_NANOS: 'yyyy-MM-dd HH:mm:ss,nnnnnnnnn',
  DEFAULT_PERIOD: 'yyyy-MM-dd HH:mm:ss.SSS',
  ISO8601: "yyyy-MM-dd'T'HH:mm:ss,SSS",
  ISO8601_BASIC: "yyyyMMdd'T'HHmmss,SSS",
  ISO8601_BASIC_PERIOD: "yyyyMMdd'T'HHmmss.SSS",
  ISO8601_OFFSET_DATE_TIME_HH: "yyyy-MM-dd'T'HH:mm:ss,SSSX",
  ISO8601_OFFSET_DATE_TIME_HHCMM: "yyyy-MM-dd'T'HH:mm:ss,SSSXXX",
  ISO8601_OFFSET_DATE_TIME_HHMM: "yyyy-MM-dd'T'HH:mm:ss,SSSXX",
  ISO8601_PERIOD: "yyyy-MM-dd'T'HH:mm:ss.SSS",
  ISO8601_PERIOD_MICROS: "yyyy-MM-dd'T'HH:mm:ss.nnnnnn",
  STRICT: 'yyyy-MM-dd HH:mm:ss,SSS',
  UNIX: 's',
  UNIX_MILLIS: 's',
};

/** A date of this format, in the letters of `SimpleDateFormat`, at the place where the search begins. */
export function dateExpression(format: string): RegExp {
  const letters = namedFormats[format === '' ? 'DEFAULT' : format] ?? format;
  let groups = 0;
  const parts = Array.from(letters.matchAll(/'(?:[^']|'')*'?|([A-Za-z])\1*|[^A-Za-z']+/g), ([token]) => {
    if (token.startsWith("'")) return literal(token === "''" ? "'" : token.replace(/^'|'$/g, '').replaceAll("''", "'"));
    if (!/^[A-Za-z]/.test(token)) return literal(token);
    const source = letterSource(token);
    // A part of variable length keeps what it took: otherwise a date of many such parts could be read in too many ways.
    return source.endsWith('+') ? `(?=(?<p${(groups += 1)}>${source}))\\k<p${groups}>` : source;
  });
  return new RegExp(parts.join(''), 'y');
}

/** A comma or a dot before the milliseconds, a space or a T before the time: locales and versions differ in these. */
const literal = (text: string): string =>
  text
    .replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
    .replaceAll(/\\\.|,/g, '[,.]')
    .replaceAll(/[ T]/g, '[ T]');

/** Letters of any alphabet: months are written in the language of the JVM. */
const word = '[A-Za-z\u00c0-\uffff.]+';

function letterSource(token: string): string {
  const { length } = token;
  switch (token[0]) {
    case 'E':
    case 'a':
    case 'G':
    case 'z':
    case 'V':
    case 'O':
      return word;
    case 'Z':
    case 'X':
    case 'x':
      return String.raw`[\d+:Z-]+`;
    case 'M':
    case 'L':
      if (length > 2) return word;
  }
  return length === 1 ? String.raw`\d+` : String.raw`\d{${length}}`;
}
