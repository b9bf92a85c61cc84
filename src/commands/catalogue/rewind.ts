import type { TimelineEntry } from '../../session/types.ts';
import { formatDateTime } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { momentOf } from '../model/moment.ts';
import type { CommandContext } from '../model/types.ts';

function past({ rewind }: Pick<CommandContext, 'rewind'>): NonNullable<CommandContext['rewind']> {
  if (rewind === undefined)
    throw new Problem('usage', 'Only a recorded session on the full screen can be shown as it was.', {
      hint: 'The setting record must not be false.',
    });
  return rewind;
}

/** Says what is shown now, and shows the end of its log. */
function arrive({ front, rewind }: Pick<CommandContext, 'front' | 'rewind'>, line: string): void {
  front.logEnd?.();
  if (rewind?.gaps === true)
    front.print([line, 'A part of this may be older: something before it was not recorded, or is damaged.'], 'warn');
  else front.print([line]);
}

/** What comes after all that went wrong. */
const endOf = ({ end }: NonNullable<CommandContext['rewind']>): string =>
  end === undefined ? 'This is now.' : `This is ${formatDateTime(end)}, the end of the recording.`;

const told = ({ at, text }: TimelineEntry): string => `${formatDateTime(at)}: ${text}`;

export const rewind = command({
  name: 'rewind',
  summary: 'Show everything as it was at a moment; without one, when something went wrong last',
  details:
    'While drey is attached, everything that the servers tell is recorded for 14 days. rewind shows pods, jobs, the timeline, the logs and what was looked at as they were, and ages as they were then. ' +
    'Nothing can be changed there; live returns to now. [ and ] go to the thing before and after that went wrong. ' +
    'A time of day is the last one that has passed, in the time zone of the log.',
  group: 'session',
  examples: ['rewind 03:12', 'rewind 03:12:07', 'rewind 5m', 'rewind 2026-11-22T03:12'],
  args: { time: optional(arg.time('03:12, 03:12:07, 2026-11-22T03:12, or 5m: five minutes ago')) },
  danger: 'safe',
  async run(context, { time }) {
    const { front, clock, signal } = context;
    const shown = past(context);
    if (time === undefined) {
      const found = await shown.step('back', signal);
      if (found === undefined) throw new Problem('not-found', 'The timeline shows nothing that went wrong.');
      return arrive(context, told(found));
    }
    // Relative to what is shown.
    const at = momentOf(time, clock.now(), front.logTime?.zone() ?? 'local');
    await shown.to(at, signal);
    return arrive(
      context,
      `This is ${formatDateTime(at)}. live ${shown.end === undefined ? 'returns to now' : 'goes to the end of the recording'}.`,
    );
  },
});

export const forward = command({
  name: 'forward',
  summary: 'In the past: show everything when something went wrong next; after the last one, as it is now',
  group: 'session',
  danger: 'safe',
  async run(context) {
    const shown = past(context);
    if (shown.at === shown.end) throw new Problem('usage', endOf(shown), { hint: 'rewind shows the past.' });
    const found = await shown.step('forward', context.signal);
    arrive(context, found === undefined ? endOf(shown) : told(found));
  },
});

export const live = command({
  name: 'live',
  summary: 'Return from the past: show everything as it is now',
  group: 'session',
  danger: 'safe',
  run(context) {
    const shown = past(context);
    shown.live();
    arrive(context, endOf(shown));
  },
});

const speeds = { least: 0.1, usual: 10, most: 600 } as const;

function speedOf(word: string | undefined): number {
  if (word === undefined) return speeds.usual;
  const speed = /^\d+(\.\d+)?x?$/i.test(word) ? Number.parseFloat(word) : Number.NaN;
  if (speed >= speeds.least && speed <= speeds.most) return speed;
  throw new Problem('usage', `"${word}" is not a speed from ${speeds.least}x to ${speeds.most}x.`, {
    hint: '10x is ten times as fast as it was.',
  });
}

export const play = command({
  name: 'play',
  summary: 'In the past: go on from the moment that is shown, ten times as fast as it was',
  details:
    'It goes on until it is now, until pause, or until another moment is shown. Times that were not recorded are left out. P plays and pauses.',
  group: 'session',
  examples: ['play', 'play 1x', 'play 60x'],
  args: { speed: optional(arg.text('1x: as fast as it was; 60x: a minute in a second; default: 10x')) },
  danger: 'safe',
  async run(context, { speed: word }) {
    const { front, signal } = context;
    const shown = past(context);
    const speed = speedOf(word);
    if (shown.at !== undefined) front.print([`Playing at ${speed}x. pause stands still.`]);
    front.logEnd?.();
    if ((await shown.play(speed, signal)) === 'ended') arrive(context, endOf(shown));
  },
});

export const pause = command({
  name: 'pause',
  summary: 'In the past: stand still at the moment that is shown',
  group: 'session',
  danger: 'safe',
  run(context) {
    const shown = past(context);
    shown.pause();
    context.front.print([shown.at === undefined ? endOf(shown) : `This is ${formatDateTime(shown.at)}.`]);
  },
});
