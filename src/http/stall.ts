import type { Clock } from '../support/clock.ts';
import { lifetime } from '../support/waiting.ts';

/** Time limits of an exchange, in milliseconds. Default: none. */
export interface Limits {
  /** Until a new connection is open. */
  readonly connectMs?: number | undefined;
  /** Between two bytes, sent or received. */
  readonly silentMs?: number | undefined;
  /** From the first byte of the request to the last byte of the answer. */
  readonly totalMs?: number | undefined;
}

/** The reason for giving up an exchange: no byte came for that long, or it was not complete after that time. */
export class Stalled extends Error {
  readonly kind: 'silent' | 'slow';
  readonly ms: number;
  readonly code = 'ETIMEDOUT';

  constructor(kind: Stalled['kind'], ms: number) {
    super(kind === 'silent' ? `no answer within ${ms} ms` : `not complete within ${ms} ms`);
    this.name = 'Stalled';
    this.kind = kind;
    this.ms = ms;
  }
}

export interface StallWatch {
  /** To be called for each piece sent or received. */
  touch(): void;
  end(): void;
}

/** Calls `expire` once one of the limits is reached, unless `end` is called before. */
export function stallWatch(
  clock: Clock,
  { silentMs = Infinity, totalMs = Infinity }: Limits,
  expire: (stalled: Stalled) => void,
): StallWatch {
  const begun = clock.monotonic();
  const watched = lifetime();
  let last = begun;
  const left = (): number => Math.min(last + silentMs, begun + totalMs) - clock.monotonic();
  const watch = async (): Promise<void> => {
    for (let ms = left(); ms > 0; ms = left()) await clock.sleep(ms, watched.signal);
    if (!watched.signal.aborted)
      expire(clock.monotonic() - last >= silentMs ? new Stalled('silent', silentMs) : new Stalled('slow', totalMs));
  };
  if (Number.isFinite(left())) {
    watch().catch(() => {
      // The exchange ended first: the watch is no longer needed.
    });
  }
  return {
    touch() {
      last = clock.monotonic();
    },
    end: watched.end,
  };
}
