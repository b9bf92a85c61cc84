import { expect, test } from 'vitest';
import { nextRound, type Contender } from '../../../src/session/feeds/log-ranking.ts';
import { podOf } from '../build.ts';

interface Named extends Contender {
  readonly name: string;
}

/** `tm3`: a TaskManager, three seconds younger than the first; `jm`: a JobManager; `!`: asked for, each `!` later. */
function contender(name: string): Named {
  const [, kind = '', seconds = '0', calls = ''] = /^(tm|jm)(\d*)(!*)$/.exec(name) ?? [];
  return {
    name,
    asked: calls.length,
    pod: podOf(name, { role: kind === 'jm' ? 'jobmanager' : 'taskmanager', createdAt: Number(seconds) * 1_000 }),
  };
}
const contenders = (names: string): readonly Named[] => names.split(' ').filter(Boolean).map(contender);
const names = (list: readonly Named[]): string => list.map(({ name }) => name).join(' ');

test.each([
  { what: 'nobody waits', waiting: '', followed: 'tm1', places: 3, start: '', stop: '', rest: 'none' },
  { what: 'there is room for all', waiting: 'tm1 tm2', followed: 'tm3', places: 3, start: 'tm2 tm1', stop: '', rest: 'none' },
  {
    what: 'asked for, then JobManagers, then the young',
    waiting: 'tm1 tm9 jm tm5!',
    followed: '',
    places: 9,
    start: 'tm5! jm tm9 tm1',
    stop: '',
    rest: 'none',
  },
  { what: 'of two that were asked for, the later', waiting: 'tm1!! tm9!', followed: '', places: 1, start: 'tm1!!', stop: '', rest: 'tm9!' },
  {
    what: 'a JobManager takes the place of the oldest TaskManager',
    waiting: 'jm',
    followed: 'tm2 tm1 tm3',
    places: 3,
    start: 'jm',
    stop: 'tm1',
    rest: 'none',
  },
  { what: 'age alone takes no place', waiting: 'tm9', followed: 'tm1', places: 1, start: '', stop: '', rest: 'tm9' },
  {
    what: 'what was asked for takes the place of a JobManager',
    waiting: 'tm1!',
    followed: 'jm',
    places: 1,
    start: 'tm1!',
    stop: 'jm',
    rest: 'none',
  },
  { what: 'but not of what was asked for later', waiting: 'tm1!', followed: 'tm2!!', places: 1, start: '', stop: '', rest: 'tm1!' },
  {
    what: 'one round starts four',
    waiting: 'tm1 tm2 tm3 tm4 tm5',
    followed: '',
    places: 9,
    start: 'tm5 tm4 tm3 tm2',
    stop: '',
    rest: 'more',
  },
  { what: 'more are followed than there are places', waiting: 'tm9', followed: 'tm1 tm2', places: 1, start: '', stop: '', rest: 'tm9' },
])('$what', ({ waiting, followed, places, start, stop, rest }) => {
  const round = nextRound(contenders(waiting), contenders(followed), places);
  expect({
    start: names(round.start),
    stop: names(round.stop),
    rest: typeof round.rest === 'string' ? round.rest : round.rest.name,
  }).toEqual({ start, stop, rest });
});
