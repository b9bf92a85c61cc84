import { expect, test } from 'vitest';
import { layoutsOf } from '../../../src/inside/log/console-layouts.ts';
import { levelReader } from '../../../src/session/logs/level-reader.ts';
import { levelOf } from '../../../src/session/level-of.ts';
import { detectLevel, isContinuation } from '../../../src/session/logs/log4j.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([
  ['2026-11-22 11:27:32,618 INFO  org.apache.flink.runtime.entrypoint.ClusterEntrypoint        [] - Starting', 'INFO'],
  ['2026-11-22 11:27:32,618 WARN  org.apache.flink.x [] - text', 'WARN'],
  ['2026-11-22 11:27:32,618 ERROR org.apache.flink.x [] - text', 'ERROR'],
  ['2026-11-22 11:27:32,618 DEBUG a [] - text', 'DEBUG'],
  ['2026-11-22 11:27:32,618 TRACE a [] - text', 'TRACE'],
  ['2026-11-22 11:27:32,618 FATAL a [] - text', 'ERROR'],
  ['2026-11-22T11:27:32.618+01:00 [ERROR] a - text', 'ERROR'],
  ['2026-11-22 11:27:32 INFO a - text', 'INFO'],
  ['INFO  [] - Loading configuration property: blob.server.port, 6194', 'INFO'],
  ['\u001b[31m2026-11-22 11:27:32,618 \u001b[1mERROR\u001b[m x - text', 'ERROR'],
  ['2026-11-22 11:27:32,618 INFO', 'INFO'],
  ['2026-11-22 11:27:32,618 INFORMATION is not a level', undefined],
  ['Starting kubernetes-session as a console application on host vm.', undefined],
  ['    at org.apache.flink.Foo.bar(Foo.java:12)', undefined],
  ['12345678901234567890 INFO no stamp', undefined],
  ['', undefined],
  ['2026', undefined],
  // logback, as in Flink's logback-console.xml; its default, and that of log4j
  ['2026-11-22 11:27:32,618 [flink-pekko.actor.default-dispatcher-4] WARN  org.apache.flink.x  - text', 'WARN'],
  ['11:27:32.618 [main] ERROR org.apache.flink.x -- text', 'ERROR'],
  ['11:27:32,618 |-INFO in ch.qos.logback.classic.LoggerContext[default] - text', 'INFO'],
  // The thread first, with and without brackets
  ['[main] INFO org.apache.flink.x - text', 'INFO'],
  ['flink-pekko.actor.default-dispatcher-4 ERROR org.apache.flink.x - text', 'ERROR'],
  ['0    [main] DEBUG org.apache.flink.x  - text', 'DEBUG'],
  // The date in brackets, with words for months, with slashes, as milliseconds
  ['[2026-11-22 11:27:32,618] WARN text (kafka.server.KafkaServer)', 'WARN'],
  ['[2026-11-22T11:27:32.618Z][main][error] text', 'ERROR'],
  ['22-Nov-2026 11:27:32.618 SEVERE [main] org.apache.catalina.x text', 'ERROR'],
  ['2026/11/22 11:27:32 [error] 12#12: *1 text', 'ERROR'],
  ['1795345652.618 WARN text', 'WARN'],
  ['1795345652618 INFO text', 'INFO'],
  ['2026-11-22 11:27:32.618 +01:00 ERROR text', 'ERROR'],
  // log4j's own words before it is configured
  ['2026-11-22T11:27:32.618Z main ERROR Unable to locate appender "x"', 'ERROR'],
  ['ERROR StatusLogger No Log4j 2 configuration file found.', 'ERROR'],
  // The JVM, java.util.logging, Spring, Python, zap, klog
  ['[0.003s][warning][gc] text', 'WARN'],
  ['[info   ] text', 'INFO'],
  ['WARNING: An illegal reflective access operation has occurred', 'WARN'],
  ['2026-11-22 11:27:32.618  INFO 1 --- [           main] o.a.flink.x : text', 'INFO'],
  [' WARN [org.jboss.x] text', 'WARN'],
  ['2026-11-22 11:27:32,618 - pyflink.x - ERROR - text', 'ERROR'],
  ['ERROR:root:text', 'ERROR'],
  ['CRITICAL:root:text', 'ERROR'],
  ['2026-11-22T11:27:32.618Z\terror\tcontroller/x.go:12\ttext', 'ERROR'],
  ['E1122 11:27:32.618000       1 x.go:12] text', 'ERROR'],
  ['I1122 11:27:32.618000       1 x.go:12] text', 'INFO'],
  ['\u001b[2m2026-11-22 11:27:32\u001b[0;39m \u001b[31mERROR\u001b[0;39m x : text', 'ERROR'],
  // JSON: log4j's and ECS layouts, logback, Python, clouds, numbers of Pino
  ['{"@timestamp":"2026-11-22T11:27:32.618Z","log.level":"ERROR","message":"text"}', 'ERROR'],
  ['{"timeMillis":1,"thread":"main","level":"WARN","message":"text"}', 'WARN'],
  ['{"message":"level: \\"error\\", {\\"level\\":\\"ERROR\\"}","severity":"INFO"}', 'INFO'],
  ['{ "levelname" : "WARNING", "msg": "text" }', 'WARN'],
  ['{"log":{"level":"error"},"message":"text"}', 'ERROR'],
  ['{"level":50,"time":1,"msg":"text"}', 'ERROR'],
  ['{"level":6,"short_message":"text"}', 'INFO'],
  ['{"other":{"level":"error"},"message":"text"}', undefined],
  ['{"message":"no level"}', undefined],
  ['{', undefined],
  // logfmt
  ['time=2026-11-22T11:27:32Z level=warning msg="level=error"', 'WARN'],
  ['ts=1 caller=x.go:1 lvl=eror msg="a b" x=y', 'ERROR'],
  ['msg="level=error" level=info', 'INFO'],
  ['a=b c', undefined],
  // Prose
  ['Error in the middle: nothing', undefined],
  ['12 error messages were found', undefined],
  ['Info about ERROR codes', undefined],
  ['The job ended with ERROR', undefined],
  ['3> (ERROR,1)', undefined],
  ['2026-11-22 11:27:32 the job failed with ERROR', undefined],
  ['java.lang.Error: text', undefined],
  ['  ERROR indented', undefined],
])('the level of %j is %s', (line, level) => {
  expect(levelOf(detectLevel(bytes(line)))).toBe(level);
});

test.each([
  ['    at org.apache.flink.Foo.bar(Foo.java:12)', true],
  ['\tat x.y(Z.java)', true],
  ['Caused by: java.io.IOException: no', true],
  ['    ... 12 more', true],
  ['\tSuppressed: x', true],
  ['java.lang.OutOfMemoryError: Java heap space', true],
  ['org.apache.flink.util.FlinkException: text', true],
  ['java.lang.StackOverflowError', true],
  ['3> (word,1)', false],
  ['Error: something', false],
  ['2026-11-22 11:27:32,618 INFO  x [] - text', false],
  ['', false],
])('%j belongs to the entry before it: %s', (line, belongs) => {
  expect(isContinuation(bytes(line))).toBe(belongs);
});

test.each([
  ['%m | %c | %p', 'text | a.B | ERROR', 'ERROR'],
  ['%c: %level{length=1}: %m', 'a.B: W: text', 'WARN'],
  ['%c: %level{length=1}: %m', 'a.B: F: text', 'ERROR'],
  ['%m | %p', '2026-11-22 11:27:32,618 INFO  a [] - text of another layout', 'INFO'],
  ['%m | %p', '\tat a.b(C.java:1) | ERROR', undefined],
  ['%m | %p', 'text', undefined],
])('in the layout %s, the level of %j is %s', (pattern, line, level) => {
  const text = bytes(line);
  expect(levelOf(levelReader(layoutsOf([pattern]))(text, 0, text.length))).toBe(level);
});

test('the layouts of Flink need no second look at a line', () => {
  expect(levelReader(layoutsOf(['%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p %-60c %x - %m%n', '%d [%t] %p %c - %m']))).toBe(detectLevel);
});
