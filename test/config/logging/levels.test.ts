import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logLevels, readLevel, readLogger, rootLogger } from '../../../src/config/logging/levels.ts';
import { log4jFile } from '../../../src/config/logging/log4j-file.ts';
import { logbackFile } from '../../../src/config/logging/logback-file.ts';
import { effectiveLevel, withLevel, withoutLevels } from '../../../src/config/logging/logging-files.ts';
import { marksIn } from '../../../src/config/logging/marks.ts';
import { propertiesIn } from '../../../src/config/logging/properties.ts';
import { Problem, sentence } from '../../../src/support/problem.ts';
import { random } from '../../support/random.ts';

/** The files that Flink 2.3.0 ships. */
const shipped = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
const log4j = shipped('log4j-console.properties');
const logback = shipped('logback-console.xml');
const scanning = logback.replace('<configuration>', '<configuration scan="true" scanPeriod="30 seconds">');

const at = '2026-11-28T04:10:00Z';
const set = (text: string, logger: string, level: (typeof logLevels)[number], file = log4jFile): string =>
  withLevel(file, text, { logger, level, at });
const settings = (text: string): ReadonlyMap<string, string> => new Map(propertiesIn(text).map(({ key, value }) => [key, value]));
const problem = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return sentence(error);
    throw error;
  }
  throw new Error('it was accepted');
};

test('the level of the root logger changes in its line, and the interval with it, so that undoing it is quick', () => {
  const edited = set(log4j, rootLogger, 'DEBUG');
  expect(settings(edited)).toEqual(new Map([...settings(log4j), ['rootLogger.level', 'DEBUG'], ['monitorInterval', '5']]));
  expect(edited.split('\n').filter((line) => !log4j.includes(line))).toEqual([
    `# drey: {"of":"interval","at":"${at}","lines":1,"was":"monitorInterval=30\\n"}`,
    'monitorInterval=5',
    `# drey: {"of":"root","at":"${at}","lines":1,"was":"rootLogger.level = \${env:ROOT_LOG_LEVEL:-INFO}\\n"}`,
    'rootLogger.level = DEBUG',
  ]);
});

test('a logger that the file has is changed where it is; a new one is added with its name', () => {
  expect(settings(set(log4j, 'org.apache.kafka', 'WARN')).get('logger.kafka.level')).toBe('WARN');
  const added = settings(set(log4j, 'org.example.Orders', 'TRACE'));
  expect([added.get('logger.drey1.name'), added.get('logger.drey1.level')]).toEqual(['org.example.Orders', 'TRACE']);
  const second = settings(set(set(log4j, 'org.example.Orders', 'TRACE'), 'org.example.Other', 'OFF'));
  expect([second.get('logger.drey2.name'), second.get('logger.drey2.level')]).toEqual(['org.example.Other', 'OFF']);
});

test('an interval that is short enough stays, and so does a comment that looks like a mark', () => {
  const quick = `# drey: {"of":1}\n# drey: {broken}\n${log4j.replace('monitorInterval=30', 'monitorInterval=2')}`;
  expect(settings(set(quick, rootLogger, 'DEBUG')).get('monitorInterval')).toBe('2');
  expect(withoutLevels(set(quick, rootLogger, 'DEBUG'))).toBe(quick);
});

test('the level of a second change is taken back to what stood there at first', () => {
  const twice = set(set(log4j, rootLogger, 'DEBUG'), rootLogger, 'TRACE');
  expect(marksIn(twice).filter(({ of }) => of === rootLogger)).toHaveLength(1);
  expect(withoutLevels(twice)).toBe(log4j);
});

test('one logger is taken back alone, and the interval with the last one', () => {
  const both = set(set(log4j, rootLogger, 'DEBUG'), 'org.example', 'TRACE');
  const one = withoutLevels(both, rootLogger);
  expect(settings(one).get('logger.drey1.level')).toBe('TRACE');
  expect(settings(one).get('monitorInterval')).toBe('5');
  expect(withoutLevels(one, 'org.example')).toBe(log4j);
});

test('a level that is set already changes nothing, and one that is set back by hand leaves no mark', () => {
  expect(set(log4j, 'org.apache.kafka', 'INFO')).toBe(log4j);
  expect(set(set(log4j, 'org.apache.kafka', 'DEBUG'), 'org.apache.kafka', 'INFO')).toBe(log4j);
});

test('the short form of log4j keeps its appenders', () => {
  const short = 'monitorInterval = 30\nrootLogger = INFO, Console\nlogger.a = WARN\nlogger.a.name = org.example\n';
  expect(settings(set(short, rootLogger, 'DEBUG')).get('rootLogger')).toBe('DEBUG, Console');
  expect(settings(set(short, 'org.example', 'DEBUG')).get('logger.a')).toBe('DEBUG');
});

test('a logger without a level of its own gets one', () => {
  const text = 'monitorInterval = 3\nrootLogger.level = INFO\nlogger.a.name = org.example\n';
  expect(settings(set(text, 'org.example', 'DEBUG')).get('logger.a.level')).toBe('DEBUG');
});

test('continued lines, other separators, escapes and Windows line ends are read as Java reads them, and kept', () => {
  const text =
    '! comment \\\r\nmonitorInterval : \\\r\n    30\r\n\r\nrootLogger.lev\\u0065l\tIN\\\r\n  FO\r\nlogger.x.name=org\\.example\r\nlogger.x.level = WARN';
  expect(Object.fromEntries(settings(text))).toEqual({
    monitorInterval: '30',
    'rootLogger.level': 'INFO',
    'logger.x.name': 'org.example',
    'logger.x.level': 'WARN',
  });
  const edited = set(set(text, rootLogger, 'DEBUG'), 'org.example', 'TRACE');
  expect(settings(edited).get('rootLogger.level')).toBe('DEBUG');
  expect(settings(edited).get('logger.x.level')).toBe('TRACE');
  expect(edited.replaceAll('\r\n', '')).not.toContain('\n');
  expect(withoutLevels(edited)).toBe(text);
});

test('what a logger inherits comes from its nearest ancestor', () => {
  const levels = log4jFile.levels(set(log4j, 'org.apache.kafka.clients', 'TRACE'));
  expect(effectiveLevel(levels, 'org.apache.kafka.clients.NetworkClient')).toBe('TRACE');
  expect(effectiveLevel(levels, 'org.apache.kafka.common')).toBe('INFO');
  expect(effectiveLevel(levels, 'org.example')).toBe('INFO');
});

test('logback is changed only if it scans its file', () => {
  expect(sentence(logbackFile.unreadable(logback))).toBe(
    'logback-console.xml has no scan="true", so no running process reads it again. config logback-console.xml --edit changes it for the pods that start afterwards.',
  );
  expect(logbackFile.unreadable(scanning)).toBeUndefined();
  expect(logbackFile.reread(scanning)).toBe(30);
  expect(logbackFile.reread(logback.replace('<configuration>', '<configuration scan="true">'))).toBe(60);
  const edited = set(
    set(set(scanning, rootLogger, 'DEBUG', logbackFile), 'org.apache.kafka', 'WARN', logbackFile),
    'org.example',
    'TRACE',
    logbackFile,
  );
  expect(edited).toContain('<root level="DEBUG">');
  expect(edited).toContain('<logger name="org.apache.kafka" level="WARN"/>');
  expect(edited).toContain('    <logger name="org.example" level="TRACE"/>\n');
  expect(edited).toContain('<!--<logger name="org.apache.flink" level="INFO"/>-->');
  expect(logbackFile.faults(edited)).toEqual([]);
  expect(withoutLevels(edited)).toBe(scanning);
  expect(problem(() => set(scanning, rootLogger, 'FATAL', logbackFile))).toContain('Logback has no level FATAL');
});

test('log4j is changed only if it reads its file again', () => {
  expect(log4jFile.unreadable(log4j)).toBeUndefined();
  expect(sentence(log4jFile.unreadable(log4j.replace('monitorInterval=30', '')))).toContain('has no monitorInterval');
  expect(sentence(log4jFile.unreadable('log4j.rootLogger=INFO, console\n'))).toContain('is written for Log4j 1');
  const listed = 'monitorInterval=30\nloggers = a\nlogger.a.name = x\nrootLogger.level = INFO\n';
  expect(problem(() => set(listed, 'org.example', 'DEBUG'))).toContain('lists its loggers in "loggers"');
  expect(problem(() => set('monitorInterval=30\n', rootLogger, 'DEBUG'))).toContain('has no root logger');
});

const badWords = ['DEBGU', '', 'VERBOSE', 'DEBUG, Console', '${env:LEVEL}', 'DEBUG\nmonitorInterval=0', '5'];
test.each(badWords)('the level %j is refused with the levels that there are', (word) => {
  expect(problem(() => readLevel(word))).toContain('The levels are OFF, FATAL, ERROR, WARN, INFO, DEBUG, TRACE, ALL');
});

test('a misspelt level is refused with the one that was probably meant, and case does not matter', () => {
  expect(problem(() => readLevel('DEBGU'))).toContain('the nearest is DEBUG');
  expect([readLevel('debug'), readLogger('ROOT'), readLogger('org.apache.flink.runtime.Foo$Bar')]).toEqual([
    'DEBUG',
    'root',
    'org.apache.flink.runtime.Foo$Bar',
  ]);
});

const badLoggers = [
  '',
  'org..apache',
  'org.apache.',
  '.org',
  'org.apache.*',
  'org/apache/flink',
  'a b',
  'a=b',
  'a\nrootLogger.level=OFF',
  'a<b',
];
test.each(badLoggers)('the logger %j is refused', (word) => {
  expect(problem(() => readLogger(word))).toContain('cannot be the name of a logger');
});

const line = (from: string | RegExp, to: string): string => log4j.replace(from, to);
const badFiles: readonly (readonly [string, string, string])[] = [
  ['a misspelt root level', line('${env:ROOT_LOG_LEVEL:-INFO}', 'DEBGU'), 'line 23: "DEBGU" is not a log level'],
  ['a misspelt default', line(':-INFO}', ':-NFO}'), '"NFO" is not a log level'],
  ['a misspelt level of a logger', line('logger.kafka.level = INFO', 'logger.kafka.level = INF'), '"INF" is not a log level'],
  ['no interval', line('monitorInterval=30', ''), 'monitorInterval is missing'],
  ['an interval with a unit', line('monitorInterval=30', 'monitorInterval=30 s'), 'monitorInterval is "30 s", not a number of seconds'],
  ['no root level', line(/rootLogger\.level.*/, ''), 'the root logger has no level'],
  ['a reference to nothing', line('ref = ConsoleAppender', 'ref = Console'), 'names the appender "Console", which does not exist'],
  ['no appender at all', line(/rootLogger\.appenderRef.*/g, ''), 'the root logger has no appender'],
  ['an appender without a type', line('appender.console.type = CONSOLE', ''), 'appender.console needs both a name and a type'],
  ['a logger without a name', line('logger.kafka.name= org.apache.kafka', ''), 'the logger kafka has no name'],
  ['a logger that is no name', line('= org.apache.kafka', '= org.apache.*'), '"org.apache.*" cannot be the name of a logger'],
  ['a line that is no setting', `${log4j}\nhello world\n`, 'log4j has no setting "hello"'],
  ['half an escape', `${log4j}\nname = \\u12\n`, '\\u needs four hexadecimal digits'],
];
test.each(badFiles)('an edited file with %s is refused, and the line is named', (_, text, fault) => {
  expect(log4jFile.faults(text).join(' ')).toContain(fault);
});

const badXml: readonly (readonly [string, string, string])[] = [
  ['a misspelt level', logback.replace('level="ERROR"', 'level="EROR"'), '"EROR" is not a log level'],
  ['an element that is not closed', logback.replace('</root>', ''), '</configuration> closes an element that is not open'],
  ['a reference to nothing', logback.replace('ref="console"', 'ref="nothing"'), 'the appender "nothing" does not exist'],
  ['no root', logback.replace(/<root[\s\S]*<\/root>/, ''), 'there is no root logger'],
  ['a cut end', logback.slice(0, -20), 'begins no element'],
];
test.each(badXml)('an edited file of logback with %s is refused', (_, text, fault) => {
  expect(logbackFile.faults(text).join(' ')).toContain(fault);
});

test('the shipped files have no faults', () => {
  expect([log4jFile.faults(log4j), logbackFile.faults(logback)]).toEqual([[], []]);
});

test('whatever the file looks like, a change sets the level, leaves everything else, and undone it is the very same text', () => {
  for (let seed = 1; seed <= 400; seed += 1) {
    const next = random(seed);
    const pick = <T>(of: readonly T[]): T => of[next(of.length)] as T;
    const end = pick(['\n', '\r\n']);
    const loggers = Array.from({ length: next(5) }, (_, index) => `org.example.l${index}`);
    const lines = [
      'rootLogger.level = INFO',
      ...loggers.flatMap((name, index) => [`logger.l${index}.name${pick(['=', ' : ', '\t'])}${name}`, `logger.l${index}.level = WARN`]),
      pick(['monitorInterval=30', 'monitorInterval = \\\n   60', 'monitorInterval 2']),
      ...Array.from({ length: next(6) }, () =>
        pick(['# comment', '', '! \\', 'name = a\\\n   b', '   property.x = ü\\u00e4 ', 'status = warn']),
      ),
    ].toSorted(() => next(3) - 1);
    const text = lines.join('\n').replaceAll('\n', end) + pick(['', end]);
    const changes = Array.from({ length: 1 + next(4) }, () => ({
      logger: pick([rootLogger, 'com.acme.New', 'a-b', ...loggers]),
      level: pick(logLevels),
    }));
    let edited = text;
    for (const { logger, level } of changes) {
      const others = log4jFile.levels(edited).filter((each) => each.logger !== logger);
      edited = set(edited, logger, level);
      expect(log4jFile.levels(edited).findLast((each) => each.logger === logger)?.level).toBe(level);
      expect(log4jFile.levels(edited)).toEqual(expect.arrayContaining([...others]));
      expect(set(edited, logger, level)).toBe(edited);
    }
    expect(withoutLevels(edited), `seed ${seed}`).toBe(text);
  }
});
