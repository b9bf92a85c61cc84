import { recordOf, textOf, type ApiObject } from '../api/objects.ts';
import { CONFIG_MAPS } from '../api/resources.ts';
import type { ObjectReader } from '../api/store.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { Level } from './log-format.ts';

/** Whether a process writes a line of this logger and level. */
export type Allows = (logger: string, level: Level) => boolean;

const LEVELS = ['OFF', 'FATAL', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE', 'ALL'];
const FILE = 'log4j-console.properties';

/** What a process has read of its logging file. */
interface Reading {
  readonly text: string;
  /** By the name of the logger; `''` is the root. */
  readonly levels: ReadonlyMap<string, number>;
  /** Seconds until it is read again; undefined: never. */
  readonly interval: number | undefined;
}

/** Reads the logging file of a pod as log4j does: again after each interval, and never again once the interval is gone. */
export function logLevels(pod: ApiObject, files: ObjectReader, clock: SandboxClock, ended: () => boolean): Allows {
  const { namespace, labels } = pod.metadata;
  const now = (): string => textOf(recordOf(files.get(CONFIG_MAPS, namespace, `flink-config-${labels?.['app']}`), 'data'), FILE) ?? '';
  let reading = read(now());
  const wait = (): void => {
    if (reading.interval === undefined) return;
    clock.after(reading.interval * 1_000, () => {
      if (ended()) return;
      const text = now();
      if (text !== reading.text) reading = read(text);
      wait();
    });
  };
  wait();
  return (logger, level) => LEVELS.indexOf(level) <= threshold(reading.levels, logger);
}

function threshold(levels: ReadonlyMap<string, number>, logger: string): number {
  for (let name = logger; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('.')))) {
    const level = levels.get(name);
    if (level !== undefined) return level;
  }
  return levels.get('') ?? LEVELS.indexOf('INFO');
}

function read(text: string): Reading {
  const values = new Map(
    [...text.matchAll(/^[ \t]*([\w.]+)[ \t]*[=:][ \t]*(.*?)[ \t\r]*$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
  const levels = new Map<string, number>();
  const set = (logger: string, word: string | undefined): void => {
    if (word !== undefined) levels.set(logger, levelOf(word));
  };
  set('', values.get('rootLogger.level'));
  for (const [key, value] of values) {
    const id = /^logger\.(\w+)\.name$/.exec(key)?.[1];
    if (id !== undefined) set(value, values.get(`logger.${id}.level`));
  }
  const interval = Number(values.get('monitorInterval'));
  return { text, levels, interval: interval > 0 ? interval : undefined };
}

/** A word that log4j does not know leaves errors alone. */
function levelOf(word: string): number {
  const level = LEVELS.indexOf((/:-(\w+)\}$/.exec(word)?.[1] ?? word).toUpperCase());
  return level < 0 ? LEVELS.indexOf('ERROR') : level;
}
