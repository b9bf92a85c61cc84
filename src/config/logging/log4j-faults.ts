import { isLoggerName, levelOf } from './levels.ts';
import { filledIn, propertiesIn, valuesOf, type Property } from './properties.ts';

/** What a configuration of log4j 2 may begin with. Source: `PropertiesConfigurationBuilder`, Log4j 2.25. */
const known =
  /^(?:status|dest|shutdownHook|shutdownTimeout|advertiser|packages|name|monitorInterval|verbose|strict|schema|rootLogger|loggers?|appenders?|filters?|scripts?|customLevel|property)(?:\.|$)/;

/** Why log4j 2 would not do what this file says. Nothing of it is an error to log4j: it falls silent, or ignores the line. */
export function log4jFaults(text: string): readonly string[] {
  const properties = propertiesIn(text);
  const values = valuesOf(text);
  const at = ({ from }: Property): string => `line ${text.slice(0, from).split('\n').length}`;
  const each = properties.flatMap((property) => {
    const reason = faultOf(property, values);
    return reason === undefined ? [] : [`${at(property)}: ${reason}`];
  });
  return [...each, ...wholeFaults(text, values)];
}

function faultOf({ key, value }: Property, values: ReadonlyMap<string, string>): string | undefined {
  if (!known.test(key)) return `log4j has no setting "${key}".`;
  const id = /^logger\.([^.]+)\.level$/.exec(key)?.[1];
  if (id !== undefined && !values.has(`logger.${id}.name`)) return `the logger ${id} has no name (logger.${id}.name).`;
  if (/^logger\.[^.]+\.name$/.test(key) && !isLoggerName(value)) return `"${value}" cannot be the name of a logger.`;
  const word = levelWord(key, value);
  const filled = word === undefined ? undefined : filledIn(word, values);
  return filled === undefined || levelOf(filled) !== undefined
    ? undefined
    : `"${filled}" is not a log level, and log4j would write errors alone.`;
}

/** The word for a level in this setting; undefined: it is about something else. */
const levelWord = (key: string, value: string): string | undefined =>
  /^(?:rootLogger|logger\.[^.]+)$/.test(key)
    ? (value.split(',')[0] ?? '')
    : /^(?:rootLogger|logger|appender|filter)\..*\blevel$/.test(key)
      ? value
      : undefined;

function wholeFaults(text: string, values: ReadonlyMap<string, string>): readonly string[] {
  const found: string[] = [];
  if (/\\u(?![0-9a-fA-F]{4})/.test(text)) found.push('\\u needs four hexadecimal digits after it; Java would refuse the whole file.');
  if (/\r(?!\n)/.test(text)) found.push('a line ends with a carriage return alone.');
  const interval = values.get('monitorInterval');
  if (interval === undefined || !/^[1-9]\d*$/.test(interval))
    found.push(
      `monitorInterval ${interval === undefined ? 'is missing' : `is "${interval}", not a number of seconds`}: no running process would read the file again.`,
    );
  if (!values.has('rootLogger.level') && !values.has('rootLogger'))
    found.push('the root logger has no level (rootLogger.level), and log4j would write errors alone.');
  const appenders = [...values].flatMap(([key, value]) => (/^appender\.[^.]+\.name$/.test(key) ? [value] : []));
  for (const [key, value] of values) {
    if (/^(?:rootLogger|logger\.[^.]+)\.appenderRef\.[^.]+\.ref$/.test(key) && !appenders.includes(value))
      found.push(`${key} names the appender "${value}", which does not exist.`);
    const appender = /^(appender\.[^.]+)\.(?:name|type)$/.exec(key)?.[1];
    if (appender !== undefined && !(values.has(`${appender}.name`) && values.has(`${appender}.type`)))
      found.push(`${appender} needs both a name and a type.`);
  }
  if (![...values.keys()].some((key) => key.startsWith('rootLogger.appenderRef.')) && !values.get('rootLogger')?.includes(','))
    found.push('the root logger has no appender (rootLogger.appenderRef.NAME.ref): nothing would be written.');
  return found;
}
