import type { Clock, Instant } from '../../support/clock.ts';
import type { Player } from './player.ts';
import type { Past, ShownStore } from './shown-store.ts';

/** Ten moments a second are as smooth as figures need to be. */
const tickMs = 100;

export interface Playing {
  readonly store: ShownStore;
  /** From here on. */
  readonly past: Past;
  readonly player: Player;
  readonly speed: number;
  /** That of now. */
  readonly clock: Clock;
  /** Nothing is known of this moment and of later ones. */
  readonly limit: () => Instant;
  readonly signal: AbortSignal;
}

/** Stands still at what is shown. */
export function standStill({ past, look }: Pick<ShownStore, 'past' | 'look'>): void {
  if (past?.session.playing !== undefined) look({ ...past, session: { ...past.session, playing: undefined } });
}

/** Shows one moment after the other, until there is none any more or something else is shown. */
export async function playOn(playing: Playing): Promise<'ended' | 'paused'> {
  try {
    return await shownOneByOne(playing);
  } finally {
    // The user has stopped waiting for it, or it cannot be read.
    standStill(playing.store);
  }
}

async function shownOneByOne({ store, past, player, speed, clock, limit, signal }: Playing): Promise<'ended' | 'paused'> {
  let [shown, from, began] = [past.at, past.at, clock.monotonic()];
  const isShown = (): boolean => store.past?.at === shown && store.past.session.playing === speed;
  const { target, spool } = past.session;
  store.look({ ...past, of: undefined, session: { ...past.session, playing: speed } });
  for (;;) {
    await clock.sleep(tickMs, signal);
    const wanted = Math.round(from + (clock.monotonic() - began) * speed);
    const next = isShown() && wanted < limit() ? await player.to(wanted) : undefined;
    if (!isShown()) return 'paused';
    if (next === undefined || next.at >= limit()) return 'ended';
    // What was not recorded is left out.
    if (next.at > wanted) [from, began] = [next.at, clock.monotonic()];
    shown = next.at;
    store.look({ at: shown, gaps: past.gaps, session: { ...next.session, target, spool, past: shown, playing: speed } });
  }
}
