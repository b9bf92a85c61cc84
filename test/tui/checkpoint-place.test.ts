import { expect, test } from 'vitest';
import { keyOf } from '../../src/session/inspections/inspections.ts';
import type { Session } from '../../src/session/types.ts';
import { checkpoint } from './checkpoint-fixtures.ts';
import { now, richSession } from './fixtures.ts';
import { ScreenUnderTest } from './harness.ts';

const orders = '9f13c2'.padEnd(32, '0');
const subject = { kind: 'checkpoints', job: orders } as const;

/** A job with forty checkpoints: Flink was told to keep that many. */
function fortyCheckpoints(): Session {
  const session = richSession();
  const facts = {
    on: true,
    counts: '40 so far: 40 completed, 0 failed',
    completed: 40,
    restored: undefined,
    latestSavepoint: undefined,
    rows: Array.from({ length: 40 }, (_, index) => checkpoint(40 - index)),
    summary: undefined,
    configuration: undefined,
  };
  return {
    ...session,
    inspections: new Map([...session.inspections, [keyOf(subject), { subject, facts, readAt: now, problem: undefined }]]),
  };
}

async function atCheckpoints(size: { readonly columns: number; readonly rows: number }): Promise<ScreenUnderTest> {
  const screen = new ScreenUnderTest({ session: fortyCheckpoints(), ...size });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.hints.seesNo('⏎ run');
  screen.type('2⏎2');
  await screen.place.sees('[2 Checkpoints]');
  return screen;
}

/** The numbers of the checkpoints whose phases may be asked for. */
const seenOf = (screen: ScreenUnderTest): readonly number[] => {
  const [found] = screen.inspected;
  if (found?.kind !== 'checkpoints') return [];
  return Array.from({ length: 40 }, (_, index) => 40 - index).filter((id) => !(found.unseen ?? []).includes(id));
};

/** The numbers in the rows of the table. */
const shownOf = (screen: ScreenUnderTest): readonly number[] =>
  screen
    .panel('Checkpoints')
    .rows()
    .flatMap((row) => /^(?:▸ +)?(\d+) /.exec(row)?.[1] ?? [])
    .map(Number);

test.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
])('the phases of the checkpoints on the screen are asked for, and of no others ($columns columns)', async (size) => {
  await using screen = await atCheckpoints(size);
  await screen.when('reads what it shows', () => seenOf(screen).length > 0 && seenOf(screen).join() === shownOf(screen).join());
  expect(seenOf(screen)[0]).toBe(40);
  screen.type('G');
  await screen.when('reads the oldest ones', () => seenOf(screen).at(-1) === 1 && seenOf(screen).join() === shownOf(screen).join());
  expect(seenOf(screen).length).toBeLessThan(20);
  screen.type('1');
  await screen.when('reads the job', () => screen.inspected.every(({ kind }) => kind === 'job'));
});
