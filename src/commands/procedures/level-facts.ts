import { marksIn } from '../../config/logging/marks.ts';
import type { LoggerLevel, LoggingFile } from '../../config/logging/types.ts';
import type { Column } from '../../session/tables/column.ts';
import { textTable } from '../../session/tables/text-table.ts';
import type { Instant } from '../../support/clock.ts';
import { formatSpan, formatTime } from '../../support/format.ts';

interface LevelRow extends LoggerLevel {
  /** When drey set it, and until when. */
  readonly set: { readonly at: Instant; readonly until: Instant | undefined } | undefined;
}

/** The levels that a logging file gives, as text and as data. */
export function levelFacts(
  file: LoggingFile,
  text: string,
  configMap: string,
  now: Instant,
): { readonly text: readonly string[]; readonly data: unknown } {
  const marks = new Map(marksIn(text).map((mark) => [mark.of, mark]));
  const interval = file.reread(text);
  const rows = file.levels(text).map((level): LevelRow => {
    const mark = marks.get(level.logger);
    const until = mark?.until === undefined ? undefined : Date.parse(mark.until);
    return { ...level, set: mark === undefined ? undefined : { at: Date.parse(mark.at), until } };
  });
  return {
    text: [
      `${file.name} in ConfigMap ${configMap}, ${interval === undefined ? 'which no running process reads again.' : `which the processes read again every ${interval} s.`}`,
      '',
      ...textTable(columns, rows, { now, whole: true }),
    ],
    data: {
      configMap,
      file: file.name,
      intervalSeconds: interval ?? null,
      loggers: rows.map(({ logger, level, written, set }) => ({
        logger,
        level: level ?? null,
        written: written ?? null,
        setAt: stamp(set?.at),
        until: stamp(set?.until),
      })),
    },
  };
}

const stamp = (at: Instant | undefined): string | null => (at === undefined ? null : new Date(at).toISOString());

const columns: readonly Column<LevelRow>[] = [
  { title: 'LOGGER', min: 10, max: 60, drop: 0, text: ({ logger }) => logger },
  { title: 'LEVEL', min: 5, max: 5, drop: 0, text: ({ level, written }) => level ?? (written === undefined ? '-' : '?') },
  {
    title: 'WRITTEN',
    min: 5,
    max: 40,
    drop: 1,
    text: ({ level, written }) => (written === undefined ? 'not here: inherited' : written === level ? '' : written),
    optional: ({ level, written }) => written !== level,
  },
  {
    title: 'SET BY DREY',
    min: 8,
    max: 40,
    drop: 1,
    text: ({ set }, { now }) =>
      set === undefined ? '' : `${formatSpan(now - set.at)} ago${set.until === undefined ? '' : `, until ${formatTime(set.until)}`}`,
    optional: ({ set }) => set !== undefined,
  },
];
