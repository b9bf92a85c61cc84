import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { consolePatterns } from '../../../src/inside/log/console-layouts.ts';
import { readEntry } from '../../../src/inside/log/entry.ts';
import { layoutOf, readHead, type EntryHead } from '../../../src/inside/log/layout.ts';
import { random } from '../../support/random.ts';

const read = (pattern: string, line: string): Partial<EntryHead> | undefined => {
  const layout = layoutOf(pattern);
  expect(layout, pattern).toBeDefined();
  const head = layout === undefined ? undefined : readHead(line, layout);
  // What a layout does not write is left out of the comparison.
  return head === undefined ? undefined : Object.fromEntries(Object.entries(head).filter(([, value]) => value !== ''));
};

describe('the patterns of log4j and logback', () => {
  const flink = '%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n';
  const at = '2026-11-22 11:27:32,618';
  test.each<[string, string, Partial<EntryHead>]>([
    [flink, `${at} INFO  ${'o.a.f.Foo'.padEnd(60)} [] - a - b`, { time: at, level: 'INFO', logger: 'o.a.f.Foo', message: 'a - b' }],
    [flink, `${at} WARN  ${'x'.repeat(70)} [] - text`, { time: at, level: 'WARN', logger: 'x'.repeat(70), message: 'text' }],
    [flink, `${at} INFO  ${'o.a.f.Foo'.padEnd(60)} [] -`, { time: at, level: 'INFO', logger: 'o.a.f.Foo' }],
    [
      '%d{yyyy-MM-dd HH:mm:ss.SSS} [%thread] %-5level %logger{60} %X{sourceThread} - %msg%n',
      '2026-11-22 11:27:32.618 [Source: a -> b (1/2)#0] ERROR o.a.f.Foo  - text',
      { time: '2026-11-22 11:27:32.618', thread: 'Source: a -> b (1/2)#0', level: 'ERROR', logger: 'o.a.f.Foo', message: 'text' },
    ],
    [
      '[%t] %p %c: %m',
      '[Source: a[1] -> b] INFO x.Y: text',
      { thread: 'Source: a[1] -> b', level: 'INFO', logger: 'x.Y', message: 'text' },
    ],
    ['[%d] %p %m (%c)%n', `[${at}] WARN a (b) (kafka.Server)`, { time: at, level: 'WARN', message: 'a (b)', logger: 'kafka.Server' }],
    ['%d{ISO8601} %m', '2026-11-22T11:27:32,618 text', { time: '2026-11-22T11:27:32,618', message: 'text' }],
    ["%d{dd MMM yyyy 'at' h:mm a z} %m", '22 Nov 2026 at 9:05 PM UTC text', { time: '22 Nov 2026 at 9:05 PM UTC', message: 'text' }],
    ['%d{COMPACT}|%p|%m', '20261122112732618|INFO|a|b', { time: '20261122112732618', level: 'INFO', message: 'a|b' }],
    ['%d{HH:mm:ss}{UTC} %level{length=1} %m', '11:27:32 W text', { time: '11:27:32', level: 'W', message: 'text' }],
    ['%r [%t] %p %c - %m', '125 [main] INFO a.B - text', { thread: 'main', level: 'INFO', logger: 'a.B', message: 'text' }],
    [
      '%5p %pid --- [%15.15t] %c : %m',
      ' INFO 7 --- [           main] a.B : text',
      { level: 'INFO', thread: 'main', logger: 'a.B', message: 'text' },
    ],
    ['%highlight{%-5p}{FATAL=red} %style{%c{1.}}{cyan}: %m', 'INFO  a.B: text', { level: 'INFO', logger: 'a.B', message: 'text' }],
    ['%cyan(%d{HH:mm}) %highlight(%-5level) %msg', '11:27 INFO  text', { time: '11:27', level: 'INFO', message: 'text' }],
    ['%p %notEmpty{[%X{job}] }- %m', 'INFO - text', { level: 'INFO', message: 'text' }],
    ['%p %notEmpty{[%X{job}] }- %m', 'INFO [a b] - text', { level: 'INFO', message: 'text' }],
    ['100%% %m \\(%c\\)', '100% text (a.B)', { message: 'text', logger: 'a.B' }],
    ['%message{nolookups} | %logger | %level', 'a | b | x.Y | DEBUG', { message: 'a | b', logger: 'x.Y', level: 'DEBUG' }],
  ])('%s reads %s', (pattern, line, parts) => {
    expect(read(pattern, line)).toEqual(parts);
  });

  test.each(['%d{yyyy-MM-dd} %zone %m', '%d %p', '%highlight{%p %m', '', '%', '%-'])('%j is not guessed at', (pattern) => {
    expect(layoutOf(pattern)).toBeUndefined();
  });

  test.each(['\tat org.apache.Foo.bar(Foo.java:1)', 'Caused by: java.io.IOException: no', '', '2026-11-22', `${at} INFO  no dash`])(
    '%j is not the first line of an entry',
    (line) => {
      expect(read(flink, line)).toBeUndefined();
    },
  );
});

describe('what a ConfigMap of a cluster says', () => {
  const conf = (name: string): string => readFileSync(join(import.meta.dirname, '../../../conf', name), 'utf8');

  test('the files that Flink ships name the patterns of their console appenders', () => {
    expect(
      consolePatterns({
        'log4j-console.properties': conf('log4j-console.properties'),
        'logback-console.xml': conf('logback-console.xml'),
      }),
    ).toEqual([
      '%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n',
      '%d{yyyy-MM-dd HH:mm:ss.SSS} [%thread] %-5level %logger{60} %X{sourceThread} - %msg%n',
    ]);
  });

  test.each([
    [
      'appender.a.type = File\nappender.a.layout.pattern = no\nappender.b.type: Console\nappender.b.layout.pattern: %p \\\n   %m',
      ['%p %m'],
    ],
    ['log4j.appender.c=org.apache.log4j.ConsoleAppender\nlog4j.appender.c.layout.ConversionPattern=%d %m', ['%d %m']],
    ['property.p = %p %m\nappender.b.type = CONSOLE\nappender.b.layout.pattern = ${p}', ['%p %m']],
    ['appender.b.type = CONSOLE\nappender.b.layout.pattern = ${env:P:-%m}', ['%m']],
    ['appender.b.type = CONSOLE\nappender.b.layout.pattern = ${env:P}', []],
    ['appender.b.type = CONSOLE\nappender.b.layout.type = JsonTemplateLayout', []],
    ['', []],
  ])('log4j: %j', (text, patterns) => {
    expect(consolePatterns({ 'log4j-console.properties': text })).toEqual(patterns);
  });

  test('logback: a comment is not an appender, and an entity is its character', () => {
    const text =
      '<!-- <appender class="x.ConsoleAppender"><pattern>no</pattern></appender> --><appender name="c" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%p &lt;%c&gt; %m</pattern></encoder></appender>';
    expect(consolePatterns({ 'logback-console.xml': text })).toEqual(['%p <%c> %m']);
  });
});

describe('any line', () => {
  test.each([
    [
      '{"@timestamp":"2026-11-22T11:27:32Z","log.level":"WARN","message":"text","log":{"logger":"a.B"}}',
      { level: 'WARN', logger: 'a.B', message: 'text' },
    ],
    [
      '{"timeMillis":1,"thread":"main","level":"INFO","loggerName":"a.B","message":"text"}',
      { level: 'INFO', logger: 'a.B', thread: 'main', message: 'text' },
    ],
    [
      '2026-11-22 11:27:32.618  INFO 1 --- [           main] o.a.F : text',
      { level: 'INFO', logger: 'o.a.F', thread: 'main', message: 'text' },
    ],
    [
      '\u001b[2m2026-11-22 11:27:32,618\u001b[0m \u001b[32mINFO \u001b[0m a.B [] - one \u001b[31mtwo\u001b[0m',
      { message: 'one \u001b[31mtwo\u001b[0m' },
    ],
  ])('%s is read without a pattern', (line, parts) => {
    expect(readEntry(line, [])).toMatchObject(parts);
  });

  test.each(['3> (word,1)', '{', '{"level":"INFO"}', '[1]', '2026-11-22 11:27:32,618 nothing'])('%j is no entry', (line) => {
    expect(readEntry(line, [])).toBeUndefined();
  });

  const alphabet = [
    '%d',
    '%p',
    '%-5level',
    '%c{1}',
    '%m',
    '%t',
    '%x',
    ' ',
    ' - ',
    '[',
    ']',
    '{',
    '}',
    '(',
    ')',
    '\\',
    '%',
    '%highlight{',
    '%d{HH:mm}',
    'a',
    '%notEmpty{',
  ];
  const pieces = [
    'INFO',
    '2026-11-22 11:27:32,618',
    ' ',
    '  ',
    '- ',
    '[',
    ']',
    'a.B',
    ':',
    '{',
    '}',
    'é',
    '\u001b[31m',
    '11:27',
    'at ',
    '"',
    ',',
  ];
  const some = (from: readonly string[], roll: (below: number) => number): string =>
    Array.from({ length: roll(14) }, () => from[roll(from.length)] ?? '').join('');

  test('no pattern and no line make it fail, and every part it reads stands in the line', () => {
    const roll = random(11);
    const invented: string[] = [];
    for (let round = 0; round < 20_000; round += 1) {
      const line = some(pieces, roll);
      const layout = layoutOf(some(alphabet, roll));
      const entry = readEntry(line, layout === undefined ? [] : [layout]);
      if (entry !== undefined && !line.includes('\u001b')) invented.push(...Object.values(entry).filter((part) => !line.includes(part)));
    }
    expect(invented).toEqual([]);
  });

  test('what a pattern writes is what is read of it', () => {
    const roll = random(12);
    const word = (): string => ['a.B', 'org.apache.Foo', 'x'][roll(3)] ?? '';
    for (let round = 0; round < 5_000; round += 1) {
      const level = ['INFO', 'WARN', 'ERROR', 'DEBUG'][roll(4)] ?? '';
      const logger = word();
      const message = some(['text', ' ', '- ', '[a]', '(b)', '1'], roll).trim();
      const width = roll(70);
      const layout = layoutOf(`%d %-5p [%t] %-${width}c - %m%n`);
      const line = `2026-11-22 11:27:32,618 ${level.padEnd(5)} [main-${roll(9)}] ${logger.padEnd(width)} - ${message}`;
      expect(layout === undefined ? undefined : readHead(line, layout)).toMatchObject({ level, logger, message });
    }
  });

  test('a line of a megabyte is looked at once', () => {
    const layout = layoutOf('[%t] %p [%c] [%x] [%X] - %m (%M) (%L)');
    expect(layout && readHead(`[${'] ['.repeat(350_000)}`, layout)).toBeUndefined();
    expect(layout && readHead(`[main] INFO [a] [] [] - ${'x ('.repeat(350_000)}y) (12)`, layout)).toMatchObject({
      level: 'INFO',
      logger: 'a',
    });
  });
});
