import { Problem } from '../../support/problem.ts';
import { levelOf, rootLogger, type LogLevel } from './levels.ts';
import { intervalMark, lineEndOf, marked, type LineEdit, type Mark } from './marks.ts';
import { filledIn, propertiesIn, valuesOf, type Property } from './properties.ts';
import { log4jFaults } from './log4j-faults.ts';
import type { LevelChange, LoggerLevel, LoggingFile } from './types.ts';

const file = 'log4j-console.properties';

/** In seconds. Short, so that a level can be taken back quickly. */
const quickInterval = 5;

/** The logging file of log4j 2 in its properties format. Source: `PropertiesConfigurationBuilder`, Log4j 2.25. */
export const log4jFile: LoggingFile = {
  name: file,
  levels(text) {
    const values = valuesOf(text);
    const places = loggersOf(propertiesIn(text));
    return [...places.entries()].map(([logger, { level }]): LoggerLevel => {
      const written = level === undefined ? undefined : levelWord(level);
      return { logger, written, level: written === undefined ? undefined : levelOf(filledIn(written, values) ?? '') };
    });
  },
  reread: (text) => intervalOf(propertiesIn(text)),
  unreadable(text) {
    const properties = propertiesIn(text);
    if (properties.some(({ key }) => key.startsWith('log4j.')))
      return new Problem('conflict', `${file} is written for Log4j 1, which does not read it again while a process runs.`, {
        hint: 'A new level needs new pods.',
      });
    if (intervalOf(properties) === undefined)
      return new Problem('conflict', `${file} has no monitorInterval, so no running process reads it again.`, {
        hint: `config ${file} --edit changes it for the pods that start afterwards.`,
      });
    return undefined;
  },
  set: setLevel,
  faults: log4jFaults,
};

/** `rootLogger = INFO, Console` names the appenders as well, since Log4j 2.17.2. */
const levelWord = ({ key, value }: Property): string => (isShort(key) ? (value.split(',')[0] ?? '').trim() : value);
const isShort = (key: string): boolean => key === 'rootLogger' || /^logger\.[^.]+$/.test(key);

/** Where a logger is named, and where its level is. */
interface LoggerPlace {
  readonly id: string;
  readonly level: Property | undefined;
  /** The first of its lines. */
  readonly first: Property;
}

function loggersOf(properties: readonly Property[]): ReadonlyMap<string, LoggerPlace> {
  const places = new Map<string, LoggerPlace>();
  const placeOf = (id: string, prefix: string): LoggerPlace | undefined => {
    const own = properties.filter(({ key }) => key === prefix || key.startsWith(`${prefix}.`));
    const [first] = own;
    // The short form wins.
    const level = own.findLast(({ key }) => key === prefix) ?? own.findLast(({ key }) => key === `${prefix}.level`);
    return first === undefined ? undefined : { id, level, first };
  };
  const root = placeOf(rootLogger, 'rootLogger');
  if (root !== undefined) places.set(rootLogger, root);
  for (const { key, value } of properties) {
    const id = /^logger\.([^.]+)\.name$/.exec(key)?.[1];
    const place = id === undefined ? undefined : placeOf(id, `logger.${id}`);
    if (place !== undefined) places.set(value, place);
  }
  return places;
}

function intervalOf(properties: readonly Property[]): number | undefined {
  const seconds = Number(properties.findLast(({ key }) => key === 'monitorInterval')?.value);
  return Number.isInteger(seconds) && seconds > 0 ? seconds : undefined;
}

function setLevel(text: string, change: LevelChange): string {
  const edited = edit(text, levelEdit(text, change), change);
  const interval = propertiesIn(edited).findLast(({ key }) => key === 'monitorInterval');
  if (interval === undefined || Number(interval.value) <= quickInterval) return edited;
  return edit(edited, { of: intervalMark, ...valueEdit(edited, interval, String(quickInterval)) }, { at: change.at });
}

const edit = (text: string, lines: LineEdit, when: Pick<Mark, 'at' | 'until'>): string => marked(text, lines, when, '#');

function levelEdit(text: string, { logger, level }: LevelChange): LineEdit {
  const properties = propertiesIn(text);
  const places = loggersOf(properties);
  const place = places.get(logger);
  if (place?.level !== undefined) return { of: logger, ...valueEdit(text, place.level, writtenLevel(place.level, level)) };
  const root = places.get(rootLogger)?.first;
  if (root === undefined) throw new Problem('invalid', `${file} has no root logger, so it is not clear where a level belongs.`);
  const end = lineEndOf(text);
  if (place !== undefined) {
    const key = logger === rootLogger ? 'rootLogger' : `logger.${place.id}`;
    return { of: logger, from: place.first.from, to: place.first.from, now: `${key}.level = ${level}${end}` };
  }
  if (properties.some(({ key }) => key === 'loggers'))
    throw new Problem('conflict', `${file} lists its loggers in "loggers", and ${logger} is not one of them.`, {
      hint: `config ${file} --edit can add it.`,
    });
  const id = freeId(properties);
  return {
    of: logger,
    from: root.from,
    to: root.from,
    now: `logger.${id}.name = ${logger}${end}logger.${id}.level = ${level}${end}`,
  };
}

const writtenLevel = ({ key, value }: Property, level: LogLevel): string =>
  isShort(key) ? [level, ...value.split(',').slice(1)].join(',') : level;

const valueEdit = (text: string, { from, to, valueFrom, valueTo }: Property, value: string): Omit<LineEdit, 'of'> => ({
  from,
  to,
  now: text.slice(from, valueFrom) + value + text.slice(valueTo, to),
});

function freeId(properties: readonly Property[]): string {
  for (let count = 1; ; count += 1) {
    const id = `drey${count}`;
    if (!properties.some(({ key }) => key.startsWith(`logger.${id}.`))) return id;
  }
}
