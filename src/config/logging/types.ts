import type { Problem } from '../../support/problem.ts';
import type { LogLevel } from './levels.ts';

/** A logger that has a level of its own. */
export interface LoggerLevel {
  readonly logger: string;
  /** As it is written, such as `${env:ROOT_LOG_LEVEL:-INFO}`; undefined: it inherits. */
  readonly written: string | undefined;
  /** Undefined: only the environment of a process knows, or log4j does not know the word. */
  readonly level: LogLevel | undefined;
}

export interface LevelChange {
  readonly logger: string;
  readonly level: LogLevel;
  /** ISO 8601. */
  readonly at: string;
  /** When it is to be taken back. */
  readonly until?: string | undefined;
}

/** What drey knows of a format of logging files. All of it is pure. */
export interface LoggingFile {
  /** Its key in the ConfigMap. */
  readonly name: string;
  levels(text: string): readonly LoggerLevel[];
  /** After how many seconds at most a running process reads it again. */
  reread(text: string): number | undefined;
  /** Why a running process does not take over a new level; undefined: it does. */
  unreadable(text: string): Problem | undefined;
  /** The text with another level: the smallest edit, with a mark. */
  set(text: string, change: LevelChange): string;
  /** What would silence a process or keep it from reading the file again, as sentences that name the line. */
  faults(text: string): readonly string[];
}
