import { expect, test } from 'vitest';
import { detectLevel, isContinuation, levelOf } from '../../../src/session/logs/log4j.ts';

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
])('the level of %j is %s', (line, level) => {
  expect(levelOf(detectLevel(bytes(line)))).toBe(level);
});

test.each([
  ['    at org.apache.flink.Foo.bar(Foo.java:12)', true], ['\tat x.y(Z.java)', true], ['Caused by: java.io.IOException: no', true], ['    ... 12 more', true],
  ['\tSuppressed: x', true], ['java.lang.OutOfMemoryError: Java heap space', true], ['org.apache.flink.util.FlinkException: text', true], ['java.lang.StackOverflowError', true],
  ['3> (word,1)', false], ['Error: something', false], ['2026-11-22 11:27:32,618 INFO  x [] - text', false], ['', false],
])('%j belongs to the entry before it: %s', (line, belongs) => {
  expect(isContinuation(bytes(line))).toBe(belongs);
});
