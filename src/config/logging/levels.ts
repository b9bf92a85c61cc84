import { editDistance } from '../../support/edit-distance.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { Problem } from '../../support/problem.ts';

/** The levels of log4j, from the least to the most detailed. Source: `org.apache.logging.log4j.Level`, Log4j 2.25. */
export const logLevels = ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'ALL'] as const;

export type LogLevel = (typeof logLevels)[number];

/** The name of the logger from which all others inherit, on the screen and in command lines. */
export const rootLogger = 'root';

/** The level that a word names, in any case; undefined: none. Log4j silences everything below ERROR if it does not know the word. */
export const levelOf = (word: string): LogLevel | undefined => logLevels.find((level) => level === word.trim().toUpperCase());

/** Throws a `Problem` for a word that names no level. */
export function readLevel(word: string): LogLevel {
  const level = levelOf(word);
  if (level !== undefined) return level;
  const near = logLevels.find((each) => editDistance(word.toUpperCase(), each, 2) <= 2);
  throw new Problem('usage', `"${oneLine(word, 40)}" is not a log level.`, {
    hint: `The levels are ${logLevels.join(', ')}${near === undefined ? '' : `; the nearest is ${near}`}.`,
  });
}

/** Names of packages and classes, and of loggers that programs made up: `org.apache.flink`, `PythonWorker`, `my-audit.orders`. */
const loggerName = /^[A-Za-z_$][\w$-]*(?:\.[\w$-]+)*$/;

/** Throws a `Problem` for a word that cannot be the name of a logger. */
export function readLogger(word: string): string {
  if (word.toLowerCase() === rootLogger) return rootLogger;
  if (loggerName.test(word) && word.length <= 500) return word;
  throw new Problem('usage', `"${oneLine(word, 80)}" cannot be the name of a logger.`, {
    hint: 'A logger is named by its package or class: org.apache.flink.runtime.checkpoint. It covers everything below it.',
  });
}

export const isLoggerName = (word: string): boolean => loggerName.test(word);

/** Whether the first level writes lines that the second does not. */
export const isMoreDetailed = (one: LogLevel, other: LogLevel): boolean => logLevels.indexOf(one) > logLevels.indexOf(other);
