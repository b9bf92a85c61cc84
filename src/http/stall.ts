import type { Clock } from '../support/clock.ts';
import { lifetime } from '../support/waiting.ts';

/** How long an exchange may take, in milliseconds. Absent: as long as it takes. */
export interface Limits {
  /** Until a new connection is there. */
  readonly connectMs?: number | undefined;
  /** Without a byte sent or received. */
  readonly silentMs?: number | undefined;
  /** From the first byte of the request to the last one of the answer. */
  readonly totalMs?: number | undefined;
}

/** Why an exchange was given up: nothing came for that long, or it was not complete after that time. */
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
  /** A byte was sent or received. */
  touch(): void;
  end(): void;
}

/** Calls `expire` when one of the limits is reached, unless `end` is called before. */
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
      // The exchange ended first: nobody is interested in the watch any more.
    });
  }
  return {
    touch() {
      last = clock.monotonic();
    },
    end: watched.end,
  };
}
