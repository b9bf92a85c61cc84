import { rootLogger, type LogLevel } from './levels.ts';
import { log4jFile } from './log4j-file.ts';
import { logbackFile } from './logback-file.ts';
import { intervalMark, marksIn, unmarked } from './marks.ts';
import type { SetLevel } from './set-level.ts';
import type { LevelChange, LoggerLevel, LoggingFile } from './types.ts';

/** The files that say how the processes of a cluster log to their consoles. */
export const loggingFiles: readonly LoggingFile[] = [log4jFile, logbackFile];

/** The text with this level for this logger. What drey set before is not piled up: a mark keeps what stood there at first. */
export function withLevel(file: LoggingFile, text: string, change: LevelChange): string {
  const before = unmarked(text, (of) => of === change.logger);
  const own = file.levels(before).find(({ logger }) => logger === change.logger);
  return own?.written === change.level ? settled(before) : file.set(before, change);
}

/** The text without what drey set: of this logger, or of all. */
export const withoutLevels = (text: string, logger?: string): string =>
  settled(unmarked(text, (of) => logger === undefined || of === logger));

/** The interval goes back as soon as no level is set any more. */
const settled = (text: string): string => (marksIn(text).every(({ of }) => of === intervalMark) ? unmarked(text, () => true) : text);

/** The level that a logger has from its nearest ancestor; undefined: not known. */
export function effectiveLevel(levels: readonly LoggerLevel[], logger: string): LogLevel | undefined {
  const known = levels.filter(({ written }) => written !== undefined);
  for (let name = logger; ; name = name.slice(0, name.lastIndexOf('.'))) {
    const found = known.findLast((each) => each.logger === name);
    if (found !== undefined) return found.level;
    if (!name.includes('.')) break;
  }
  return known.findLast((each) => each.logger === rootLogger)?.level;
}

/** The levels in the files of a ConfigMap that drey set. */
export function setLevels(files: Readonly<Record<string, string>>): readonly SetLevel[] {
  return loggingFiles.flatMap((file) => {
    const text = files[file.name] ?? '';
    const marks = marksIn(text).filter(({ of }) => of !== intervalMark);
    const levels = marks.length === 0 ? [] : file.levels(text);
    return marks.map(({ of, at }) => ({
      logger: of,
      level: levels.find(({ logger }) => logger === of)?.written ?? '?',
      at: Date.parse(at),
    }));
  });
}
