import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunnerPieces } from '../../src/commands/runner.ts';
import { seen } from '../support/fake-clock.ts';
import { fakeFlink, testFront, type TestFront } from '../support/fakes.ts';
import { pod } from '../support/pods-and-jobs.ts';
import { type Desk, desk } from './desk.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-logfiles-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The first try breaks off in the middle of the second line. */
const pieces = ['one\ntw', 'o\nthree\n'];

function operator(mode: RunnerPieces['mode'] = 'tui', front?: TestFront): Desk {
  const sat = desk({
    cwd: folder,
    mode,
    ...(front === undefined ? {} : { front }),
    flink: fakeFlink({
      logFiles: async () => [{ name: 'gc.log.0', bytes: 29_000, changedAt: undefined }],
      async logFile(_process, _name, read) {
        async function* body(count: number): AsyncGenerator<Uint8Array> {
          for (const piece of pieces.slice(0, count)) yield Buffer.from(piece);
          if (count < pieces.length) throw new Error('cut');
        }
        await read(body(1)).catch(() => undefined);
        return await read(body(pieces.length));
      },
    }),
  });
  sat.store.pods(pod({ shortName: 'taskmanager-1-1' }));
  return sat;
}

test('logfiles lists the files of a process with their sizes', async () => {
  const sat = operator();
  await sat.run('logfiles tm1-1');
  expect(sat.front.views).toMatchObject([{ text: [' SIZE  CHANGED  NAME', '29 kB  -        gc.log.0'] }]);
});

test('a file is printed in lines as it is', async () => {
  const sat = operator('line');
  await sat.run('logfiles tm1-1 gc.log.0');
  expect(sat.front.views).toMatchObject([{ title: 'gc.log.0 of taskmanager-1-1', text: ['one', 'two', 'three'] }]);
});

test('on a screen a file is gone into, where it is followed', async () => {
  const entered: unknown[] = [];
  const sat = operator('tui', testFront({ enter: (subject) => void entered.push(subject) }));
  await sat.run('logfiles tm1-1 gc.log.0');
  expect(entered).toEqual([{ kind: 'log-file', process: { kind: 'taskmanager', id: 'c1-taskmanager-1-1' }, name: 'gc.log.0' }]);
});

test('a file that is to be saved or followed has to be named', async () => {
  for (const option of ['--follow', '--save x'])
    expect(await operator().says(`logfiles tm1-1 ${option}`)).toBe('Name the file as well. logfiles taskmanager-1-1 lists them.');
});

test('--follow prints what is written to a file, each line once it is whole, and reads it again only if it has grown', async () => {
  let content = 'one\ntw';
  let reads = 0;
  const sat = desk({
    mode: 'one-shot',
    flink: fakeFlink({
      logFiles: async () => (content === '' ? [] : [{ name: 'a.log', bytes: content.length, changedAt: undefined }]),
      async logFile(_process, _name, read) {
        reads += 1;
        async function* body(): AsyncGenerator<Uint8Array> {
          yield Buffer.from(content);
        }
        return await read(body());
      },
    }),
  });
  sat.store.pods(pod({ shortName: 'taskmanager-1-1' }));
  const said = sat.says('logfiles tm1-1 a.log --follow');
  const passes = async (): Promise<void> => {
    await seen(() => sat.clock.waits.includes(3_000));
    await sat.clock.advance(3_000);
    await seen(() => sat.clock.waits.includes(3_000));
  };
  await passes();
  expect([sat.front.printed, reads]).toEqual([['one'], 1]);
  content = 'one\ntwo\nthree\n';
  await passes();
  expect([sat.front.printed, reads]).toEqual([['one', 'two', 'three'], 2]);
  content = 'new\n';
  await passes();
  expect(sat.front.printed).toEqual(['one', 'two', 'three', 'new']);
  content = '';
  await sat.clock.advance(3_000);
  expect(await said).toBe('The process has no such log file any more. logfiles lists those that it has.');
});

test('a shell gets each line once, although the connection broke in the middle', async () => {
  const sat = operator('one-shot');
  await sat.run('logfiles tm1-1 gc.log.0');
  expect(sat.front.printed).toEqual(['one', 'two', 'three']);
});

test('a file is saved whole, although the connection broke in the middle', async () => {
  const sat = operator();
  await sat.run('logfiles tm1-1 gc.log.0 --save kept.log');
  expect(readFileSync(join(folder, 'kept.log'), 'utf8')).toBe(pieces.join(''));
  expect(sat.front.printed).toEqual([`Saved ${join(folder, 'kept.log')}: 14 B.`]);
  expect(sat.store.get().operations).toMatchObject([
    { title: 'Save gc.log.0 of taskmanager-1-1', state: 'succeeded', result: join(folder, 'kept.log') },
  ]);
});

test('a file of this machine is never overwritten', async () => {
  writeFileSync(join(folder, 'kept.log'), 'mine');
  expect(await operator().says('logfiles tm1-1 gc.log.0 --save kept.log')).toMatch(
    /kept\.log exists\. Name another file: nothing is overwritten\.$/,
  );
  expect(readFileSync(join(folder, 'kept.log'), 'utf8')).toBe('mine');
});

test('a folder that is not there is named', async () => {
  expect(await operator().says('logfiles tm1-1 gc.log.0 --save no/kept.log')).toMatch(
    /no\/kept\.log cannot be written: there is no folder \S*no\./,
  );
  expect(existsSync(join(folder, 'no'))).toBe(false);
});
