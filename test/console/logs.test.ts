import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { SessionLogs } from '../../src/session/types.ts';
import { noTemplates, usualReader, settle, start, noContainer, notKept } from '../support/fakes.ts';
import { pod } from '../support/pods-and-jobs.ts';
import { pipe, type Pipe } from './pipe.ts';

const taskManager = pod({ shortName: 'taskmanager-1-1' });

/** A log that a test writes to: keeps the newest `keeps` lines. `reading`: more of it is being read from disk. */
function written(keeps = 100, reading = () => false) {
  const all: string[] = [];
  const followed: string[] = [];
  const logs: SessionLogs = {
    follow: (name) => void followed.push(name),
    unfollow: () => {},
    container: noContainer,
    ...notKept,
    reader: usualReader,
    templates: noTemplates,
    view: () => ({
      reader: usualReader,
      get version() {
        return all.length;
      },
      get count() {
        return Math.min(all.length, keeps);
      },
      get dropped() {
        return Math.max(0, all.length - keeps);
      },
      pending: 0,
      get reading() {
        return reading();
      },
      advance: () => {},
      fingerprint: () => 0,
      troublesFrom: (_, minutes) => ({ errors: new Uint32Array(minutes), warnings: new Uint32Array(minutes) }),
      line: (index) => {
        const text = all[Math.max(0, all.length - keeps) + index];
        return text === undefined ? undefined : { at: start, pod: taskManager.name, text, level: 'INFO', timeline: undefined };
      },
    }),
  };
  const say = ({ store }: Pipe, lines: readonly string[], ended = false): void => {
    all.push(...lines);
    store.tell([{ kind: 'log', at: start, log: taskManager.name, counters: { lines: all.length, bytes: 0, dropped: 0, ended } }]);
  };
  return { logs, followed, say };
}

test('logs prints what is there when it falls silent, without colours, and the next command follows', async () => {
  const { logs, followed, say } = written();
  const session = pipe({ logs });
  session.store.pods(taskManager);
  session.store.jobs();
  await session.write('logs tm1-1\nlist\n');
  expect(followed).toEqual([taskManager.name]);
  say(session, ['one', '\u001b[31mtwo\u001b[0m']);
  await session.clock.advance(400);
  say(session, ['three']);
  await session.clock.advance(2_000);
  await session.end();
  expect(await session.exit).toBe(0);
  expect(session.out().slice(1)).toEqual(['one', 'two', 'three', 'No jobs.']);
});

test('logs of a pod that is gone prints what is read of it from disk', async () => {
  let reading = true;
  const { logs, say } = written(100, () => reading);
  const session = pipe({ logs });
  session.store.pods(taskManager);
  session.store.jobs();
  say(session, [], true);
  await session.write('logs tm1-1\n');
  await settle();
  reading = false;
  say(session, ['one', 'two'], true);
  await session.clock.advance(2_000);
  await session.end();
  expect(await session.exit).toBe(0);
  expect(session.out().slice(1)).toEqual(['one', 'two']);
});

test('logs --follow goes on printing what comes, and other commands are free to run', async () => {
  const { logs, say } = written();
  const session = pipe({ logs });
  session.store.pods(taskManager);
  session.store.jobs();
  await session.write('logs tm1-1 --follow\nlist\n');
  say(session, ['one']);
  await session.clock.advance(2_000);
  say(session, ['two']);
  await settle();
  await session.write('quit\n');
  expect(await session.exit).toBe(0);
  say(session, ['after']);
  expect(session.out().slice(1)).toEqual(['one', 'No jobs.', 'two']);
});

test('logs --follow prints a line that comes at the same moment as another one', async () => {
  const { logs, say } = written();
  const session = pipe({ logs });
  session.store.pods(taskManager);
  session.store.jobs();
  await session.write('logs tm1-1 --follow\n');
  say(session, ['one']);
  await session.clock.advance(2_000);
  say(session, ['two']);
  say(session, ['three']);
  await settle();
  expect(session.out().slice(1)).toEqual(['one', 'two', 'three']);
  await session.write('quit\n');
  await session.exit;
});

test('a log that has ended is printed at once, and lines that are no longer kept are counted', async () => {
  const { logs, say } = written(2);
  const session = pipe({ logs });
  session.store.pods(taskManager);
  session.store.jobs();
  say(session, ['one', 'two', 'three'], true);
  await session.write('logs tm1-1\n');
  await session.end();
  expect(await session.exit).toBe(0);
  expect(session.out().slice(1)).toEqual(['two', 'three']);
  expect(session.err()).toEqual(['1 older lines are no longer kept.']);
});

test('a log without a line does not hold the next command for ever', async () => {
  const { logs } = written();
  const session = pipe({ logs });
  session.store.pods(taskManager);
  session.store.jobs();
  await session.write('logs tm1-1\nlist\n');
  await session.clock.advance(60_000);
  await session.end();
  expect(await session.exit).toBe(0);
  expect(session.err()).toEqual(['The log has no lines yet, or cannot be read now.']);
  expect(session.out()).toContain('No jobs.');
});

test('while nobody reads, nothing piles up: what the log no longer keeps is counted when reading goes on', async () => {
  const { logs, say } = written(50);
  const read: string[] = [];
  let goOn: (() => void) | undefined;
  // A pipe that takes little, and is read only when the test says so.
  const stdout = new Writable({
    highWaterMark: 200,
    write(chunk: Buffer, _encoding, done) {
      read.push(
        ...chunk
          .toString()
          .split('\n')
          .filter((line) => line !== ''),
      );
      goOn = done;
    },
  });
  const readAll = async (): Promise<void> => {
    for (; goOn !== undefined; await settle()) {
      const next = goOn;
      goOn = undefined;
      next();
    }
  };
  const session = pipe({ logs, stdout });
  session.store.pods(taskManager);
  session.store.jobs();
  await session.write('logs tm1-1 --follow\n');
  say(session, ['line 0']);
  await session.clock.advance(2_000);
  await readAll();
  for (let batch = 0; batch < 100; batch += 1) {
    say(
      session,
      Array.from({ length: 100 }, (_, line) => `line ${batch * 100 + line + 1}`),
    );
    await settle();
  }
  expect(stdout.writableLength).toBeLessThan(1_000);
  const held = read.length;
  await readAll();
  expect(read.at(-1)).toBe('line 10000');
  expect(read.length - held).toBeLessThan(200);
  expect(session.err().join()).toMatch(/\d{4} older lines are no longer kept\./);
  await session.end();
  session.interrupt();
  await session.exit;
});
