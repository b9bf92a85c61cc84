import { describe, expect, test } from 'vitest';
import { isAbort } from '../../src/support/problem.ts';
import { abortable, deadline, late, lifetime, timeLimit, waker, wakerWithMemory, within } from '../../src/support/waiting.ts';
import { FakeClock } from './fakes.ts';

const never = (): Promise<never> => new Promise(() => {});
const thrown = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'nothing was thrown',
    (error: unknown) => error,
  );

/** Watches the state of a promise. */
function watched(work: Promise<unknown>): { readonly state: () => string } {
  let state = 'waits';
  work.then(
    () => (state = 'done'),
    () => (state = 'failed'),
  );
  return { state: () => state };
}

describe('a lifetime', () => {
  test('ends when it is reported to, and with what it is part of', () => {
    const outer = lifetime();
    const [told, part] = [lifetime(outer.signal, undefined), lifetime(outer.signal)];
    told.end();
    expect([told.signal.aborted, part.signal.aborted, outer.signal.aborted]).toEqual([true, false, false]);
    outer.end();
    expect(part.signal.aborted).toBe(true);
  });

  test('ends with the block that uses it', () => {
    const signals: AbortSignal[] = [];
    {
      using block = lifetime();
      signals.push(block.signal);
      expect(block.signal.aborted).toBe(false);
    }
    expect(signals[0]?.aborted).toBe(true);
  });
});

test('a deadline expires at its time, unless it is called off', async () => {
  const clock = new FakeClock();
  const expired: string[] = [];
  deadline(clock, 1_000, () => expired.push('kept'));
  const callOff = deadline(clock, 1_000, () => expired.push('called off'));
  await clock.advance(999);
  expect(expired).toEqual([]);
  callOff();
  await clock.advance(1);
  expect(expired).toEqual(['kept']);
  expect(clock.waits).toEqual([]);
});

describe('a time limit', () => {
  test('aborts when the time is over, or with its caller', async () => {
    const clock = new FakeClock();
    const caller = lifetime();
    const [first, second, unlimited] = [
      timeLimit(1_000, caller.signal, clock),
      timeLimit(9_000, caller.signal, clock),
      timeLimit(undefined, caller.signal, clock),
    ];
    await clock.advance(1_000);
    expect([first, second, unlimited].map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
    caller.end();
    expect([second, unlimited].map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  test('stops its clock with its block, and aborts nothing then', () => {
    const clock = new FakeClock();
    const limit = timeLimit(1_000, undefined, clock);
    limit[Symbol.dispose]();
    expect(clock.waits).toEqual([]);
    expect(limit.signal.aborted).toBe(false);
  });
});

describe('at most so long', () => {
  test('is what came in time, and no timer is left behind', async () => {
    const clock = new FakeClock();
    expect(await within(1_000, { clock }, async () => 'here')).toBe('here');
    expect(clock.waits).toEqual([]);
  });

  test('is reported as late when the time is over, and the work hears that nobody waits', async () => {
    const clock = new FakeClock();
    let heard: AbortSignal | undefined;
    const waiting = within(1_000, { clock }, (signal) => {
      heard = signal;
      return never();
    });
    await clock.advance(1_000);
    expect(await waiting).toBe(late);
    expect(heard?.aborted).toBe(true);
  });

  test('rejects with what the work rejects with, and with an abort when the caller leaves', async () => {
    const clock = new FakeClock();
    const caller = lifetime();
    expect(await thrown(within(1_000, { clock, signal: caller.signal }, () => Promise.reject(new Error('broken'))))).toMatchObject({
      message: 'broken',
    });
    const waiting = thrown(within(1_000, { clock, signal: caller.signal }, never));
    caller.end();
    expect(isAbort(await waiting)).toBe(true);
    expect(clock.waits).toEqual([]);
  });
});

test('whoever leaves a shared wait gets an abort, and the others the result', async () => {
  const work = Promise.withResolvers<string>();
  const leaving = lifetime();
  const [left, stayed] = [thrown(abortable(work.promise, leaving.signal)), abortable(work.promise, undefined)];
  leaving.end();
  work.resolve('here');
  expect(isAbort(await left)).toBe(true);
  expect(await stayed).toBe('here');
});

describe('a sleep that can be cut short', () => {
  test('ends when it is woken, and is an abort when its session ends', async () => {
    const clock = new FakeClock();
    const session = lifetime();
    const { sleep, wake } = waker(clock);
    const [first, second] = [sleep(60_000, session.signal), sleep(90_000, session.signal)];
    wake();
    await Promise.all([first, second]);
    const third = thrown(sleep(60_000, session.signal));
    session.end();
    expect(isAbort(await third)).toBe(true);
    expect(clock.waits).toEqual([]);
  });

  test('forgets who was awake when it was woken, or remembers it for the next sleep', async () => {
    const clock = new FakeClock();
    const session = lifetime();
    const [forgetful, mindful] = [waker(clock), wakerWithMemory(clock)];
    forgetful.wake();
    mindful.wake();
    const [sleeps, ends] = [watched(forgetful.sleep(1_000, session.signal)), watched(mindful.sleep(1_000, session.signal))];
    await clock.advance(0);
    expect([sleeps.state(), ends.state()]).toEqual(['waits', 'done']);
    const again = watched(mindful.sleep(1_000, session.signal));
    await clock.advance(999);
    expect(again.state()).toBe('waits');
    await clock.advance(1);
    expect([sleeps.state(), again.state()]).toEqual(['done', 'done']);
  });
});
