import { Problem } from '../../support/problem.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { momentOf } from '../model/moment.ts';
import type { LogTime } from '../model/shown-log.ts';
import type { FrontEnd } from '../model/types.ts';

const timeWords = 'A time: 03:12, 03:12:07.5, -5m or 2026-11-22T03:12';

function timeOf({ logTime }: FrontEnd): LogTime {
  if (logTime === undefined)
    throw new Problem('usage', 'There is no log on the screen.', { hint: 'In a shell, drey logs CLUSTER takes --since and --until.' });
  return logTime;
}

export const goTo = command({
  name: 'goto',
  summary: 'Go to a time in the log',
  details:
    'The line that is nearest to that time is selected. A time of day is the latest one that has been; -5m is five minutes ago. ' +
    'Times are of the zone that the log shows: Z changes it.',
  group: 'view',
  examples: ['goto 03:12', 'goto -5m', 'goto 2026-11-22T03:12:07Z'],
  args: { time: arg.time(timeWords) },
  danger: 'safe',
  run({ clock, front }, { time }) {
    const log = timeOf(front);
    const at = momentOf(time, clock.now(), log.zone());
    if (at > clock.now()) throw new Problem('usage', `${time} is still to come.`, { hint: 'Follow the log until then.' });
    log.goTo(at);
  },
});

export const range = command({
  name: 'range',
  summary: 'Show only lines of the log from one time to another',
  details: 'The title shows the times. Esc in the log, or range off, shows all lines again.',
  group: 'view',
  examples: ['range 03:10 03:20', 'range -10m', 'range off'],
  args: { since: arg.time(`${timeWords}; or off`), until: optional(arg.time('The same; default: without an end')) },
  danger: 'safe',
  run({ clock, front }, { since: from, until: to }) {
    const log = timeOf(front);
    if (from === 'off') return log.only(undefined);
    const moment = (word: string): number => momentOf(word, clock.now(), log.zone());
    const since = moment(from);
    const until = to === undefined ? undefined : moment(to);
    if (until !== undefined && until < since)
      throw new Problem('usage', `${to} is before ${from}.`, { hint: 'Name the earlier time first; one of another day with its date.' });
    log.only({ since, until });
  },
});
