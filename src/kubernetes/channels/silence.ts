import type { Clock } from '../../support/clock.ts';
import type { Problem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import { silenceProblem } from '../request/failures.ts';
import type { Transport } from '../request/transport.ts';

const PING_MS = 5_000;
/** The answer to a ping may wait behind data that the far side is not reading. */
const SILENT_MS = 15_000;
const SILENT_WHILE_SENDING_MS = 60_000;

/** A connection that can ping the far side. */
export interface Pinged {
  readonly isPaused: boolean;
  /** Bytes that the far side has not accepted yet. */
  readonly pending: number;
  ping(): void;
}

/**
 * Pings until `end` is called. Calls `onSilent` if `heard` is not called for 15 s, or for a minute while the far side is not reading, and again
 * with each ping for as long as that lasts.
 */
export function watchSilence(
  connection: Pinged,
  transport: Pick<Transport, 'heard' | 'server'>,
  clock: Clock,
  onSilent: (problem: Problem) => void,
): { readonly heard: () => void; readonly end: () => void } {
  const ended = lifetime();
  let heardAt = clock.monotonic();
  const watch = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(PING_MS, ended.signal);
      const silent = clock.monotonic() - heardAt;
      // While this side does not read, nothing can be heard.
      if (connection.isPaused) heardAt = clock.monotonic();
      else if (silent >= (connection.pending > 0 ? SILENT_WHILE_SENDING_MS : SILENT_MS)) onSilent(silenceProblem(transport.server, silent));
      connection.ping();
    }
  };
  watch().catch(() => {
    // The connection ended: nothing is left to watch.
  });
  return {
    heard() {
      heardAt = clock.monotonic();
      transport.heard();
    },
    end: ended.end,
  };
}
