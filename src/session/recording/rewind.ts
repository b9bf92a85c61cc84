import type { Clock, Instant } from '../../support/clock.ts';
import { formatDateTime, formatSpan } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import type { Session, TimelineEntry } from '../types.ts';
import { Player, silenceMs } from './player.ts';
import { playOn, standStill } from './play-on.ts';
import { firstRecorded, type Moment, momentAt } from './moment.ts';
import type { Recorder } from './recorder.ts';
import type { Past, ShownStore } from './shown-store.ts';

/** Shows the recorded session as it was. */
export interface Rewind {
  /** The moment that is shown; undefined: now. */
  readonly at: Instant | undefined;
  /** The last moment of a recording that is replayed: nothing comes after it. Undefined: the session goes on. */
  readonly end: Instant | undefined;
  /** A part of what is shown may be older: something was not recorded, or is damaged. */
  readonly gaps: boolean;
  /** Throws a `Problem` of kind `not-found` if nothing was recorded then. */
  to(at: Instant, signal?: AbortSignal): Promise<void>;
  /** To the thing before or after what is shown that went wrong; past the last one, to now or to the end. Undefined: there is none before. */
  step(direction: 'back' | 'forward', signal?: AbortSignal): Promise<TimelineEntry | undefined>;
  /** Goes on from what is shown, this many times as fast as it was. Resolves when it has ended: at the end of it all, or where it was paused. */
  play(speed: number, signal: AbortSignal): Promise<'ended' | 'paused'>;
  /** Stands still at what is shown. */
  pause(): void;
  live(): void;
}

export interface RewindOptions {
  readonly store: ShownStore;
  /** Of the cluster. */
  readonly folder: string;
  /** That of now. */
  readonly clock: Clock;
  /** Of the session that is being recorded; undefined: a recording is replayed. */
  readonly recorder: Pick<Recorder, 'flush'> | undefined;
  /** The end of a recording that is replayed, which is shown in the place of now. */
  readonly end?: Past | undefined;
}

/** Kubernetes stamps whole seconds, and what happened has to be told: a second later it can be seen. */
const visibleMs = 1_000;

const wentWrong = ({ timeline }: Session): readonly TimelineEntry[] =>
  timeline.filter(({ severity }) => severity !== 'info').toSorted((a, b) => a.at - b.at);

const lastBefore = (session: Session, from: Instant): TimelineEntry | undefined => wentWrong(session).findLast(({ at }) => at < from);

/** What went wrong in earlier sessions: the timeline of one begins when it is attached. */
async function recordedBefore(folder: string, from: Instant, signal: AbortSignal | undefined): Promise<TimelineEntry | undefined> {
  const seen = new Set<string>();
  for (;;) {
    const found = await momentAt({ folder, at: from, without: seen, signal });
    const entry = found === undefined ? undefined : lastBefore(found.session, from);
    if (found === undefined || entry !== undefined) return entry;
    seen.add(found.by);
  }
}

const pastOf = ({ session, gaps }: Moment, at: Instant): Past => ({ at, gaps, session: { ...session, past: at } });

/** A moment of a recording without a connection to its cluster: what was on here then is not on now. */
export function replayed(moment: Moment, at: Instant): Past {
  const past = pastOf(moment, at);
  return { ...past, session: { ...past.session, target: { ...past.session.target, replayed: true }, spool: undefined } };
}

export function createRewind({ store, folder, clock, recorder, end }: RewindOptions): Rewind {
  /** Nothing is known of this moment and of later ones. */
  const limit = (): Instant => (end === undefined ? clock.now() : end.at + 1);
  const leave = (): void => store.look(end);
  const to = async (at: Instant, signal?: AbortSignal, of?: Instant): Promise<void> => {
    if (at >= limit())
      throw new Problem('usage', `${formatDateTime(at)} is ${end === undefined ? 'not in the past' : 'after the end of the recording'}.`);
    // The session was left at that moment, and is shown as it was just before.
    if (end !== undefined && at === end.at) return store.look({ ...end, of });
    await recorder?.flush();
    const found = await momentAt({ folder, at, signal });
    signal?.throwIfAborted();
    if (found === undefined) {
      const begin = await firstRecorded(folder);
      throw new Problem('not-found', `Nothing of this cluster was recorded before ${formatDateTime(at)}.`, {
        hint:
          begin === undefined
            ? 'A session is recorded while drey is attached, unless the setting record is false.'
            : `The recording begins at ${formatDateTime(begin)}.`,
      });
    }
    if (found.left || at - found.recordedAt > silenceMs)
      throw new Problem('not-found', `Nothing was recorded at ${formatDateTime(at)}: drey was not attached.`, {
        hint: `The last moment before it is ${formatDateTime(found.recordedAt)}, ${formatSpan(at - found.recordedAt)} earlier.`,
      });
    store.look(end === undefined ? { ...pastOf(found, at), of } : { ...replayed(found, at), of });
  };
  const toEntry = ({ at }: TimelineEntry, signal: AbortSignal | undefined): Promise<void> =>
    to(Math.min(at + visibleMs, limit() - 1), signal, at);
  return {
    async play(speed, signal) {
      const { past } = store;
      if (past === undefined) throw new Problem('usage', 'This is now.', { hint: 'rewind shows the past, and play goes on from there.' });
      const flush = async (): Promise<void> => recorder?.flush();
      await flush();
      const by = (await momentAt({ folder, at: past.at, signal }))?.by;
      await using player = new Player({ session: past.session, by }, past.at, { folder, clock, flush, signal });
      const how = await playOn({ store, past, player, speed, clock, limit, signal });
      if (how === 'ended') leave();
      return how;
    },
    pause: () => standStill(store),
    get at() {
      return store.past?.at;
    },
    end: end?.at,
    get gaps() {
      return store.past?.gaps === true;
    },
    to: (at, signal) => to(at, signal),
    async step(direction, signal) {
      const { past } = store;
      const from = past?.of ?? past?.at ?? clock.now();
      if (direction === 'back') {
        const before = lastBefore(store.get(), from) ?? (await recordedBefore(folder, from, signal));
        if (before !== undefined) await toEntry(before, signal);
        return before;
      }
      const next = wentWrong(store.live.get()).find(({ at }) => at > from);
      if (next === undefined) leave();
      else await toEntry(next, signal);
      return next;
    },
    live: leave,
  };
}
