import type { EntryHead } from './layout.ts';

/** Names of the field with the level: in the layouts of log4j and logback, ECS, Bunyan, Python, zap and clouds. */
export const levelFields: readonly string[] = [
  'level',
  'log.level',
  'severity',
  'levelname',
  'lvl',
  'loglevel',
  'log_level',
  'level_name',
  'severity_text',
  'severitytext',
  '@level',
  'levelstr',
  '@l',
];

/** The names that the same layouts give to the other parts. */
const messageFields: readonly string[] = ['message', 'msg', 'short_message', '@m', '@message'];
const loggerFields: readonly string[] = ['loggername', 'logger_name', 'log.logger', 'logger', '@logger', 'name'];
const threadFields: readonly string[] = ['thread', 'threadname', 'thread_name', 'process.thread.name'];
const timeFields: readonly string[] = ['@timestamp', 'timestamp', 'time', 'ts', 'timemillis', '@t'];

/** Reads a line that is a JSON object with a message; undefined: it is none. */
export function readJsonEntry(line: string): EntryHead | undefined {
  if (!line.startsWith('{')) return undefined;
  const fields = fieldsOf(line);
  const message = fields === undefined ? undefined : firstOf(fields, messageFields);
  if (fields === undefined || message === undefined) return undefined;
  return {
    message,
    level: firstOf(fields, levelFields) ?? '',
    logger: firstOf(fields, loggerFields) ?? '',
    thread: firstOf(fields, threadFields) ?? '',
    time: firstOf(fields, timeFields) ?? '',
  };
}

/** The texts and numbers of the object by their names in lower case, those within `log` as well. */
function fieldsOf(line: string): ReadonlyMap<string, string> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    // A brace at the start of a line does not make it JSON.
    return undefined;
  }
  const fields = new Map<string, string>();
  const take = (object: object, prefix: string): void => {
    for (const [name, value] of Object.entries(object)) {
      const key = prefix + name.toLowerCase();
      if (typeof value === 'string' || typeof value === 'number') fields.set(key, String(value));
      else if (prefix === '' && key === 'log' && typeof value === 'object' && value !== null) take(value, 'log.');
    }
  };
  take(parsed as object, '');
  return fields;
}

function firstOf(fields: ReadonlyMap<string, string>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}
