import { expect, test } from 'vitest';
import { isOfTemplate } from '../../../src/session/logs/template-filter.ts';
import { HeldTemplates } from '../../../src/session/logs/template-reading.ts';
import { createLogView } from '../../../src/session/logs/log-view.ts';
import { LogStore } from '../../../src/session/logs/log-store.ts';
import { emptySession } from '../../../src/session/empty-session.ts';
import { logLine } from '../../support/log-line.ts';
import { target } from '../build.ts';

const frozen = { monotonic: () => 0 };

/** A clock that moves on with each look at it: a slice has room for a few looks only. */
function ticking() {
  let at = 0;
  return { monotonic: () => (at += 1) };
}

const written = (at: number, level: string, message: string) =>
  logLine(at, `2026-11-22 11:27:32,618 ${level.padEnd(5)} org.apache.flink.Thing [] - ${message}`);

function setUp(clock: { monotonic: () => number } = frozen, bounds = { maxLines: 50_000, maxBytes: 1 << 24 }) {
  const store = new LogStore({ bounds });
  const reader = { head: (line: string) => store.read(line) };
  const reading = new HeldTemplates({ store, clock, reader, pods: () => store.names });
  const counts = () => Object.fromEntries(reading.facts(0).templates.map(({ words, count }) => [words.join(' '), count]));
  const readAll = (): void => {
    do reading.advance();
    while (reading.pending > 0);
  };
  return { store, reader, reading, counts, readAll };
}

test('what the logs say is counted by template, over all pods', () => {
  const { store, counts, readAll, reading } = setUp();
  store.append('jm', [written(1, 'INFO', 'Completed checkpoint 1 (5 bytes)'), written(4, 'INFO', 'Completed checkpoint 2 (7 bytes)')]);
  store.append('tm', [written(2, 'INFO', 'Completed checkpoint 9 (8 bytes)'), written(3, 'WARN', 'Heartbeat of 3 is late')]);
  readAll();
  expect(counts()).toEqual({ 'Completed checkpoint * (* bytes)': 3, 'Heartbeat of * is late': 1 });
  expect(reading.facts(0)).toMatchObject({ entries: 4, since: 1, pending: 0, complete: true });
});

test('a trace belongs to its entry, and its exception to the template', () => {
  const { store, readAll, reading } = setUp();
  store.append('tm', [
    written(1, 'ERROR', 'Task 7 failed'),
    logLine(1, 'java.io.IOException: disk full'),
    logLine(1, '\tat com.example.Sink.write(Sink.java:7)'),
    logLine(1, 'Caused by: java.lang.IllegalStateException: no'),
    written(2, 'ERROR', 'Task 8 failed'),
    written(3, 'ERROR', 'Task 9 failed'),
  ]);
  readAll();
  expect(reading.facts(0).templates.map(({ words, exception, count }) => [words.join(' '), exception, count])).toEqual([
    ['Task * failed', 'java.io.IOException', 1],
    ['Task * failed', '', 2],
  ]);
});

test('a trace that comes a moment after its first line is not missed', () => {
  const { store, readAll, reading } = setUp();
  store.append('tm', [written(1, 'INFO', 'started')]);
  readAll();
  store.append('tm', [written(2, 'ERROR', 'Task 7 failed')]);
  reading.advance();
  store.append('tm', [logLine(2, 'java.io.IOException: disk full')]);
  readAll();
  expect(reading.facts(0).templates.at(-1)).toMatchObject({ words: ['Task', '*', 'failed'], exception: 'java.io.IOException', count: 1 });
});

test('each line is counted once, however often lines come and however short a look is', () => {
  const { store, counts, readAll, reading } = setUp(ticking());
  for (let round = 0; round < 20; round += 1) {
    for (const pod of ['a', 'b', 'c'])
      store.append(
        pod,
        Array.from({ length: 300 }, (_, index) => written(round * 1_000 + index, 'INFO', `step ${index} done`)),
      );
    reading.advance();
  }
  expect(reading.pending).toBeGreaterThan(0);
  readAll();
  expect(counts()).toEqual({ 'step * done': 20 * 3 * 300 });
});

test('lines that fall out of a full log stay counted, and those that fell out before they were read are not waited for', () => {
  const { store, counts, readAll } = setUp(frozen, { maxLines: 100, maxBytes: 1 << 24 });
  store.append(
    'tm',
    Array.from({ length: 80 }, (_, index) => written(index, 'INFO', `step ${index} done`)),
  );
  readAll();
  store.append(
    'tm',
    Array.from({ length: 500 }, (_, index) => written(100 + index, 'INFO', `step ${index} done`)),
  );
  readAll();
  expect(counts()).toEqual({ 'step * done': 180 });
});

test('a log that joins is read, and one that is forgotten stays counted', () => {
  const { store, counts, readAll } = setUp();
  store.append('a', [written(1, 'INFO', 'step 1 done')]);
  readAll();
  store.append('b', [written(2, 'INFO', 'step 2 done')]);
  store.forget('a');
  readAll();
  expect(counts()).toEqual({ 'step * done': 2 });
});

test('lines without a level are templates as well, empty ones are not', () => {
  const { store, counts, readAll } = setUp();
  store.append('tm', [
    logLine(1, 'Starting taskexecutor as a console application on host tm-1.'),
    logLine(1, ''),
    logLine(2, '  indented'),
  ]);
  readAll();
  expect(counts()).toEqual({ 'Starting taskexecutor as a console application on host *': 1 });
});

test('the lines of a template are its entries with their traces, and no others', () => {
  const { store, reader, readAll, reading } = setUp();
  store.append('tm', [
    written(1, 'ERROR', 'Task 7 failed'),
    logLine(1, 'java.io.IOException: disk full'),
    logLine(1, '\tat com.example.Sink.write(Sink.java:7)'),
    written(2, 'ERROR', 'Task 8 failed'),
    written(3, 'WARN', 'Task 9 failed'),
    logLine(3, 'java.io.IOException: disk full'),
    written(4, 'ERROR', 'Task 10 failed'),
    logLine(4, 'java.io.IOException: disk full again'),
  ]);
  readAll();
  const found = reading.facts(0).templates.find(({ level, exception }) => level === 5 && exception !== '');
  if (found === undefined) throw new Error('there is no such template');
  const view = createLogView({
    store,
    session: () => emptySession(target),
    clock: frozen,
    pods: ['tm'],
    timeline: false,
    wanted: isOfTemplate(found, reader),
  });
  while (view.pending > 0) view.advance();
  expect(Array.from({ length: view.count }, (_, index) => view.line(index)?.text.replace(/^.* - /, ''))).toEqual([
    'Task 7 failed',
    'java.io.IOException: disk full',
    '\tat com.example.Sink.write(Sink.java:7)',
    'Task 10 failed',
    'java.io.IOException: disk full again',
  ]);
});
