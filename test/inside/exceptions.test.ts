import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../src/flink/exception-types.ts';
import { exceptionHistory } from '../../src/flink/schemas/exceptions.ts';
import { failuresOf, whereWords } from '../../src/inside/exceptions/failures.ts';
import { stackLines } from '../../src/inside/exceptions/fold.ts';
import { causeWords, parseStack, rootOf } from '../../src/inside/exceptions/stack.ts';
import { parseTaskName } from '../../src/inside/exceptions/task-name.ts';

const captured = (name: string) =>
  z.parse(exceptionHistory, JSON.parse(readFileSync(new URL(`../flink/captures/${name}.json`, import.meta.url), 'utf8')));

const failed = captured('job-failed-exceptions');
const socket = captured('job-socket-exceptions');

const failure = (stacktrace: string, more: Partial<Failure> = {}): Failure => ({
  exceptionName: 'a.B',
  stacktrace,
  at: 1,
  taskName: 'map (1/2) - execution #0',
  taskManagerId: 'tm-1',
  endpoint: undefined,
  labels: {},
  concurrent: [],
  ...more,
});

describe('a stack trace', () => {
  test('is a chain whose last cause is what happened first', () => {
    const causes = parseStack(failed.failures[0]?.stacktrace ?? '');
    expect(causes.map(causeWords)).toEqual([
      'JobException: Recovery is suppressed by FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=2, backoffTimeMS=500)',
      'RuntimeException: record could not be processed',
      'IllegalStateException: layer 3 could not handle the layer below',
      'IllegalStateException: layer 2 could not handle the layer below',
      'IllegalStateException: layer 1 could not handle the layer below',
      'IOException: disk quota exceeded on /data/volume-7 (in subtask 0)',
    ]);
    expect(rootOf(causes)).toMatchObject({ className: 'java.io.IOException', shared: 16 });
  });

  test('tells the frames of the user from those of Flink and of the JDK, whatever loaded them', () => {
    const [cause] = parseStack(
      'a.B: c\n\tat app//drey.Job.map(Job.java:1)\n\tat java.base/java.lang.Thread.run(Thread.java:2)\n\tat org.apache.flink.runtime.Task.run(Task.java:3)\n\tat java.base@17.0.1/jdk.internal.Foo.bar(Unknown Source)\n\tat org.apache.kafka.Consumer.poll(C.java:4)',
    );
    expect(cause?.frames).toEqual([
      { text: 'drey.Job.map(Job.java:1)', origin: 'user' },
      { text: 'java.lang.Thread.run(Thread.java:2)', origin: 'jdk' },
      { text: 'org.apache.flink.runtime.Task.run(Task.java:3)', origin: 'flink' },
      { text: 'jdk.internal.Foo.bar(Unknown Source)', origin: 'jdk' },
      { text: 'org.apache.kafka.Consumer.poll(C.java:4)', origin: 'user' },
    ]);
  });

  test('keeps a message of several lines, and counts what was suppressed without taking it for a cause', () => {
    const causes = parseStack(
      'a.B: first line\nsecond line: more\n\tat x.Y.z(Y.java:1)\n\tSuppressed: e.F: closing failed\n\t\tat x.Y.close(Y.java:2)\n\t\t... 3 more\n\tCaused by: g.H: inner\n\t\tat x.Y.w(Y.java:3)\nCaused by: c.D\n\t... 1 more\n',
    );
    expect(causes).toEqual([
      expect.objectContaining({ className: 'a.B', message: 'first line\nsecond line: more', suppressed: 1, shared: 0 }),
      expect.objectContaining({ className: 'c.D', message: '', suppressed: 0, shared: 1 }),
    ]);
    expect(causes[0]?.frames).toHaveLength(1);
  });

  test('that is only a message has no class', () => {
    expect(parseStack('The slot was lost: try again')).toEqual([
      expect.objectContaining({ className: '', message: 'The slot was lost: try again' }),
    ]);
    expect(rootOf(parseStack(''))).toMatchObject({ className: '', message: '' });
  });

  test('is shown root cause first, with the frames of Flink and the JDK folded', () => {
    expect(stackLines(parseStack(socket.failures[0]?.stacktrace ?? ''), true)).toEqual([
      { kind: 'root', text: 'ConnectException: Connection refused' },
      { kind: 'fold', text: '10 frames of Flink and the JDK' },
      { kind: 'wrapper', text: 'JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy' },
      { kind: 'fold', text: '40 frames of Flink and the JDK' },
    ]);
    const own = stackLines(parseStack(failed.failures[1]?.stacktrace ?? ''), true);
    expect(own.slice(0, 3)).toEqual([
      { kind: 'root', text: 'IOException: disk quota exceeded on /data/volume-7 (in subtask 0)' },
      { kind: 'frame', text: 'drey.FailAfter.chain(FailAfter.java:63)', own: true },
      { kind: 'fold', text: '16 frames in common with the next exception' },
    ]);
  });

  test('is whole if it is not folded, and one foreign frame alone is not folded', () => {
    expect(stackLines(parseStack(socket.failures[0]?.stacktrace ?? ''), false).filter(({ kind }) => kind === 'frame')).toHaveLength(50);
    expect(
      stackLines(parseStack('a.B\n\tat java.lang.Integer.parse(I.java:1)\n\tat drey.Job.map(J.java:2)'), true).map(({ text }) => text),
    ).toEqual(['B', 'java.lang.Integer.parse(I.java:1)', 'drey.Job.map(J.java:2)']);
  });
});

test('a task is read from its name, in exceptions and in logs', () => {
  expect(parseTaskName('Source: a (b) -> c (2/4) - execution #3')).toEqual({
    vertex: 'Source: a (b) -> c',
    subtask: 1,
    parallelism: 4,
    attempt: 3,
  });
  expect(parseTaskName('map (1/1)#0')).toEqual({ vertex: 'map', subtask: 0, parallelism: 1, attempt: 0 });
  expect(parseTaskName('map (1/1)')).toMatchObject({ attempt: undefined });
  expect(parseTaskName('map')).toBeUndefined();
});

describe('the failures of a job', () => {
  test('have the root cause, where it happened, and how often it came', () => {
    const facts = failuresOf(failed);
    expect(facts.map(({ cause }) => cause)).toEqual(
      Array.from({ length: 3 }, () => 'IOException: disk quota exceeded on /data/volume-7 (in subtask 0)'),
    );
    expect(facts[1]).toMatchObject({ times: [1795345440517, 1795345439534, 1795345438464], gaveUp: undefined, together: [] });
    expect(facts[1]?.where).toEqual({
      task: { vertex: 'bomb -> discard: Writer', subtask: 0, parallelism: 1, attempt: 1 },
      taskManagerId: 'localhost:37761-09a4f0',
      endpoint: 'localhost:40185',
    });
  });

  test('of the same moment and class are told apart, and a new one changes none of them', () => {
    const like = (message: string): Failure => ({
      exceptionName: 'java.io.IOException',
      stacktrace: `java.io.IOException: ${message}`,
      at: 5_000,
      taskName: 'x (1/1)',
      taskManagerId: 'tm',
      endpoint: undefined,
      labels: {},
      concurrent: [],
    });
    const ids = (...messages: readonly string[]): readonly string[] =>
      failuresOf({ ...failed, failures: messages.map(like) }).map(({ id }) => id);
    expect(new Set(ids('c', 'b', 'a')).size).toBe(3);
    expect(ids('c', 'b', 'a').slice(1)).toEqual(ids('b', 'a'));
  });

  test('the one after which the job gives up happened where the failure behind it did', () => {
    expect(failuresOf(failed)[0]).toMatchObject({
      gaveUp: 'FixedDelayRestartBackoffTimeStrategy(maxNumberRestartAttempts=2, backoffTimeMS=500)',
      where: { task: { subtask: 0, attempt: 2 } },
      together: [],
    });
  });

  test('what failed at the same time is grouped by its cause', () => {
    const lost = (task: string) => ({ ...failure('x.Lost: tm-1 is gone'), taskName: task });
    const [facts] = failuresOf({
      failures: [
        failure('a.B: c', { concurrent: [lost('map (1/2) - execution #0'), failure('y.Z: other'), lost('sink (1/1) - execution #0')] }),
      ],
    });
    expect(facts?.together.map(({ cause, at }) => [cause, at.map(whereWords)])).toEqual([
      ['Lost: tm-1 is gone', ['subtask 0 of map on tm-1', 'subtask 0 of sink on tm-1']],
      ['Z: other', ['subtask 0 of map on tm-1']],
    ]);
  });

  test('numbers and ids do not make another cause, but another place in the code does', () => {
    const at = (message: string, line: number, moment: number): Failure =>
      failure(`a.B: ${message}\n\tat drey.Job.map(Job.java:${line})`, { at: moment });
    const facts = failuresOf({
      failures: [at('record 17 of 0a1b2c3d4e', 1, 30), at('record 5 of 99aa88bb77', 1, 20), at('record 5 of 99aa88bb77', 2, 10)],
    });
    expect(facts.map(({ times }) => times)).toEqual([[30, 20], [30, 20], [10]]);
  });

  test('a failure of the job as a whole has no place', () => {
    expect(failuresOf({ failures: [failure('a.B: c', { taskName: undefined, taskManagerId: undefined })] })[0]?.where).toBeUndefined();
  });
});
