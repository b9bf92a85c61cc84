import { Problem } from '../../support/problem.ts';
import { levelOf, rootLogger } from './levels.ts';
import { lineEndOf, marked, type LineEdit } from './marks.ts';
import { logbackFaults } from './logback-faults.ts';
import type { LevelChange, LoggerLevel, LoggingFile } from './types.ts';

const file = 'logback-console.xml';

/** The logging file of logback. Source: `ConfigurationAction` and `LevelUtil`, Logback 1.2 to 1.5. */
export const logbackFile: LoggingFile = {
  name: file,
  levels: (text) =>
    loggersIn(text).map(({ logger, level }): LoggerLevel => ({ logger, written: level?.value, level: levelOf(defaultOf(level?.value)) })),
  reread: (text) => (scans(text) ? secondsOf(attribute(configuration(text), 'scanPeriod')?.value) : undefined),
  unreadable: (text) =>
    scans(text)
      ? undefined
      : new Problem('conflict', `${file} has no scan="true", so no running process reads it again.`, {
          hint: `config ${file} --edit changes it for the pods that start afterwards.`,
        }),
  set: setLevel,
  faults: logbackFaults,
};

/** An opening tag: where it begins and ends in the text. */
interface Tag {
  readonly text: string;
  readonly from: number;
}

interface Attribute {
  readonly value: string;
  /** In the text, without its quotes. */
  readonly from: number;
}

interface LoggerTag {
  readonly logger: string;
  readonly tag: Tag;
  readonly level: Attribute | undefined;
}

/** Of the same length, so that places stay where they are. */
const withoutComments = (text: string): string => text.replaceAll(/<!--[\s\S]*?-->/g, (comment) => comment.replaceAll(/[^\r\n]/g, ' '));

const tagsIn = (text: string, name: string): readonly Tag[] =>
  [...withoutComments(text).matchAll(new RegExp(`<${name}(?=[\\s/>])(?:"[^"]*"|'[^']*'|[^"'>])*>`, 'g'))].map((match) => ({
    text: match[0],
    from: match.index,
  }));

function attribute(tag: Tag | undefined, name: string): Attribute | undefined {
  const match = new RegExp(`(\\s${name}\\s*=\\s*["'])([^"']*)`).exec(tag?.text ?? '');
  if (tag === undefined || match?.[1] === undefined) return undefined;
  return { value: match[2] ?? '', from: tag.from + match.index + match[1].length };
}

const configuration = (text: string): Tag | undefined => tagsIn(text, 'configuration')[0];
const scans = (text: string): boolean => attribute(configuration(text), 'scan')?.value.toLowerCase() === 'true';

function loggersIn(text: string): readonly LoggerTag[] {
  const root = tagsIn(text, 'root').map((tag): LoggerTag => ({ logger: rootLogger, tag, level: attribute(tag, 'level') }));
  const others = tagsIn(text, 'logger').map((tag): LoggerTag => ({
    logger: attribute(tag, 'name')?.value ?? '',
    tag,
    level: attribute(tag, 'level'),
  }));
  return [...root, ...others];
}

/** `${NAME:-INFO}` is INFO unless the environment says something else. */
const defaultOf = (value: string | undefined): string => /^\$\{[^{}]*:-([^{}]*)\}$/.exec(value ?? '')?.[1] ?? value ?? '';

const units: Readonly<Record<string, number>> = { milli: 0.001, second: 1, minute: 60, hour: 3_600, day: 86_400 };

/** In seconds; a minute if nothing is said. Source: `ch.qos.logback.core.util.Duration`. */
function secondsOf(period: string | undefined): number {
  const [, count = '', unit = ''] = /^\s*([\d.]+)\s*(milli|second|minute|hour|day)?/i.exec(period ?? '') ?? [];
  return count === '' ? 60 : Math.max(1, Math.round(Number(count) * (units[unit.toLowerCase()] ?? 0.001)));
}

function setLevel(text: string, { logger, level, at, until }: LevelChange): string {
  if (level === 'FATAL')
    throw new Problem('usage', 'Logback has no level FATAL.', { hint: 'ERROR is its least detailed level apart from OFF.' });
  return marked(text, levelEdit(text, logger, level), { at, until }, '<!--');
}

function levelEdit(text: string, logger: string, level: string): LineEdit {
  const loggers = loggersIn(text);
  const found = loggers.findLast((each) => each.logger === logger);
  const root = loggers.find((each) => each.logger === rootLogger)?.tag;
  if (found !== undefined) {
    const { tag } = found;
    const [from, to] = linesOf(text, tag.from, tag.from + tag.text.length);
    // Below an element of its own it would be overridden.
    const at = found.level ?? { from: tag.from + (/^<\w+/.exec(tag.text)?.[0].length ?? 0), value: '' };
    const value = found.level === undefined ? ` level="${level}"` : level;
    return { of: logger, from, to, now: text.slice(from, at.from) + value + text.slice(at.from + at.value.length, to) };
  }
  if (root === undefined) throw new Problem('invalid', `${file} has no root logger, so it is not clear where a level belongs.`);
  const [from] = linesOf(text, root.from, root.from);
  const indent = /^[ \t]*/.exec(text.slice(from))?.[0] ?? '';
  return { of: logger, from, to: from, now: `${indent}<logger name="${logger}" level="${level}"/>${lineEndOf(text)}` };
}

/** The whole lines around a part of a text. */
function linesOf(text: string, from: number, to: number): readonly [number, number] {
  const end = text.indexOf('\n', to);
  return [text.lastIndexOf('\n', from - 1) + 1, end < 0 ? text.length : end + 1];
}
