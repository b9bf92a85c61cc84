import { describe, expect, test } from 'vitest';
import { compareDumps } from '../../src/inside/threads/compare.ts';
import { deadlocks } from '../../src/inside/threads/deadlock.ts';
import { filterThreads } from '../../src/inside/threads/filter.ts';
import { groupThreads } from '../../src/inside/threads/group.ts';
import { parseThread } from '../../src/inside/threads/parse.ts';
import { locksOf, type Thread } from '../../src/inside/threads/thread.ts';
import { captureText } from '../flink/rest-server.ts';
import { random } from '../support/random.ts';

interface Dump {
  readonly threadInfos: readonly { readonly threadName: string; readonly stringifiedThreadInfo: string }[];
}

/** Of a TaskManager of Flink 2.3 on Java 17. */
const captured = (JSON.parse(captureText('taskmanager-thread-dump')) as Dump).threadInfos.map(({ threadName, stringifiedThreadInfo }) =>
  parseThread({ name: threadName, text: stringifiedThreadInfo }),
);

const named = (name: string): Thread => {
  const found = captured.find((thread) => thread.name === name);
  if (found === undefined) throw new Error(`no thread ${name}`);
  return found;
};

const thread = (name: string, head: string, ...stack: readonly string[]): Thread =>
  parseThread({ name, text: `"${name}" ${head}\n${stack.map((line) => `\t${line}\n`).join('')}\n` });

describe('one thread', () => {
  test('has its state, what it waits for, and its stack without loaders and modules', () => {
    expect(named('main')).toMatchObject({
      id: 1,
      state: 'WAITING',
      native: false,
      waitsFor: 'java.util.concurrent.CompletableFuture$Signaller@438fb67a',
      owner: undefined,
      cut: false,
    });
    expect(
      named('main')
        .frames.slice(0, 2)
        .map(({ call }) => call),
    ).toEqual(['jdk.internal.misc.Unsafe.park(Native Method)', 'java.util.concurrent.locks.LockSupport.park(LockSupport.java:211)']);
    expect(named('main').frames.find(({ call }) => call.includes('Lambda'))?.call).toBe(
      'org.apache.flink.runtime.taskexecutor.TaskManagerRunner$$Lambda$189/0x00007f81af14eef0.call(Unknown Source)',
    );
  });

  test('that waits in native code has its monitors and its other locks', () => {
    const found = named('flink-9');
    expect([found.state, found.native, found.frames[2]?.locked.length]).toEqual(['RUNNABLE', true, 2]);
    expect(locksOf(found)).toEqual([
      'org.apache.flink.shaded.netty4.io.netty.channel.nio.SelectedSelectionKeySet@3e54772a',
      'sun.nio.ch.EPollSelectorImpl@5a10155c',
      'java.util.concurrent.locks.ReentrantLock$NonfairSync@25fb2511',
    ]);
  });

  test('without a stack has none', () => {
    expect(named('Signal Dispatcher')).toMatchObject({ id: 4, state: 'RUNNABLE', frames: [], synchronizers: [] });
  });

  test('that is blocked names the owner of the lock, and a stack that Flink cut is known as cut', () => {
    expect(
      thread(
        'Source: a "quoted" name Id=7 (1/2)#0',
        'Id=12 BLOCKED on java.lang.Object@1f owned by "owner Id=3" Id=40 (suspended)',
        'at app//com.shop.Enrich.map(Enrich.java:7)',
        '-  blocked on java.lang.Object@1f',
        'at com.shop.Enrich$$Lambda/0x00007f81af14eef0.run(Unknown Source)',
        '...',
      ),
    ).toMatchObject({
      id: 12,
      state: 'BLOCKED',
      suspended: true,
      waitsFor: 'java.lang.Object@1f',
      owner: { name: 'owner Id=3', id: 40 },
      cut: true,
      frames: [{ call: 'com.shop.Enrich.map(Enrich.java:7)' }, { call: 'com.shop.Enrich$$Lambda/0x00007f81af14eef0.run(Unknown Source)' }],
    });
  });

  test('whose name holds a line feed is read', () => {
    expect(thread('a\n\tat b', 'Id=5 RUNNABLE', 'at c.D.e(D.java:1)')).toMatchObject({ id: 5, frames: [{ call: 'c.D.e(D.java:1)' }] });
  });

  test.each(['', 'nothing that Java writes', '"t" Id=x WAITING', '"t"'])('with the text %j keeps its name', (text) => {
    expect(parseThread({ name: 't', text })).toMatchObject({ name: 't', id: undefined, state: 'UNKNOWN', frames: [] });
  });

  test('every captured thread was understood', () => {
    expect(captured.filter(({ id, state }) => id === undefined || state === 'UNKNOWN')).toEqual([]);
  });
});

const waits = (name: string, id: number, owner: number): Thread =>
  thread(name, `Id=${id} BLOCKED on java.lang.Object@${id} owned by "t${owner}" Id=${owner}`, 'at a.B.c(B.java:1)');

describe('a deadlock', () => {
  test('is a ring of lock owners, without those that only wait for it', () => {
    const threads = [waits('queue', 1, 2), waits('a', 2, 3), waits('b', 3, 4), waits('c', 4, 2), thread('idle', 'Id=9 RUNNABLE')];
    expect(deadlocks(threads).map((ring) => ring.map(({ name }) => name))).toEqual([['a', 'b', 'c']]);
  });

  test('is not where the owner runs, or is not in the dump', () => {
    expect(deadlocks([waits('a', 1, 2), thread('t2', 'Id=2 RUNNABLE'), waits('b', 3, 99)])).toEqual([]);
  });

  test('is found whatever the order: each ring once', () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const roll = random(seed);
      const count = 1 + roll(12);
      const owners = Array.from({ length: count }, () => roll(count + 2));
      const threads = owners.map((owner, id) => waits(`t${id}`, id, owner));
      const found = deadlocks(threads).map((ring) => ring.map(({ id }) => id));
      // On a ring is what comes back to itself.
      const onRing = owners.flatMap((_, id) => {
        let at: number | undefined = owners[id];
        for (let step = 0; step < count && at !== undefined && at !== id; step += 1) at = owners[at];
        return at === id ? [id] : [];
      });
      expect(found.flat().toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(onRing);
      for (const ring of found) for (const [nth, id] of ring.entries()) expect(owners[id ?? -1]).toBe(ring[(nth + 1) % ring.length]);
    }
  });
});

describe('threads that stand together', () => {
  test('have the same state and the same stack, whatever they wait for', () => {
    const { groups, threads } = groupThreads(captured);
    const workers = groups.find((group) => group.threads.some(({ name }) => name === 'flink-taskexecutor-io-thread-1'));
    expect(workers?.threads.map(({ name }) => name)).toEqual([1, 2, 3, 4].map((nth) => `flink-taskexecutor-io-thread-${nth}`));
    expect(groups.reduce((sum, group) => sum + group.threads.length, 0)).toBe(threads);
  });

  test('are in the order of interest: deadlocks, blocked ones, those that run, those in native code, those that wait', () => {
    const { groups } = groupThreads([
      thread('sleeper', 'Id=1 TIMED_WAITING', 'at a.B.sleep(B.java:1)'),
      thread('socket', 'Id=2 RUNNABLE (in native)', 'at a.B.read(B.java:1)'),
      thread('busy', 'Id=3 RUNNABLE', 'at a.B.loop(B.java:1)'),
      waits('blocked', 4, 3),
      waits('one', 5, 6),
      waits('other', 6, 5),
    ]);
    expect(groups.map(({ threads: [first], deadlocked }) => [first?.name, deadlocked])).toEqual([
      ['one', true],
      ['blocked', false],
      ['busy', false],
      ['socket', false],
      ['sleeper', false],
    ]);
  });
});

test('two dumps show what stands still, what moved, what is new and what is gone', () => {
  const busy = (line: number) => thread('busy', 'Id=1 RUNNABLE', `at a.B.loop(B.java:${line})`);
  const still = thread('still', 'Id=2 WAITING on a.Lock@1', 'at a.B.park(B.java:1)');
  const elsewhere = thread('still', 'Id=2 WAITING on a.Lock@2', 'at a.B.park(B.java:1)');
  const moved = compareDumps([busy(1), still, thread('old', 'Id=3 RUNNABLE')], [busy(2), elsewhere, thread('old', 'Id=4 RUNNABLE')]);
  expect(moved.map(({ kind, thread: { name, id } }) => [kind, name, id])).toEqual([
    ['moved', 'busy', 1],
    ['still', 'still', 2],
    ['new', 'old', 4],
    ['gone', 'old', 3],
  ]);
});

test('a filter looks at the name, the state, the lock and the stack', () => {
  const threads = [
    thread('Source: orders (1/2)#0', 'Id=1 RUNNABLE', 'at a.Kafka.poll(Kafka.java:1)'),
    thread('t2', 'Id=2 BLOCKED on a.Lock@1', 'at a.B.c(B.java:1)'),
  ];
  const found = (word: string) => filterThreads(threads, (text) => text.includes(word)).map(({ id }) => id);
  expect([found('orders'), found('Kafka.poll'), found('BLOCKED'), found('a.Lock@1'), found('nosuch')]).toEqual([[1], [1], [2], [2], []]);
});
