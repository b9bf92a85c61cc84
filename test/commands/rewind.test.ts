import { expect, test } from 'vitest';
import { command } from '../../src/commands/model/command.ts';
import type { Rewind } from '../../src/session/recording/rewind.ts';
import { shownClock, shownStore } from '../../src/session/recording/shown-store.ts';
import type { TimelineEntry } from '../../src/session/types.ts';
import { start as T } from '../support/fake-clock.ts';
import { testStore, FakeClock } from '../support/fakes.ts';
import { job } from '../support/pods-and-jobs.ts';
import { desk, type Desk } from './desk.ts';

/** Somebody who looks at the past. */
function inThePast(
  entry: Partial<TimelineEntry> | undefined,
  { gaps = false, end }: Partial<Pick<Rewind, 'gaps' | 'end'>> = {},
): Desk & { readonly shown: (string | number)[] } {
  const shown: (string | number)[] = [];
  const step = async (direction: string): Promise<TimelineEntry | undefined> => {
    shown.push(direction);
    return entry === undefined ? undefined : { at: T - 1_000, from: 'k8s', severity: 'error', subject: undefined, text: 'boom', ...entry };
  };
  const rewind: Rewind = {
    at: T - 1_000,
    end,
    gaps,
    to: async (at) => void shown.push(at),
    step,
    live: () => void shown.push('live'),
    play: async (speed) => {
      shown.push(`${speed}x`);
      return 'ended';
    },
    pause: () => void shown.push('pause'),
  };
  return { ...desk({ rewind }), shown };
}

test('rewind shows a moment, [ and ] what went wrong, live returns', async () => {
  const { run, front, shown } = inThePast({});
  for (const line of ['rewind 5m', 'rewind', 'forward', 'live']) expect(await run(line)).toEqual({ kind: 'done' });
  expect(shown).toEqual([T - 300_000, 'back', 'forward', 'live']);
  expect(front.printed[0]).toMatch(/^This is 2026-11-22 .*\. live returns to now\.$/);
  expect(front.printed.slice(1)).toEqual([expect.stringMatching(/: boom$/), expect.stringMatching(/: boom$/), 'This is now.']);
});

test('play goes on at a speed, pause stands still, and what is not a speed is refused', async () => {
  const { run, says, front, shown } = inThePast({});
  for (const line of ['play', 'play 60x', 'play 0.5', 'pause']) expect(await run(line)).toEqual({ kind: 'done' });
  expect(shown).toEqual(['10x', '60x', '0.5x', 'pause']);
  expect(front.printed.slice(0, 2)).toEqual(['Playing at 10x. pause stands still.', 'This is now.']);
  for (const line of ['play fast', 'play 0x', 'play 1000x'])
    expect(await says(line)).toMatch(/^"\S+" is not a speed from 0\.1x to 600x\. 10x is ten times as fast as it was\.$/);
});

test('a part that was not recorded is told', async () => {
  const { run, front } = inThePast({}, { gaps: true });
  expect(await run('rewind 5m')).toEqual({ kind: 'done' });
  expect(front.printed[1]).toBe('A part of this may be older: something before it was not recorded, or is damaged.');
});

test('a recording has an end and no now, and nothing in it can be changed', async () => {
  const { run, front } = inThePast(undefined, { end: T - 1_000 });
  expect(await run('rewind 5m')).toEqual({ kind: 'done' });
  expect(await run('live')).toEqual({ kind: 'done' });
  expect(front.printed).toEqual([
    expect.stringMatching(/^This is .*\. live goes to the end of the recording\.$/),
    expect.stringMatching(/^This is .*, the end of the recording\.$/),
  ]);
  expect(await run('forward')).toMatchObject({ problem: { message: expect.stringMatching(/, the end of the recording\.$/) } });
  const store = testStore(new FakeClock());
  store.pods();
  const replayed = { ...store, get: () => ({ ...store.get(), past: T, target: { ...store.get().target, replayed: true } }) };
  expect(await desk({ store: replayed }).says('stop')).toBe('This is a recording: nothing can be changed in it.');
});

test('nothing that went wrong is said, and after the last thing it is now', async () => {
  const { run, front } = inThePast(undefined);
  expect(await run('rewind')).toMatchObject({ problem: { message: 'The timeline shows nothing that went wrong.' } });
  expect(await run('forward')).toEqual({ kind: 'done' });
  expect(front.printed).toEqual(['This is now.']);
});

test.each(['rewind 5m', 'forward', 'live', 'play', 'pause'])('%s without a recording says what it needs', async (line) => {
  expect(await desk().run(line)).toMatchObject({
    kind: 'failed',
    problem: { message: 'Only a recorded session on the full screen can be shown as it was.' },
  });
});

test('in the past nothing is changed: not by a command without arguments, nor by one with them', async () => {
  const store = testStore(new FakeClock());
  store.pods();
  store.jobs(job({ id: 'a'.repeat(32), name: 'one' }));
  const past = { ...store, get: () => ({ ...store.get(), past: T }) };
  const { says } = desk({ store: past });
  for (const line of ['stop', 'submit a.jar', 'checkpoint one'])
    expect(await says(line)).toMatch(/^This is .*, the past: nothing can be changed there\./);
  expect(await says('help')).not.toContain('the past');
});

test.each([
  ['change', 'orders, 0 s'],
  ['safe', 'orders of then, -60 s'],
] as const)('while the past is shown, a command whose danger is %s goes by %s', async (danger, expected) => {
  const clock = new FakeClock();
  const now = testStore(clock);
  now.jobs(job({ name: 'orders' }));
  const shown = shownStore(now);
  const looking = Promise.withResolvers<void>();
  const slow = command({
    name: 'slow',
    summary: 'Goes on after the user has looked away',
    group: 'jobs',
    danger,
    async run({ store, clock: its, front }) {
      await looking.promise;
      front.print([`${store.get().jobs[0]?.name}, ${(its.now() - T) / 1_000} s`]);
    },
  });
  const pieces = { store: shown, clock: shownClock(clock, shown), now: { store: now, clock }, catalogue: [slow] };
  const { plan, runner, front } = desk(pieces);
  const planned = await plan('slow');
  if (planned.kind !== 'run') throw new Error(planned.kind);
  const ended = runner.run(planned);
  shown.look({ at: T - 60_000, gaps: false, session: { ...now.get(), jobs: [job({ name: 'orders of then' })], past: T - 60_000 } });
  looking.resolve();
  expect(await ended).toEqual({ kind: 'done' });
  expect(front.printed).toEqual([expected]);
});
