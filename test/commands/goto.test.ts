import { describe, expect, test } from 'vitest';
import { momentOf } from '../../src/commands/model/moment.ts';
import type { LogTime } from '../../src/commands/model/shown-log.ts';
import type { Zone } from '../../src/support/format.ts';
import { sentence } from '../../src/support/problem.ts';
import { testFront } from '../support/fakes.ts';
import { desk } from './desk.ts';

/** A Sunday in November, at 11:34:20.500 UTC. */
const now = Date.UTC(2026, 10, 22, 11, 34, 20, 500);
const typed = (word: string, zone: Zone = 'utc'): string => new Date(momentOf(word, now, zone)).toISOString();

describe('a time', () => {
  test.each([
    ['-5m', '2026-11-22T11:29:20.500Z'],
    ['90s', '2026-11-22T11:32:50.500Z'],
    ['3:12', '2026-11-22T03:12:00.000Z'],
    ['03:12:07.5', '2026-11-22T03:12:07.500Z'],
    ['11:34:20', '2026-11-22T11:34:20.000Z'],
    ['11:35', '2026-11-21T11:35:00.000Z'],
    ['2026-11-20', '2026-11-20T00:00:00.000Z'],
    ['2026-11-20T03:12', '2026-11-20T03:12:00.000Z'],
    ['2026-11-20T03:12:00+01:00', '2026-11-20T02:12:00.000Z'],
  ])('%s is %s', (word, moment) => expect(typed(word)).toBe(moment));

  test('of day is that of this machine unless the log shows UTC', () => {
    const date = new Date(momentOf('3:12', now, 'local'));
    expect([date.getHours(), date.getMinutes()]).toEqual([3, 12]);
  });

  test.each(['soon', '25:00', '3:60', '-5', '-5 parsecs', '2026-13-01', ''])('"%s" is none, and examples are named', async (word) => {
    await expect(async () => momentOf(word, now, 'utc')).rejects.toSatisfy(
      (error) => sentence(error) === `"${word}" is not a time. Write 03:12, 03:12:07.5, -5m or 2026-11-22T03:12.`,
    );
  });
});

describe('goto and range', () => {
  function operator() {
    const done: unknown[] = [];
    const logTime: LogTime = { zone: () => 'utc', goTo: (at) => done.push(at), only: (range) => done.push(range) };
    return { ...desk({ front: testFront({ logTime }) }), done };
  }

  test('lead to a time ago, a time of day, a span, and back to all lines', async () => {
    const { run, done, clock } = operator();
    const at = clock.now();
    await run('goto -5m');
    await run('goto 5m');
    await run('range -10m');
    await run('range -10m -5m');
    await run('range off');
    const minute = 60_000;
    expect(done).toEqual([
      at - 5 * minute,
      at - 5 * minute,
      { since: at - 10 * minute, until: undefined },
      { since: at - 10 * minute, until: at - 5 * minute },
      undefined,
    ]);
  });

  test('refuse what is still to come, a span that ends before it begins, and a session without a screen', async () => {
    const { says, clock } = operator();
    const tomorrow = new Date(clock.now() + 86_400_000).toISOString();
    expect(await says(`goto ${tomorrow}`)).toBe(`${tomorrow} is still to come. Follow the log until then.`);
    expect(await says('range -5m -10m')).toBe('-10m is before -5m. Name the earlier time first; one of another day with its date.');
    expect(await desk({ mode: 'line' }).says('goto -5m')).toBe(
      'There is no log on the screen. In a shell, drey logs CLUSTER takes --since and --until.',
    );
  });
});
